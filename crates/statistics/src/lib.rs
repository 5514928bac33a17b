//! Confidence intervals, correlation, permutation tests, average precision, and numbers as text.
//!
//! Every interval has 95 % confidence: Wilson's score interval for a rate of `n` trials,
//! the percentile bootstrap for a mean or an average precision, Student's for a few repetitions.
//! Whatever is drawn at random follows from the seed, whatever the number of threads.
//!
//! ```
//! let [low, high] = statistics::interval_of_mean(&[0.9, 1.1, 1.0, 1.2], 1);
//! assert!(0.9 < low && low < 1.05 && 1.05 < high && high < 1.2);
//! assert_eq!(statistics::average_precision(&[0.9, 0.2, 0.7], &[true, false, true]), 1.0);
//! ```
//!
//! | statistic | function |
//! |---|---|
//! | Wilson's interval of a rate | [`wilson`], [`interval_of_rate`] |
//! | bootstrap interval of a mean | [`bootstrap`], [`interval_of_mean`] |
//! | Student's t interval | [`student`] |
//! | average precision of a ranking, and its intervals | [`average_precision`], [`bootstrap_average_precision`], [`paired_bootstrap_average_precision`] |
//! | Pearson's correlation | [`correlation`] |
//! | permutation tests of two groups, and of pairs | [`permutation_test`], [`paired_permutation_test`] |
//! | six significant digits, digits for readers | [`exact`], [`shown`] |
#![warn(missing_docs)]

mod average_precision;
mod correlation;
mod interval;
mod number;
mod permutation_test;
mod student;

pub use average_precision::{
    average_precision, bootstrap_average_precision, paired_bootstrap_average_precision,
};
pub use correlation::correlation;
pub use interval::{Interval, bootstrap, interval_of_mean, interval_of_rate, wilson};
pub use number::{exact, shown};
pub use permutation_test::{Comparison, paired_permutation_test, permutation_test};
pub use student::student;
