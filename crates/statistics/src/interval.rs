//! 95 % intervals: Wilson's for rates, the bootstrap's for means.

use rand::RngCore;
use rayon::prelude::*;

/// The 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

const RESAMPLES: usize = 10_000;
/// Each block has its own random stream, so the number of threads changes nothing.
const BLOCK: usize = 100;

/// Where the true value lies with 95 % confidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// The value alone: nothing is known of its spread.
    pub fn point(value: f64) -> Interval {
        Interval { low: value, high: value }
    }

    /// `value ± half`.
    pub fn around(value: f64, half: f64) -> Interval {
        Interval { low: value - half, high: value + half }
    }

    /// Whether the two share a point.
    pub fn overlaps(self, other: Interval) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    /// The same interval in another unit.
    pub fn scaled(self, factor: f64) -> Interval {
        Interval { low: self.low * factor, high: self.high * factor }
    }
}

/// Wilson's score interval of `rate` (in `[0, 1]`) observed over `n` trials.
///
/// The rate is not a count, because a paper prints rates that no whole count gives.
pub fn wilson(rate: f64, n: usize) -> Interval {
    let n = n as f64;
    let z2 = Z * Z;
    let center = (rate + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (rate * (1.0 - rate) / n + z2 / (4.0 * n * n)).sqrt();
    Interval { low: (center - half).max(0.0).min(rate), high: (center + half).min(1.0).max(rate) }
}

/// The ends of Wilson's 95 % interval of a rate: `count` of `n`.
///
/// # Panics
/// When n is 0.
pub fn interval_of_rate(count: usize, n: usize) -> [f64; 2] {
    assert!(n > 0, "interval_of_rate: expected trials, got none");
    let Interval { low, high } = wilson(count as f64 / n as f64, n);
    [low, high]
}

/// The ends of the 95 % interval of the mean of `values`, by the bootstrap.
///
/// # Panics
/// When there are no values.
pub fn interval_of_mean(values: &[f64], seed: u64) -> [f64; 2] {
    assert!(!values.is_empty(), "interval_of_mean: expected values, got none");
    let Interval { low, high } = bootstrap(values, seed);
    [low, high]
}

/// The percentile bootstrap's interval of the mean of `values`.
pub fn bootstrap(values: &[f64], seed: u64) -> Interval {
    let n = values.len();
    resampled(n, seed, "bootstrap", |draws| draws.iter().map(|&i| values[i]).sum::<f64>() / n as f64)
}

/// The percentile bootstrap's interval of `value`, which gets n indices below n, drawn with replacement from random streams of this name.
pub fn resampled(n: usize, seed: u64, stream: &str, value: impl Fn(&[usize]) -> f64 + Sync) -> Interval {
    let block = |block: usize| {
        let mut random = tensor::seeded(seed, &format!("{stream} {block}"));
        // The high half of a 32-bit draw times n is uniform to n / 2³².
        let mut draw = move || ((u64::from(random.next_u32()) * n as u64) >> 32) as usize;
        let (mut draws, value) = (vec![0; n], &value);
        (0..BLOCK).map(move |_| {
            draws.fill_with(&mut draw);
            value(&draws)
        })
    };
    percentiles((0..RESAMPLES / BLOCK).into_par_iter().flat_map_iter(block).collect())
}

/// Where 95 % of the resamples' values lie.
fn percentiles(mut values: Vec<f64>) -> Interval {
    values.sort_by(f64::total_cmp);
    let percentile = |p: f64| values[(p * (values.len() - 1) as f64).round() as usize];
    Interval { low: percentile(0.025), high: percentile(0.975) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    fn close(found: Interval, low: f64, high: f64) {
        assert!((found.low - low).abs() < 5e-5, "{found:?}");
        assert!((found.high - high).abs() < 5e-5, "{found:?}");
    }

    #[test]
    fn wilson_gives_the_values_of_newcombe_1998() {
        close(wilson(81.0 / 263.0, 263), 0.2553, 0.3662);
        close(wilson(15.0 / 148.0, 148), 0.0624, 0.1605);
        close(wilson(0.0, 20), 0.0, 0.1611);
        close(wilson(1.0 / 29.0, 29), 0.0061, 0.1718);
        close(wilson(1.0, 20), 0.8389, 1.0);
    }

    #[test]
    fn the_bootstrap_repeats_with_its_seed_and_only_with_its_seed() {
        let values: Vec<f64> = (0..50).map(|i| (f64::from(i) * 0.7).sin()).collect();
        assert_eq!(bootstrap(&values, 1), bootstrap(&values, 1));
        assert_ne!(bootstrap(&values, 1), bootstrap(&values, 2));
    }

    #[test]
    fn the_bootstrap_does_not_depend_on_the_number_of_threads() {
        let values: Vec<f64> = (0..50).map(f64::from).collect();
        let pool = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build();
        let with = |n| pool(n).unwrap().install(|| bootstrap(&values, 3));
        assert_eq!(with(1), with(4));
    }

    #[test]
    fn the_bootstrap_covers_the_true_mean_about_95_times_in_100() {
        let covered = (0..200).filter(|&seed| {
            let mut random = tensor::seeded(seed, "sample");
            let sample: Vec<f64> = (0..60).map(|_| random.random::<f64>()).collect();
            bootstrap(&sample, seed).overlaps(Interval::point(0.5))
        });
        let covered = covered.count();
        assert!((180..=198).contains(&covered), "{covered} of 200");
    }

    #[test]
    fn the_bootstrap_is_as_wide_as_the_normal_interval_of_a_large_sample() {
        let values: Vec<f64> = (0..1000).map(|i| f64::from(i % 2)).collect();
        let found = bootstrap(&values, 1);
        let half = Z * (0.25f64 / 1000.0).sqrt();
        assert!((found.low - (0.5 - half)).abs() < 2e-3, "{found:?}");
        assert!((found.high - (0.5 + half)).abs() < 2e-3, "{found:?}");
    }

    #[test]
    fn equal_values_give_a_point() {
        assert_eq!(bootstrap(&[0.25; 7], 1), Interval::point(0.25));
    }
}
