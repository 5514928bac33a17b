//! The norm of a matrix: its largest singular value.

use super::symmetric::{self, lies_below, slack};
use super::{lanczos, lanczos::dot};
use rayon::prelude::*;
use tensor::{View, matmul};

/// Number of rows or columns, whichever are fewer, up to which the norm is computed by a decomposition.
const DECOMPOSED: usize = 1024;

/// The first upper bound that is tried on a norm, relatively; the next is ten times as far.
const MARGIN: f64 = 1e-9;

/// A norm with a proven upper bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Enclosure {
    pub norm: f64,
    pub upper_bound: f64,
}

impl Enclosure {
    /// A norm that is known exactly, but for rounding.
    pub fn exact(norm: f64) -> Self {
        Self { norm, upper_bound: norm }
    }
}

/// The largest singular value of a row-major matrix.
///
/// It is the root of the largest eigenvalue of `A Aᵀ` or `Aᵀ A`, whichever is smaller: by Householder's decomposition,
/// or, of large matrices, by Lanczos' iteration with a Cholesky factorization that proves the upper bound.
pub(super) fn matrix_norm(matrix: &[f64], rows: usize, columns: usize) -> Enclosure {
    let (gram, n) = gram(matrix, rows, columns);
    if n <= DECOMPOSED { Enclosure::exact(symmetric_norm(gram, n)) } else { large(&gram, n) }
}

/// `A Aᵀ` or `Aᵀ A`, whichever is smaller, and its size.
pub(super) fn gram(matrix: &[f64], rows: usize, columns: usize) -> (Vec<f64>, usize) {
    let view = View::new(matrix, rows, columns);
    if rows <= columns {
        (matmul(view, view.transposed()), rows)
    } else {
        (matmul(view.transposed(), view), columns)
    }
}

/// The norm of the matrix of which this is the product with its transposed.
pub(super) fn symmetric_norm(gram: Vec<f64>, n: usize) -> f64 {
    symmetric::largest_eigenvalue(gram, n).max(0.0).sqrt()
}

/// The same by iteration, with a proven bound.
fn large(gram: &[f64], n: usize) -> Enclosure {
    let map = |x: &[f64]| gram.par_chunks_exact(n).map(|row| dot(row, x)).collect();
    let eigenvalue = lanczos::largest_eigenvalue(n, map);
    let mut margin = MARGIN;
    while margin.is_finite() && !lies_below(gram, n, eigenvalue * (1.0 + 2.0 * margin) + f64::MIN_POSITIVE) {
        margin *= 10.0;
    }
    let norm = eigenvalue.sqrt();
    Enclosure { norm, upper_bound: norm * (1.0 + margin + slack(n)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::{DType, seeded, to_f64s, uniform};

    fn random(rows: usize, columns: usize) -> Vec<f64> {
        to_f64s(&uniform(&mut seeded(1, "matrix"), &[rows, columns], 1.0, DType::F64))
    }

    #[test]
    fn a_matrix_of_rank_one_has_the_product_of_its_vectors_lengths() {
        let (left, right) = (random(30, 1), random(1, 41));
        let matrix = matmul(View::new(&left, 30, 1), View::new(&right, 1, 41));
        let expected = (dot(&left, &left) * dot(&right, &right)).sqrt();
        let found = matrix_norm(&matrix, 30, 41);
        assert!((found.norm / expected - 1.0).abs() < 1e-13 && found.norm == found.upper_bound, "{found:?}");
        assert_eq!(matrix_norm(&[0.0; 6], 2, 3).norm, 0.0);
    }

    #[test]
    fn iteration_and_decomposition_agree_and_the_bound_is_a_bound() {
        for (rows, columns) in [(200, 300), (300, 120), (150, 150)] {
            let (gram, n) = gram(&random(rows, columns), rows, columns);
            let (iterated, decomposed) = (large(&gram, n), symmetric_norm(gram, n));
            assert!((iterated.norm / decomposed - 1.0).abs() < 1e-9, "{iterated:?} {decomposed}");
            assert!(iterated.upper_bound >= decomposed, "{iterated:?} {decomposed}");
            assert!(iterated.upper_bound <= decomposed * (1.0 + 1e-7), "{iterated:?} {decomposed}");
        }
        assert_eq!(large(&[0.0; 9], 3).norm, 0.0);
    }
}
