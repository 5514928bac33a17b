//! Conclusions from Table 3 on each layer's contribution, as sentences.

use super::ablations::{REMOVED, UNCHANGED};
use statistics::student;
use training::TopKErrors;

/// Validation errors of a net, seed by seed.
pub struct SeedErrors {
    /// Its row.
    pub row: &'static str,
    /// For each seed.
    pub seeds: Vec<TopKErrors>,
}

/// A claim: the second row has a higher error than the first.
struct Claim {
    says: &'static str,
    less: &'static str,
    more: &'static str,
    /// By how many points in the paper's table.
    paper: f64,
}

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

/// The page: a sentence for each claim, and one on the four layers together.
///
/// # Panics
/// If the errors of a claim's row are missing.
pub fn page_on_ablations(errors: &[SeedErrors]) -> String {
    let mut lines = vec!["# zeiler_fergus/table3: what is each layer worth?\n".to_owned(), METHOD.to_owned()];
    lines.extend(CLAIMS.iter().map(|claim| format!("- {}", sentence(errors, claim))));
    lines.push(format!("- {}", together(errors)));
    lines.join("\n") + "\n"
}

const METHOD: &str = "Differences of top-1 errors on the validation images, with 95 % intervals.\nWhere both nets were trained from several seeds, the interval is Student's over the seeds' differences, which stand beside; elsewhere it follows from the counts of both nets as if their images were different ones, and does not contain what another seed would change.\n";

/// A sum of rows' error rates, each times a factor, in points.
struct Contrast {
    value: f64,
    /// Half the width of the 95 % interval.
    half: f64,
    /// Seed by seed, where there are several.
    seeds: Vec<f64>,
}

impl Contrast {
    fn new(errors: &[SeedErrors], terms: &[(&str, f64)]) -> Self {
        let terms: Vec<(&[TopKErrors], f64)> =
            terms.iter().map(|&(row, factor)| (seeds(errors, row), factor)).collect();
        let count = terms.iter().map(|(seeds, _)| seeds.len()).min().expect("rows");
        let of_seed = |seed: usize| terms.iter().map(|(seeds, f)| f * rate(&seeds[seed..=seed]).0).sum();
        if count > 1 {
            let seeds: Vec<f64> = (0..count).map(of_seed).collect();
            let (value, half) = student(&seeds);
            return Self { value, half, seeds };
        }
        let rates = terms.iter().map(|(seeds, factor)| (rate(seeds), factor));
        let (value, variance) = rates.fold((0.0, 0.0), |(value, variance), ((rate, own), factor)| {
            (value + factor * rate, variance + factor * factor * own)
        });
        Self { value, half: 1.96 * variance.sqrt(), seeds: vec![] }
    }

    fn verdict(&self) -> &'static str {
        match (self.value - self.half > 0.0, self.value + self.half < 0.0) {
            (true, _) => "holds",
            (_, true) => "is reversed here",
            _ => "is neither seen nor excluded here",
        }
    }

    /// `-5.9 points [-7.3, -4.5], seed by seed -5.8, -6.0`
    fn text(&self) -> String {
        let Self { value, half, seeds } = self;
        let each: Vec<String> = seeds.iter().map(|seed| format!("{seed:.1}")).collect();
        let each =
            if each.is_empty() { String::new() } else { format!(", seed by seed {}", each.join(", ")) };
        format!("{value:.1} points [{:.1}, {:.1}]{each}", value - half, value + half)
    }
}

fn sentence(errors: &[SeedErrors], claim: &Claim) -> String {
    let contrast = Contrast::new(errors, &[(claim.more, 1.0), (claim.less, -1.0)]);
    let (verdict, face) = (contrast.verdict(), contrast.text());
    format!("That {} something {verdict}: {face}; the paper's table has {:.1}.", claim.says, claim.paper)
}

/// Whether all four layers cost more than both pairs do in sum.
fn together(errors: &[SeedErrors]) -> String {
    let terms = [(REMOVED[2], 1.0), (REMOVED[0], -1.0), (REMOVED[1], -1.0), (UNCHANGED[0], 1.0)];
    let contrast = Contrast::new(errors, &terms);
    let (verdict, face) = (contrast.verdict(), contrast.text());
    format!(
        "That all four cost more than the two pairs in sum {verdict}: {face}; the paper's table has 21.6."
    )
}

/// The rate over all seeds in %, and its variance.
fn rate(seeds: &[TopKErrors]) -> (f64, f64) {
    let (wrong, n) = seeds.iter().fold((0, 0), |(wrong, n), seen| (wrong + seen.top1, n + seen.n));
    let rate = wrong as f64 / n as f64;
    (100.0 * rate, 1e4 * rate * (1.0 - rate) / n as f64)
}

fn seeds<'a>(errors: &'a [SeedErrors], row: &str) -> &'a [TopKErrors] {
    &errors.iter().find(|errors| errors.row == row).expect("every claim's rows are judged").seeds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(row: &'static str, errors: &[usize]) -> SeedErrors {
        let seeds = errors.iter().map(|&top1| TopKErrors { top1, top5: 0, n: 5000 });
        SeedErrors { row, seeds: seeds.collect() }
    }

    #[test]
    fn a_claim_holds_is_reversed_or_stays_open_by_its_interval() {
        let rows = [
            errors(UNCHANGED[0], &[3000, 3010, 2990]),
            errors(REMOVED[0], &[3200, 3190, 3180]),
            errors(REMOVED[1], &[2700, 2720, 2680]),
            errors(REMOVED[2], &[4000, 4000, 4000]),
            errors(UNCHANGED[1], &[3001, 3049, 2960]),
            errors(CLAIMS[4].less, &[2900]),
        ];
        let page = page_on_ablations(&rows);
        let line = |part: &str| page.lines().find(|line| line.contains(part)).expect(part).to_owned();
        // Differences 4.0, 3.6 and 3.8: mean 3.8, deviation 0.2, and 4.303 · 0.2 / √3 = 0.497.
        assert_eq!(
            line("layers 3 and 4 costs"),
            "- That taking out layers 3 and 4 costs something holds: 3.8 points [3.3, 4.3], seed by seed 4.0, 3.6, 3.8; the paper's table has 4.9."
        );
        assert!(line("layers 6 and 7 costs").contains("is reversed here: -6.0 points [-6.5, -5.5]"));
        assert!(line("finer first layer").contains("is neither seen nor excluded here"));
        // By the counts: 60.07 % of 15,000 against 58 % of 5,000.
        let maps = line("more maps");
        assert!(maps.contains("holds: 2.1 points [0.5, 3.6]; the paper's table has 0.9"), "{maps}");
        assert!(line("That all four cost more").contains("holds: 22.2 points ["), "{page}");
    }
}
