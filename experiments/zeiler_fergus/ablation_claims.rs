//! What Table 3 says of each layer's worth, in words.

use super::ablations::UNCHANGED;
use core_net::train::Misread;

/// What a net misread of the validation images, seed by seed.
pub struct Judged {
    /// Its row.
    pub row: &'static str,
    /// For each seed.
    pub seeds: Vec<Misread>,
}

/// A claim: the second row misreads more images than the first.
struct Claim {
    says: &'static str,
    less: &'static str,
    more: &'static str,
    /// By how many points in the paper's table.
    paper: f64,
}

const REMOVED: [&str; 3] = [
    "Krizhevsky replication: Removed layers 3,4",
    "Krizhevsky replication: Removed layers 6,7",
    "Krizhevsky replication: Removed layers 3,4,6,7",
];

/// **Paper** §4.4 and Table 3, validation top-1 errors.
const CLAIMS: [Claim; 5] = [
    Claim { says: "taking out layers 3 and 4 costs", less: UNCHANGED[0], more: REMOVED[0], paper: 4.9 },
    Claim { says: "taking out layers 6 and 7 costs", less: UNCHANGED[0], more: REMOVED[1], paper: 4.3 },
    Claim {
        says: "taking out layers 3, 4, 6 and 7 costs",
        less: UNCHANGED[0],
        more: REMOVED[2],
        paper: 30.8,
    },
    Claim { says: "the finer first layer is worth", less: UNCHANGED[1], more: UNCHANGED[0], paper: 2.1 },
    Claim {
        says: "more maps in layers 3, 4 and 5 are worth",
        less: "Our Model (Fig. 3): Adjust layers 3,4,5: 512,1024,512 maps",
        more: UNCHANGED[1],
        paper: 0.9,
    },
];

/// The page: a sentence for each claim, and one on what the four layers are worth together.
///
/// # Panics
/// If a row of a claim was not judged.
pub fn page_on_ablations(judged: &[Judged]) -> String {
    let mut lines = vec!["# zeiler_fergus/table3: what is each layer worth?\n".to_owned(), METHOD.to_owned()];
    lines.extend(CLAIMS.iter().map(|claim| format!("- {}", sentence(judged, claim))));
    lines.push(format!("- {}", together(judged)));
    lines.join("\n") + "\n"
}

const METHOD: &str = "Differences of top-1 errors on the validation images, with 95 % intervals from the counts of both nets as if their images were different ones, which is wider than need be.\nThey do not contain what another seed would change; where there are several seeds, each one's difference stands beside.\n";

/// Whether all four layers cost more than both pairs do in sum.
fn together(judged: &[Judged]) -> String {
    let [none, middle, dense, all] =
        [UNCHANGED[0], REMOVED[0], REMOVED[1], REMOVED[2]].map(|row| rate(seeds(judged, row)));
    let pairs = middle.0 + dense.0 - 2.0 * none.0;
    let half = 1.96 * (none.1 + middle.1 + dense.1 + all.1).sqrt();
    let verdict = verdict(all.0 - none.0 - pairs, half);
    format!(
        "That all four cost more than the two pairs in sum {verdict}: {:.1} points and {pairs:.1}; the paper's table has 30.8 and 9.2.",
        all.0 - none.0
    )
}

/// By a difference and half the width of its interval.
fn verdict(difference: f64, half: f64) -> &'static str {
    match (difference - half > 0.0, difference + half < 0.0) {
        (true, _) => "holds",
        (_, true) => "is reversed here",
        _ => "is neither seen nor excluded here",
    }
}

fn sentence(judged: &[Judged], claim: &Claim) -> String {
    let (difference, half) = points(judged, claim);
    let verdict = verdict(difference, half);
    let [less, more] = [claim.less, claim.more].map(|row| seeds(judged, row));
    let pairs: Vec<String> =
        (less.iter().zip(more)).map(|(a, b)| format!("{:.1}", rate(&[*b]).0 - rate(&[*a]).0)).collect();
    let each = if pairs.len() > 1 { format!(", seed by seed {}", pairs.join(", ")) } else { String::new() };
    format!(
        "That {} something {verdict}: {difference:.1} points [{:.1}, {:.1}]{each}; the paper's table has {:.1}.",
        claim.says,
        difference - half,
        difference + half,
        claim.paper
    )
}

/// By how many points the second row misreads more, and half the width of the 95 % interval.
fn points(judged: &[Judged], claim: &Claim) -> (f64, f64) {
    let [(less, a), (more, b)] = [claim.less, claim.more].map(|row| rate(seeds(judged, row)));
    (more - less, 1.96 * (a + b).sqrt())
}

/// The rate over all seeds in %, and its variance.
fn rate(seeds: &[Misread]) -> (f64, f64) {
    let (wrong, n) = seeds.iter().fold((0, 0), |(wrong, n), seen| (wrong + seen.top1, n + seen.n));
    let rate = wrong as f64 / n as f64;
    (100.0 * rate, 1e4 * rate * (1.0 - rate) / n as f64)
}

fn seeds<'a>(judged: &'a [Judged], row: &str) -> &'a [Misread] {
    &judged.iter().find(|judged| judged.row == row).expect("every claim's rows are judged").seeds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(row: &'static str, errors: &[usize]) -> Judged {
        let seeds = errors.iter().map(|&top1| Misread { top1, top5: 0, n: 5000 });
        Judged { row, seeds: seeds.collect() }
    }

    #[test]
    fn a_claim_holds_is_reversed_or_stays_open_by_its_interval() {
        let rows = [
            judged(UNCHANGED[0], &[3000, 3010]),
            judged(REMOVED[0], &[3200, 3190]),
            judged(REMOVED[1], &[2700, 2720]),
            judged(REMOVED[2], &[4000, 4000]),
            judged(UNCHANGED[1], &[3001, 2999]),
            judged(CLAIMS[4].less, &[2800, 2800]),
        ];
        let page = page_on_ablations(&rows);
        let line = |part: &str| page.lines().find(|line| line.contains(part)).expect(part).to_owned();
        assert_eq!(
            line("layers 3 and 4 costs"),
            "- That taking out layers 3 and 4 costs something holds: 3.8 points [2.5, 5.1], seed by seed 4.0, 3.6; the paper's table has 4.9."
        );
        assert!(line("layers 6 and 7 costs").contains("is reversed here: -5.9 points [-7.3, -4.5]"));
        assert!(line("finer first layer").contains("is neither seen nor excluded here"));
        assert!(line("That all four cost more").contains("holds: 19.9 points and -2.1;"), "{page}");
    }
}
