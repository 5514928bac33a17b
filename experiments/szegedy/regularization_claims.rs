//! Conclusions on adversarial training, as sentences.

use adversarial::Outcome;

/// **Paper** Szegedy et al. 2013, §4.2: "below 1.2 %" with pools at every layer.
const CLAIMED: f64 = 1.2;

/// One training's test errors by seed, and its distortions.
#[derive(Clone, Debug)]
pub struct RegularizationResult {
    /// As the table calls it.
    pub name: &'static str,
    /// Errors and number of images, seed by seed.
    errors: Vec<(usize, usize)>,
    /// Of the images that reached their targets.
    distortions: Vec<f64>,
    attacked: usize,
}

impl RegularizationResult {
    /// Nothing measured yet.
    pub fn new(name: &'static str) -> Self {
        Self { name, errors: vec![], distortions: vec![], attacked: 0 }
    }

    /// Adds a seed's errors and number of test images, and the outcomes of its attack.
    pub fn add(&mut self, errors: (usize, usize), attacked: &[Outcome]) {
        self.errors.push(errors);
        self.attacked += attacked.len();
        let found = attacked.iter().filter(|outcome| outcome.is_found());
        self.distortions.extend(found.map(|outcome| outcome.attempt().distortion));
    }

    /// Every seed's error.
    pub fn each_seed(&self) -> String {
        let rates: Vec<String> = self.errors.iter().map(|&(wrong, n)| percent(wrong, n)).collect();
        format!("seed by seed {}", rates.join(", "))
    }

    /// Errors and images over all seeds.
    fn total(&self) -> (usize, usize) {
        self.errors.iter().fold((0, 0), |(wrong, n), seed| (wrong + seed.0, n + seed.1))
    }

    fn mean(&self) -> String {
        let (wrong, n) = self.total();
        percent(wrong, n)
    }

    fn distortion(&self) -> f64 {
        self.distortions.iter().sum::<f64>() / self.distortions.len().max(1) as f64
    }
}

/// Whether the claim holds and what changed, for per-layer pools, weight decay alone, dropout and an input pool, in this order.
pub fn regularization_page(trained: &[RegularizationResult; 4]) -> String {
    let [layers, decay, dropout, input] = trained;
    let (wrong, n) = layers.total();
    let holds = if 100.0 * (wrong as f64) < CLAIMED * n as f64 { "holds" } else { "fails" };
    let lines = [
        "# szegedy/adversarial-training: does training on adversarial examples for every layer help?\n".into(),
        format!("The claim, a test error below {CLAIMED} % with pools at every layer, {holds}: {} over {} seeds.", layers.mean(), layers.errors.len()),
        beside(layers, decay),
        beside(layers, dropout),
        beside(layers, input),
        format!("{}.", gained_where(layers, decay, input)),
        hardness(layers, decay),
        hardness(input, decay),
        "The examples were made by gradient steps of one size, not by the search of §4.1; sizes, shares and weight decays are ours, chosen on held-out training images.".into(),
    ];
    lines.join("\n") + "\n"
}

/// Whether one training errs less than another, or chance alone would explain the difference.
fn beside(one: &RegularizationResult, other: &RegularizationResult) -> String {
    let [a, b] = [one, other].map(|trained| trained.total().0);
    let verdict = match differs(a, b) {
        false => "which chance may explain",
        true if a < b => "fewer than chance would explain",
        true => "more than chance would explain",
    };
    format!(
        "{} errs on {}, {} on {}: {a} errors and {b}, {verdict}.",
        one.name,
        one.mean(),
        other.name,
        other.mean()
    )
}

/// Whether two counts differ by more than two standard errors, as though no image had been read twice.
fn differs(a: usize, b: usize) -> bool {
    a.abs_diff(b) as f64 > 2.0 * ((a + b) as f64).sqrt()
}

fn gained_where(
    layers: &RegularizationResult,
    decay: &RegularizationResult,
    input: &RegularizationResult,
) -> String {
    let [layers, decay, input] = [layers, decay, input].map(|trained| trained.total().0);
    match (differs(decay, input) && input < decay, differs(layers, input)) {
        (true, false) => "Unlike in the paper, the pool at the input alone helps, and no less: the hidden layers' pools add nothing that can be seen".into(),
        (true, true) if layers < input => "Unlike in the paper, the pool at the input helps by itself; the hidden layers' pools help beyond it".into(),
        (true, true) => "Unlike in the paper, the pool at the input helps by itself, and the hidden layers' pools take part of that away".into(),
        (false, true) if layers < input => "As in the paper, the pools of the hidden layers help, and one at the input alone does not".into(),
        (false, _) => "Neither the pool at the input alone nor those of the hidden layers beside it help beyond chance".into(),
    }
}

fn hardness(trained: &RegularizationResult, plain: &RegularizationResult) -> String {
    let [hard, soft] = [trained, plain].map(RegularizationResult::distortion);
    let word = if hard > soft { "harder" } else { "easier" };
    format!(
        "{} is {word} to distort than {}: the average minimum distortion is {hard:.4} instead of {soft:.4}, {:.2} times as much, and {} of {} images still become adversarial.",
        trained.name,
        plain.name,
        hard / soft,
        trained.distortions.len(),
        trained.attacked
    )
}

fn percent(wrong: usize, n: usize) -> String {
    format!("{:.2} %", 100.0 * wrong as f64 / n as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trained(errors: [usize; 4]) -> [RegularizationResult; 4] {
        errors.map(|wrong| {
            let mut trained = RegularizationResult::new("net");
            (0..3).for_each(|_| trained.add((wrong, 10_000), &[]));
            trained
        })
    }

    #[test]
    fn the_words_follow_the_numbers() {
        let cases = [
            (
                [115, 170, 140, 165],
                "1.2 % with pools at every layer, holds: 1.15 % over 3",
                "As in the paper, the pools of",
            ),
            ([121, 170, 140, 122], "fails: 1.21 %", "the hidden layers' pools add nothing"),
            ([119, 170, 140, 90], "holds", "take part of that away"),
            ([90, 170, 140, 119], "holds", "help beyond it"),
            ([165, 170, 140, 172], "fails", "Neither the pool"),
        ];
        for (errors, verdict, place) in cases {
            let page = regularization_page(&trained(errors));
            assert!(page.contains(verdict) && page.contains(place), "{errors:?}: {page}");
        }
        assert_eq!(trained([115, 0, 0, 0])[0].each_seed(), "seed by seed 1.15 %, 1.15 %, 1.15 %");
    }
}
