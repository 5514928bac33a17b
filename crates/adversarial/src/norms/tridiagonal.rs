//! The largest eigenvalue of a symmetric tridiagonal matrix, by bisection.

/// A symmetric tridiagonal matrix; `beside` has one entry less than the diagonal, or the next one at its end.
#[derive(Clone, Debug, Default)]
pub(super) struct Tridiagonal {
    pub diagonal: Vec<f64>,
    pub beside: Vec<f64>,
}

impl Tridiagonal {
    /// The largest eigenvalue, rounded up by no more than a few units in the last place of the matrix's norm.
    ///
    /// An interval that contains it is halved until no number lies between its ends:
    /// its lower end is the largest diagonal entry, its upper end Gershgorin's.
    pub fn largest_eigenvalue(&self) -> f64 {
        let n = self.diagonal.len();
        let beside = |row: usize| if row + 1 < n { self.beside[row].abs() } else { 0.0 };
        let disc =
            |row: usize| self.diagonal[row] + beside(row) + if row > 0 { beside(row - 1) } else { 0.0 };
        let mut low = self.diagonal.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut high = (0..n).map(disc).fold(low, f64::max);
        loop {
            let middle = low + 0.5 * (high - low);
            let is_between = low < middle && middle < high;
            if !is_between {
                return high;
            }
            // By Sylvester's law of inertia `T − x` has as many positive pivots as T has eigenvalues above x.
            let has_eigenvalue_above = self.pivots(middle).any(|pivot| pivot > 0.0);
            if has_eigenvalue_above { low = middle } else { high = middle }
        }
    }

    /// The diagonal of D in `T − x = L D Lᵀ`.
    fn pivots(&self, x: f64) -> impl Iterator<Item = f64> {
        let mut before = f64::INFINITY;
        self.diagonal.iter().enumerate().map(move |(row, diagonal)| {
            let beside = if row > 0 { self.beside[row - 1] } else { 0.0 };
            let pivot = diagonal - x - beside * beside / before;
            before = if pivot == 0.0 { -f64::MIN_POSITIVE } else { pivot };
            before
        })
    }

    /// The last component of the unit eigenvector of the largest eigenvalue, given that eigenvalue.
    ///
    /// `Lᵀ s = e` is solved upward: every pivot but the last is negative, so nothing cancels.
    pub fn last_component(&self, eigenvalue: f64) -> f64 {
        let pivots: Vec<f64> = self.pivots(eigenvalue).collect();
        let (mut component, mut squares) = (1.0, 1.0);
        for row in (0..pivots.len().saturating_sub(1)).rev() {
            component *= -self.beside[row] / pivots[row];
            squares += component * component;
        }
        1.0 / f64::sqrt(squares)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    #[test]
    fn the_second_difference_has_its_known_eigenvalue_and_vector() {
        for n in [1, 2, 3, 10, 101] {
            let matrix = Tridiagonal { diagonal: vec![2.0; n], beside: vec![-1.0; n - 1] };
            let angle = PI * n as f64 / (n as f64 + 1.0);
            let found = matrix.largest_eigenvalue();
            assert!((found - (2.0 - 2.0 * angle.cos())).abs() < 1e-14, "{n}: {found}");
            let last = (2.0 / (n as f64 + 1.0)).sqrt() * (angle * n as f64).sin().abs();
            assert!((matrix.last_component(found) - last).abs() < 1e-7, "{n}");
        }
    }

    #[test]
    fn a_diagonal_matrix_has_its_largest_entry() {
        let matrix = Tridiagonal { diagonal: vec![-3.0, 0.0, 7.0, 7.0, 1.0], beside: vec![0.0; 4] };
        assert_eq!(matrix.largest_eigenvalue(), 7.0);
        assert_eq!(Tridiagonal { diagonal: vec![0.0; 3], beside: vec![0.0; 2] }.largest_eigenvalue(), 0.0);
    }
}
