//! The distances of all pairs of changes, and their mean.

use crate::signs::{Signs, Zeros};
use ndarray::Array2;
use rayon::prelude::*;

/// The sign distances of all pairs of changes.
#[derive(Clone, Debug)]
pub struct Distances {
    /// Symmetric; not a number where no feature counts, and on the diagonal.
    matrix: Array2<f64>,
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
    /// Number of pairs with a distance.
    pub pairs: usize,
}

impl Distances {
    /// The distances of all pairs.
    ///
    /// # Panics
    /// If the numbers of features differ.
    pub fn new(signs: &[Signs], zeros: Zeros) -> Self {
        let n = signs.len();
        let distance = |pair: usize| {
            let (i, j) = (pair / n, pair % n);
            (i < j).then(|| signs[i].distance(&signs[j], zeros)).flatten()
        };
        let upper: Vec<_> = (0..n * n).into_par_iter().map(distance).collect();
        let mirrored = |(i, j): (usize, usize)| upper[i * n + j].or(upper[j * n + i]).unwrap_or(f64::NAN);
        Self { matrix: Array2::from_shape_fn((n, n), mirrored) }
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
        let each: Vec<f64> =
            pairs.map(|pair| self.matrix[pair]).filter(|distance| !distance.is_nan()).collect();
        let n = each.len() as f64;
        let mean = each.iter().sum::<f64>() / n;
        let squares = each.iter().map(|distance| (distance - mean).powi(2)).sum::<f64>();
        let deviation = (squares / (n - 1.0).max(1.0)).sqrt();
        (!each.is_empty()).then_some(Consistency { mean, deviation, pairs: each.len() })
    }
}
