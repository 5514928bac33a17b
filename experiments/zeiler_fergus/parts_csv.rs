//! The distances and tests of hidden parts as CSV files.

use super::correspondence_of_parts::{Finding, LEVEL, ROWS};
use super::hidden_parts::{LAYERS, PARTS};
use anyhow::Result;
use correspondence::Zeros;
use statistics::Comparison;

const PLACE: [&str; 6] = ["seed", "net", "dogs", "occluder", "zeros", "layer"];
/// Parts compared with random ones.
const TESTED: [&str; 4] = ["all three", PARTS[0].0, PARTS[1].0, PARTS[2].0];

/// The convention on zeros, as text.
pub fn words(zeros: Zeros) -> &'static str {
    match zeros {
        Zeros::ThirdSign => "zeros a third sign",
        Zeros::LeftOut => "zeros left out",
    }
}

/// Net, dogs, occluder and convention, as text.
pub fn subject(finding: &Finding) -> String {
    let setting = finding.setting;
    format!("{}, {}, occluder {}, {}", setting.net, setting.dogs, setting.side, words(finding.zeros))
}

/// The sign distance of each row of the table: over all dogs, mean and deviation of the pairs; over draws of five, mean and deviation of the draws' means.
///
/// # Errors
/// When a line cannot be written.
pub fn consistencies(findings: &[Finding]) -> Result<Vec<u8>> {
    let mut lines = csv::Writer::from_writer(Vec::new());
    lines.write_record(PLACE.iter().chain(&["part", "of", "mean", "deviation", "n", "changed features"]))?;
    for finding in findings {
        for (row, part) in ROWS.iter().enumerate() {
            if let Some(all) = finding.all[row] {
                let changed = finding.changed[row].map_or(String::new(), |changed| changed.to_string());
                let numbers =
                    [all.mean.to_string(), all.deviation.to_string(), all.pairs.to_string(), changed];
                lines.write_record(place(finding, part, "all dogs").into_iter().chain(numbers))?;
            }
            let draws: Vec<f64> = finding.five[row].iter().flatten().copied().collect();
            if let Some((mean, deviation)) = moments(&draws) {
                let numbers =
                    [mean.to_string(), deviation.to_string(), draws.len().to_string(), String::new()];
                lines.write_record(place(finding, part, "draws of five").into_iter().chain(numbers))?;
            }
        }
    }
    Ok(lines.into_inner()?)
}

/// The permutation tests: over all dogs, of all named parts and of each; over draws of five, the median p and how many draws reach the level.
///
/// # Errors
/// When a line cannot be written.
pub fn tests(findings: &[Finding]) -> Result<Vec<u8>> {
    let mut lines = csv::Writer::from_writer(Vec::new());
    let columns = ["part", "of", "random minus named", "p", "permutations", "p at most 0.05", "tests"];
    lines.write_record(PLACE.iter().chain(&columns))?;
    for finding in findings {
        let each = TESTED.iter().zip(finding.tests.chunks(1));
        let each = each.map(|(part, test)| (*part, "all dogs", test));
        for (part, of, found) in each.chain([(TESTED[0], "draws of five", &finding.tests_of_five[..])]) {
            let found: Vec<Comparison> = found.iter().flatten().copied().collect();
            let differences: Vec<f64> = found.iter().map(|test| test.difference).collect();
            let Some((difference, _)) = moments(&differences) else { continue };
            let reached = found.iter().filter(|test| test.p <= LEVEL).count();
            let [permutations, reached, n] = [found[0].permutations, reached, found.len()];
            let numbers = [difference.to_string(), median_p(&found).to_string()];
            let counts = [permutations, reached, n].map(|count| count.to_string());
            lines.write_record(place(finding, part, of).into_iter().chain(numbers).chain(counts))?;
        }
    }
    Ok(lines.into_inner()?)
}

/// The columns of every line.
fn place(finding: &Finding, part: &str, of: &str) -> [String; 8] {
    let setting = &finding.setting;
    let (net, dogs, layer) = (setting.net, setting.dogs, LAYERS[finding.layer].0);
    let (seed, side) = (setting.seed.to_string(), setting.side.to_string());
    [&seed, net, dogs, &side, words(finding.zeros), layer, part, of].map(String::from)
}

/// Mean and standard deviation; none of nothing.
fn moments(values: &[f64]) -> Option<(f64, f64)> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (!values.is_empty()).then(|| (mean, (squares / (n - 1.0).max(1.0)).sqrt()))
}

/// The middle one, of an even number the larger.
fn median_p(tests: &[Comparison]) -> f64 {
    let mut ps: Vec<f64> = tests.iter().map(|test| test.p).collect();
    ps.sort_by(f64::total_cmp);
    ps[ps.len() / 2]
}
