//! Matrices of the order of the memory, and their Cholesky factors.

use serde::{Deserialize, Serialize};
use std::ops::{Index, IndexMut};

/// A square matrix of which the leading block is in use.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Square {
    stride: usize,
    entries: Vec<f64>,
}

impl Square {
    pub(crate) fn new(order: usize) -> Self {
        Self { stride: order, entries: vec![0.0; order * order] }
    }

    /// The first `len` entries of a row.
    pub(crate) fn row(&self, i: usize, len: usize) -> &[f64] {
        &self.entries[i * self.stride..i * self.stride + len]
    }

    pub(crate) fn row_mut(&mut self, i: usize, len: usize) -> &mut [f64] {
        &mut self.entries[i * self.stride..i * self.stride + len]
    }

    /// Removes the first row and the first column of the leading block of order `len`.
    pub(crate) fn drop_first(&mut self, len: usize) {
        for i in 1..len {
            let from = i * self.stride;
            self.entries.copy_within(from + 1..from + len, from - self.stride);
        }
    }

    /// Replaces the leading block, of which the lower triangle is read, by its Cholesky factor `J`, `A = J Jᵀ`.
    /// `None` when the block is not positive definite.
    pub(crate) fn factor(&mut self, len: usize) -> Option<()> {
        for i in 0..len {
            for j in 0..=i {
                let sum: f64 = self.row(i, j).iter().zip(self.row(j, j)).map(|(a, b)| a * b).sum();
                let left = self[(i, j)] - sum;
                self[(i, j)] = match i == j {
                    true if left > 0.0 && left.is_finite() => left.sqrt(),
                    true => return None,
                    false => left / self[(j, j)],
                };
            }
        }
        Some(())
    }

    /// `x := J⁻¹ x`.
    pub(crate) fn solve_lower(&self, x: &mut [f64]) {
        for i in 0..x.len() {
            let sum: f64 = self.row(i, i).iter().zip(&*x).map(|(a, b)| a * b).sum();
            x[i] = (x[i] - sum) / self[(i, i)];
        }
    }

    /// `x := J⁻ᵀ x`.
    pub(crate) fn solve_upper(&self, x: &mut [f64]) {
        for i in (0..x.len()).rev() {
            x[i] /= self[(i, i)];
            let solved = x[i];
            for (x, a) in x.iter_mut().zip(self.row(i, i)) {
                *x -= a * solved;
            }
        }
    }

    /// `x := A⁻¹ x = J⁻ᵀ J⁻¹ x`.
    pub(crate) fn solve(&self, x: &mut [f64]) {
        self.solve_lower(x);
        self.solve_upper(x);
    }
}

impl Index<(usize, usize)> for Square {
    type Output = f64;
    fn index(&self, (i, j): (usize, usize)) -> &f64 {
        &self.entries[i * self.stride + j]
    }
}

impl IndexMut<(usize, usize)> for Square {
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut f64 {
        &mut self.entries[i * self.stride + j]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(rows: &[&[f64]]) -> Square {
        let mut square = Square::new(rows.len() + 1);
        for (i, row) in rows.iter().enumerate() {
            for (j, &entry) in row.iter().enumerate() {
                square[(i, j)] = entry;
            }
        }
        square
    }

    #[test]
    fn a_positive_definite_system_is_solved() {
        let mut a = square(&[&[4.0, 2.0, 0.0], &[2.0, 5.0, 1.0], &[0.0, 1.0, 3.0]]);
        a.factor(3).unwrap();
        let mut x = [4.0 - 4.0, 2.0 - 10.0 + 3.0, -2.0 + 9.0];
        a.solve(&mut x);
        for (found, expected) in x.iter().zip([1.0, -2.0, 3.0]) {
            assert!((found - expected).abs() < 1e-15, "{x:?}");
        }
    }

    #[test]
    fn an_indefinite_matrix_has_no_factor() {
        assert!(square(&[&[1.0, 2.0], &[2.0, 1.0]]).factor(2).is_none());
        assert!(square(&[&[f64::NAN]]).factor(1).is_none());
    }

    #[test]
    fn dropping_the_first_leaves_the_rest_in_order() {
        let mut a = square(&[&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0], &[7.0, 8.0, 9.0]]);
        a.drop_first(3);
        assert_eq!([a.row(0, 2), a.row(1, 2)], [[5.0, 6.0], [8.0, 9.0]]);
    }
}
