//! The correspondence of parts in the cells of the paper's table, and the tests in rows of our own.

use super::correspondence_of_parts::{Finding, LAYER5, LAYER7, ROWS};
use super::parts_csv::subject;
use lab::Table;

/// Records the mean distances of draws of five for the first setting, and the p-values over all dogs for every setting of the first seed.
pub fn record(table: &mut Table, findings: &[Finding]) {
    let first = &findings[0];
    for finding in findings {
        let number = match finding.layer {
            LAYER5 => 5,
            LAYER7 => 7,
            _ => continue,
        };
        let first_seed = finding.setting.seed == first.setting.seed;
        if of_the_table(finding, first) {
            record_rows(table, finding, &format!("layer {number}"), first_seed);
        }
        if first_seed {
            record_p(table, finding, &format!("p at layer {number}"));
        }
    }
}

fn of_the_table(finding: &Finding, first: &Finding) -> bool {
    let of = |finding: &Finding| (finding.setting.net, finding.setting.dogs, finding.setting.side);
    of(finding) == of(first) && finding.zeros == first.zeros
}

fn record_rows(table: &mut Table, finding: &Finding, column: &str, first_seed: bool) {
    for (row, draws) in ROWS.iter().zip(&finding.five) {
        let means: Vec<f64> = draws.iter().flatten().copied().collect();
        if !means.is_empty() {
            table.mean(row, column, &means);
            let draws = "draws of five dogs that share dogs, so the interval is too narrow";
            table.note(row, column, &format!("{}; {draws}", subject(finding)));
        } else if first_seed {
            table.not_run(row, column, "no two dogs to compare, or no room for the place");
        }
    }
}

fn record_p(table: &mut Table, finding: &Finding, column: &str) {
    let row = subject(finding);
    match (finding.tests[0], finding.all[0]) {
        (Some(test), Some(pairs)) => table.value(&row, column, test.p, pairs.pairs),
        _ => table.not_run(&row, column, "no feature changes in two dogs"),
    }
}
