//! What is measured for a cell, and what follows for the true value.

use crate::interval::{Interval, bootstrap, wilson};

/// What an experiment says of a cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Measurement {
    Rate { errors: usize, n: usize },
    Mean(Vec<f64>),
    Value(f64),
    NotRun(String),
}

/// A value and where the true one lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Estimate {
    /// In % for a rate.
    pub value: f64,
    /// None where nothing is known of the spread.
    pub interval: Option<Interval>,
    /// How many trials or values stand behind it.
    pub n: Option<usize>,
    pub is_rate: bool,
}

impl Measurement {
    /// Both together, as from two seeds; none where that has no meaning.
    pub fn joined(self, other: Measurement) -> Option<Measurement> {
        match (self, other) {
            (Measurement::Rate { errors: a, n }, Measurement::Rate { errors: b, n: m }) => {
                Some(Measurement::Rate { errors: a + b, n: n + m })
            }
            (Measurement::Mean(mut values), Measurement::Mean(more)) => {
                values.extend(more);
                Some(Measurement::Mean(values))
            }
            _ => None,
        }
    }

    /// The estimate; none for a cell that was not run.
    pub fn estimate(&self, seed: u64) -> Option<Estimate> {
        let (value, interval, n) = match self {
            &Measurement::Rate { errors, n } => {
                let rate = errors as f64 / n as f64;
                (100.0 * rate, Some(wilson(rate, n).scaled(100.0)), Some(n))
            }
            Measurement::Mean(values) => {
                let mean = values.iter().sum::<f64>() / values.len() as f64;
                (mean, Some(bootstrap(values, seed)), Some(values.len()))
            }
            &Measurement::Value(value) => (value, None, None),
            Measurement::NotRun(_) => return None,
        };
        Some(Estimate { value, interval, n, is_rate: matches!(self, Measurement::Rate { .. }) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_percentage_with_wilsons_interval() {
        let rate = Measurement::Rate { errors: 15, n: 148 };
        let estimate = rate.estimate(1).unwrap();
        assert_eq!(estimate.n, Some(148));
        assert!((estimate.value - 10.135).abs() < 1e-3);
        assert!((estimate.interval.unwrap().low - 6.24).abs() < 0.01);
    }

    #[test]
    fn rates_and_means_of_two_seeds_add_up_and_nothing_else_does() {
        let rate = |errors, n| Measurement::Rate { errors, n };
        assert_eq!(rate(1, 10).joined(rate(2, 20)), Some(rate(3, 30)));
        let mean = |values: &[f64]| Measurement::Mean(values.to_vec());
        assert_eq!(mean(&[1.0]).joined(mean(&[2.0, 3.0])), Some(mean(&[1.0, 2.0, 3.0])));
        assert_eq!(rate(1, 10).joined(mean(&[1.0])), None);
        assert_eq!(Measurement::Value(1.0).joined(Measurement::Value(1.0)), None);
    }
}
