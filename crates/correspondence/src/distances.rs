//! How alike several changes are: the distances of all pairs.

use crate::signs::{Signs, Zeros};
use rayon::prelude::*;

/// The sign distances of all pairs of changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Distances {
    n: usize,
    /// Row by row.
    pairs: Vec<Option<f64>>,
}

/// How consistent changes are: the lower, the more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Consistency {
    /// The mean distance of a pair, `Δ`.
    ///
    /// **Range** `[0, 1]`
    pub mean: f64,
    /// The standard deviation of the pairs' distances; 0 for a single pair.
    pub deviation: f64,
    /// How many pairs have a distance.
    pub pairs: usize,
}

impl Distances {
    /// The distances of all pairs.
    ///
    /// # Panics
    /// If the numbers of features differ.
    pub fn between(signs: &[Signs], zeros: Zeros) -> Self {
        let n = signs.len();
        let distance = |pair: usize| {
            let (i, j) = (pair / n, pair % n);
            (i < j).then(|| signs[i].distance(&signs[j], zeros)).flatten()
        };
        let upper: Vec<_> = (0..n * n).into_par_iter().map(distance).collect();
        let mirrored = |pair: usize| upper[pair].or(upper[pair % n * n + pair / n]);
        Self { n, pairs: (0..n * n).map(mirrored).collect() }
    }

    /// The distance of two changes; `None` where no feature counts, or they are the same one.
    ///
    /// # Panics
    /// If there is no such change.
    pub fn of(&self, i: usize, j: usize) -> Option<f64> {
        assert!(i < self.n && j < self.n, "of: expected changes below {}, got {i} and {j}", self.n);
        self.pairs[i * self.n + j]
    }

    /// The mean and deviation over all pairs of these changes; `None` where no pair has a distance.
    ///
    /// Unlike the paper's formula, which sums over the pairs, and as its Table 1 shows, a mean.
    ///
    /// **Paper** Zeiler & Fergus 2013, §4.3, `Δ_l`.
    ///
    /// # Panics
    /// If there is no such change.
    pub fn consistency(&self, changes: &[usize]) -> Option<Consistency> {
        let pairs = changes.iter().enumerate().flat_map(|(k, &i)| changes[..k].iter().map(move |&j| (i, j)));
        let each: Vec<f64> = pairs.filter_map(|(i, j)| self.of(i, j)).collect();
        let n = each.len() as f64;
        let mean = each.iter().sum::<f64>() / n;
        let squares = each.iter().map(|distance| (distance - mean).powi(2)).sum::<f64>();
        let deviation = (squares / (n - 1.0).max(1.0)).sqrt();
        (!each.is_empty()).then_some(Consistency { mean, deviation, pairs: each.len() })
    }
}
