//! Measurements of a cell, and the estimates that follow from them.

use statistics::{
    Interval, average_precision, bootstrap, bootstrap_average_precision, paired_bootstrap_average_precision,
    wilson,
};

/// A measurement of a cell, for one seed or for `runs` of them.
///
/// An average precision is that of a ranking by score, times `of`: 1, or 100 for percent.
/// An advantage is the average precision of the first ranking, minus the second's.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Measurement {
    Rate { errors: usize, n: usize, runs: usize },
    Mean { values: Vec<f64>, runs: usize },
    AveragePrecision { scores: Vec<f64>, relevant: Vec<bool>, of: f64 },
    Advantage { scores: [Vec<f64>; 2], relevant: Vec<bool> },
    Value { value: f64, n: usize },
    NotRun(String),
}

/// A value with its confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Estimate {
    /// In % for a rate.
    pub value: f64,
    /// None where the spread is unknown.
    pub interval: Option<Interval>,
    /// Number of trials or values.
    pub n: usize,
    /// How many of them belong to one seed: as many as the paper had, which ran once.
    pub n_per_run: Option<usize>,
    pub is_rate: bool,
}

impl Measurement {
    /// Both measurements pooled, as from two seeds; none where they cannot be pooled.
    pub fn joined(self, other: Measurement) -> Option<Measurement> {
        use Measurement::{Mean, Rate};
        match (self, other) {
            (Rate { errors, n, runs }, Rate { errors: more, n: m, runs: again }) => {
                Some(Rate { errors: errors + more, n: n + m, runs: runs + again })
            }
            (Mean { mut values, runs }, Mean { values: more, runs: again }) => {
                values.extend(more);
                Some(Mean { values, runs: runs + again })
            }
            _ => None,
        }
    }

    /// The estimate; none for a cell that was not run.
    pub fn estimate(&self, seed: u64) -> Option<Estimate> {
        match self {
            &Measurement::Rate { errors, n, runs } => {
                let rate = errors as f64 / n as f64;
                let interval = wilson(rate, n).scaled(100.0);
                Some(Estimate { is_rate: true, ..estimate(100.0 * rate, interval, n, runs) })
            }
            Measurement::Mean { values, runs } => {
                let mean = values.iter().sum::<f64>() / values.len() as f64;
                Some(estimate(mean, bootstrap(values, seed), values.len(), *runs))
            }
            Measurement::AveragePrecision { scores, relevant, of } => {
                let interval = bootstrap_average_precision(scores, relevant, seed).scaled(*of);
                Some(estimate(of * average_precision(scores, relevant), interval, scores.len(), 1))
            }
            Measurement::Advantage { scores: [ours, others], relevant } => {
                let difference = average_precision(ours, relevant) - average_precision(others, relevant);
                let interval = paired_bootstrap_average_precision([ours, others], relevant, seed);
                Some(estimate(difference, interval, relevant.len(), 1))
            }
            &Measurement::Value { value, n } => {
                Some(Estimate { value, interval: None, n, n_per_run: None, is_rate: false })
            }
            Measurement::NotRun(_) => None,
        }
    }
}

fn estimate(value: f64, interval: Interval, n: usize, runs: usize) -> Estimate {
    Estimate { value, interval: Some(interval), n, n_per_run: Some(n / runs), is_rate: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(errors: usize, n: usize, runs: usize) -> Measurement {
        Measurement::Rate { errors, n, runs }
    }

    fn mean(values: &[f64], runs: usize) -> Measurement {
        Measurement::Mean { values: values.to_vec(), runs }
    }

    #[test]
    fn a_rate_is_a_percentage_with_wilsons_interval() {
        let estimate = rate(15, 148, 1).estimate(1).unwrap();
        assert_eq!((estimate.n, estimate.n_per_run), (148, Some(148)));
        assert!((estimate.value - 10.135).abs() < 1e-3);
        assert!((estimate.interval.unwrap().low - 6.24).abs() < 0.01);
    }

    #[test]
    fn rates_and_means_of_two_seeds_add_up_and_nothing_else_does() {
        assert_eq!(rate(1, 10, 1).joined(rate(2, 10, 1)), Some(rate(3, 20, 2)));
        let joined = mean(&[1.0], 1).joined(mean(&[2.0], 1)).unwrap();
        assert_eq!(joined, mean(&[1.0, 2.0], 2));
        let estimate = joined.estimate(1).unwrap();
        assert_eq!((estimate.value, estimate.n, estimate.n_per_run), (1.5, 2, Some(1)));
        assert_eq!(rate(1, 10, 1).joined(mean(&[1.0], 1)), None);
        let value = Measurement::Value { value: 1.0, n: 1 };
        assert_eq!(value.clone().joined(value), None);
    }
}
