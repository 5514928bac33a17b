//! Symmetric matrices: the largest eigenvalue by Householder's tridiagonalization, and a certificate that none exceeds a bound.

use super::tridiagonal::Tridiagonal;
use tensor::{View, dot, matmul};

/// The largest eigenvalue of a symmetric matrix, which lies row by row.
///
/// Householder's reflections make it tridiagonal; that is stable, and takes n³ multiply-adds.
pub(super) fn largest_eigenvalue(mut matrix: Vec<f64>, n: usize) -> f64 {
    let mut tridiagonal = Tridiagonal::default();
    for row in 0..n {
        tridiagonal.diagonal.push(matrix[row * n + row]);
        if row + 1 < n {
            tridiagonal.beside.push(reflect(&mut matrix, n, row));
        }
    }
    tridiagonal.largest_eigenvalue()
}

/// Reflects what lies beside the diagonal of this row onto the first place, from both sides; returns what stands there then.
fn reflect(matrix: &mut [f64], n: usize, row: usize) -> f64 {
    let mut v = matrix[row * n + row + 1..(row + 1) * n].to_vec();
    if v[1..].iter().all(|&other| other == 0.0) {
        return v[0];
    }
    let length = dot(&v, &v).sqrt();
    let reflected = if v[0] > 0.0 { -length } else { length };
    v[0] -= reflected;
    let scale = 2.0 / dot(&v, &v);
    let below = &mut matrix[(row + 1) * n..];
    let mut w = vec![0.0; v.len()];
    for (v, below) in v.iter().zip(below.chunks_exact(n)) {
        w.iter_mut().zip(&below[row + 1..]).for_each(|(w, a)| *w += scale * v * a);
    }
    let along = 0.5 * scale * dot(&v, &w);
    w.iter_mut().zip(&v).for_each(|(w, v)| *w -= along * v);
    for ((vi, wi), below) in v.iter().zip(&w).zip(below.chunks_exact_mut(n)) {
        let others = v.iter().zip(&w);
        below[row + 1..].iter_mut().zip(others).for_each(|(a, (v, w))| *a -= vi * w + wi * v);
    }
    reflected
}

/// Columns that are eliminated together; what is left of them is one matrix product.
const BLOCK: usize = 64;

/// Whether every eigenvalue of a symmetric matrix lies below `bound`: whether `bound − matrix` has a Cholesky factor.
///
/// In floating point it may be wrong where an eigenvalue lies within [`slack`] of the bound.
pub(super) fn lies_below(matrix: &[f64], n: usize, bound: f64) -> bool {
    let mut rest: Vec<f64> = matrix.iter().map(|a| -a).collect();
    rest.iter_mut().step_by(n + 1).for_each(|diagonal| *diagonal += bound);
    (0..n).step_by(BLOCK).all(|from| eliminate(&mut rest, n, from))
}

/// What the rounding of a Cholesky factorization may hide, as a share of the bound.
pub(super) fn slack(n: usize) -> f64 {
    4.0 * (n * (n + 1)) as f64 * f64::EPSILON
}

/// Turns these columns, below the diagonal, into those of the Cholesky factor; false where the matrix is not positive definite.
fn eliminate(matrix: &mut [f64], n: usize, from: usize) -> bool {
    let to = n.min(from + BLOCK);
    subtract_finished(matrix, n, from, to);
    for pivot in from..to {
        let root = matrix[pivot * n + pivot].sqrt();
        if !(root > 0.0 && root.is_finite()) {
            return false;
        }
        (pivot..n).for_each(|row| matrix[row * n + pivot] /= root);
        let column: Vec<f64> = (pivot + 1..to).map(|row| matrix[row * n + pivot]).collect();
        for row in matrix[(pivot + 1) * n..].chunks_exact_mut(n) {
            let factor = row[pivot];
            row[pivot + 1..to].iter_mut().zip(&column).for_each(|(a, l)| *a -= factor * l);
        }
    }
    true
}

/// Subtracts the products with the finished columns before them.
fn subtract_finished(matrix: &mut [f64], n: usize, from: usize, to: usize) {
    if from == 0 {
        return;
    }
    let left: Vec<f64> = matrix[from * n..].chunks_exact(n).flat_map(|row| &row[..from]).copied().collect();
    let top = View::new(&left[..(to - from) * from], to - from, from).transposed();
    let products = matmul(View::new(&left, n - from, from), top);
    for (row, product) in matrix[from * n..].chunks_exact_mut(n).zip(products.chunks_exact(to - from)) {
        row[from..to].iter_mut().zip(product).for_each(|(a, p)| *a -= p);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::{DType, seeded, to_f64s, uniform};

    /// `Q diag(values) Q` with the reflection `Q = 1 − 2 v vᵀ / vᵀv`.
    fn with_eigenvalues(values: &[f64], seed: u64) -> Vec<f64> {
        let n = values.len();
        let v = to_f64s(&uniform(&mut seeded(seed, "reflection"), &[n], 1.0, DType::F64));
        let q = |i: usize, j: usize| f64::from(u8::from(i == j)) - 2.0 * v[i] * v[j] / dot(&v, &v);
        let entry = |at: usize| (0..n).map(|k| q(at / n, k) * values[k] * q(k, at % n)).sum();
        (0..n * n).map(entry).collect()
    }

    #[test]
    fn the_largest_eigenvalue_is_found_and_certified_between_two_bounds() {
        for n in [1, 2, 3, 17, 64, 65, 130] {
            let values: Vec<f64> = (0..n).map(|i| 5.0 - (i * i) as f64 / n as f64).collect();
            let matrix = with_eigenvalues(&values, n as u64);
            let found = largest_eigenvalue(matrix.clone(), n);
            assert!((found - 5.0).abs() < 1e-12, "{n}: {found}");
            assert!(lies_below(&matrix, n, 5.0 * (1.0 + slack(n))), "{n}");
            assert!(!lies_below(&matrix, n, 5.0 * (1.0 - slack(n))), "{n}");
        }
    }

    #[test]
    fn what_is_not_a_number_is_never_certified() {
        assert!(!lies_below(&[1.0, f64::NAN, f64::NAN, 1.0], 2, 9.0));
    }
}
