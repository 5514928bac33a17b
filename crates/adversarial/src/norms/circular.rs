//! The norm of a convolution on a grid whose ends meet: the paper's formula.

use super::matrix::{gram, symmetric_norm};
use super::symbol::Symbol;
use super::symmetric::lies_below;
use rayon::prelude::*;
use tensor::{Conv, Tensor, to_f64s};

/// Frequencies that are looked at together, against the best norm of those before.
const TOGETHER: usize = 32;

/// A frequency is left out when its norm is proven to exceed the best by no more than this, relatively.
const NEGLIGIBLE: f64 = 1e-12;

/// The operator norm of a convolution of a grid of this size whose ends meet: the largest singular value of all A(ξ).
///
/// Where the stride does not divide the grid, the grid is the next larger one that it divides.
/// Padding moves the result only, and changes nothing of its norm.
///
/// **Shape** weight `[filters, channels / groups, rows, columns]`.
///
/// **Paper** Szegedy et al. 2013, §4.3.
/// Unlike the paper, which prints a factor of stride⁻², A(ξ) has 1 / stride: that is the norm of the operator as a matrix.
/// The norm belongs to the grid; over all grids it is a little larger.
///
/// # Panics
/// If the weight is no convolution's or not finite, or the grid is empty.
pub fn circular_norm(weight: &Tensor, conv: &Conv, grid: [usize; 2]) -> f64 {
    assert!(grid.iter().all(|&side| side > 0), "circular_norm: expected a grid, got {grid:?}");
    assert!(to_f64s(weight).iter().all(|w| w.is_finite()), "circular_norm: expected finite weights");
    let grid = [0, 1].map(|axis| grid[axis].next_multiple_of(conv.stride[axis]));
    Symbol::of_groups(weight, conv, grid).iter().fold(0.0, |best, group| best.max(group.norm()))
}

impl Symbol {
    /// The largest norm of all frequencies.
    ///
    /// Frequencies go by their Frobenius norms, the largest first, which no other norm exceeds: where it falls below the best, the search ends.
    fn norm(&self) -> f64 {
        let frequencies = self.frequencies();
        let length = |&frequency: &[usize; 2]| (self.at(frequency).frobenius(), frequency);
        let mut order: Vec<(f64, [usize; 2])> = frequencies.par_iter().map(length).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut best = 0.0;
        for together in order.chunks(TOGETHER) {
            let hopeful = together.par_iter().filter(|(frobenius, _)| *frobenius > best);
            let found: Vec<f64> = hopeful.map(|&(_, frequency)| self.norm_above(frequency, best)).collect();
            best = found.into_iter().fold(best, f64::max);
        }
        best
    }

    /// The norm of one frequency, or 0 where it is proven not to exceed `best`.
    fn norm_above(&self, frequency: [usize; 2], best: f64) -> f64 {
        let matrix = self.at(frequency);
        let (gram, n) = gram(&matrix.scalars, matrix.rows, matrix.columns);
        if lies_below(&gram, n, best * best * (1.0 + NEGLIGIBLE)) { 0.0 } else { symmetric_norm(gram, n) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::norms::matrix::matrix_norm;
    use crate::norms::operation::Boundary;
    use crate::norms::unrolled::{random_convolution, unrolled};
    use tensor::seeded;

    #[test]
    fn random_convolutions_have_the_norm_of_their_unrolled_matrix_and_leaving_frequencies_out_changes_nothing()
     {
        let all = |symbol: &Symbol| {
            symbol.frequencies().iter().fold(0.0, |best: f64, &f| best.max(symbol.norm_above(f, 0.0)))
        };
        for (seed, count) in [(5, 60), (6, 20)] {
            let mut rng = seeded(seed, "convolutions");
            for _ in 0..count {
                let (weight, conv, grid) = random_convolution(&mut rng);
                let grid = [0, 1].map(|axis| grid[axis].next_multiple_of(conv.stride[axis]));
                let (matrix, rows, columns) = unrolled(&weight, &conv, grid, Boundary::Circular);
                let dense = matrix_norm(&matrix, rows, columns).norm;
                let every = Symbol::of_groups(&weight, &conv, grid).iter().map(all).fold(0.0, f64::max);
                let found = circular_norm(&weight, &conv, grid);
                let case = format!("{found} {dense} {every} {:?} {conv:?} {grid:?}", weight.dims());
                assert!((found / dense - 1.0).abs() < 1e-11, "{case}");
                assert!((found / every - 1.0).abs() < 1e-11, "{case}");
            }
        }
    }
}
