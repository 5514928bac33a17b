//! The textbook's dense matrices, against which the compact forms are tested.

use crate::pairs::Pairs;

/// Pairs of a convex quadratic with some noise, more than the memory holds; and B by the dense BFGS recursion.
pub(crate) struct Dense {
    pub(crate) pairs: Pairs,
    pub(crate) b: Vec<Vec<f64>>,
}

impl Dense {
    pub(crate) fn new(n: usize, memory: usize, count: usize, seed: u64) -> Self {
        Self::with_curvature(n, memory, count, seed, 0.0)
    }

    /// The same with `curvature / 2 · ‖x‖²` added to the quadratic.
    pub(crate) fn with_curvature(n: usize, memory: usize, count: usize, seed: u64, curvature: f64) -> Self {
        let mut random = noise(seed);
        let mut pairs = Pairs::new(n, memory);
        let mut kept: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
        for k in 0..count {
            let s: Vec<f64> = (0..n).map(|_| random()).collect();
            let y: Vec<f64> = s
                .iter()
                .enumerate()
                .map(|(i, s)| (1 + i % 5) as f64 * s + 0.1 * random() + curvature * s)
                .collect();
            let active: Vec<bool> = (0..n).map(|_| random() > 0.4).collect();
            pairs.insert(&s, &y, product(&y, &y) / product(&s, &y));
            kept.push((s, y));
            if k % 2 == 0 {
                pairs.set_active(&active);
            }
        }
        assert_eq!(pairs.len(), count.min(memory));
        let b = recursion(&kept[count.saturating_sub(memory)..], pairs.theta);
        Self { pairs, b }
    }
}

/// Numbers in `(−1, 1)`.
pub(crate) fn noise(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

pub(crate) fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

pub(crate) fn times(matrix: &[Vec<f64>], v: &[f64]) -> Vec<f64> {
    matrix.iter().map(|row| product(row, v)).collect()
}

/// `B := B − B s sᵀ B / sᵀ B s + y yᵀ / yᵀ s`, from `B = θI`.
fn recursion(pairs: &[(Vec<f64>, Vec<f64>)], theta: f64) -> Vec<Vec<f64>> {
    let n = pairs[0].0.len();
    let row = |i| (0..n).map(|j| if i == j { theta } else { 0.0 }).collect();
    let mut b: Vec<Vec<f64>> = (0..n).map(row).collect();
    for (s, y) in pairs {
        let bs = times(&b, s);
        let (sbs, ys) = (product(s, &bs), product(y, s));
        for i in 0..n {
            for j in 0..n {
                b[i][j] += y[i] * y[j] / ys - bs[i] * bs[j] / sbs;
            }
        }
    }
    b
}

/// The solution of `A x = b` by elimination with pivots.
pub(crate) fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let n = b.len();
    for k in 0..n {
        let pivot = (k..n).max_by(|&i, &j| a[i][k].abs().total_cmp(&a[j][k].abs())).unwrap();
        a.swap(k, pivot);
        b.swap(k, pivot);
        for i in k + 1..n {
            let factor = a[i][k] / a[k][k];
            let pivot_row = a[k].clone();
            for (a, pivot) in a[i].iter_mut().zip(pivot_row) {
                *a -= factor * pivot;
            }
            b[i] -= factor * b[k];
        }
    }
    for k in (0..n).rev() {
        let known: f64 = (k + 1..n).map(|j| a[k][j] * b[j]).sum();
        b[k] = (b[k] - known) / a[k][k];
    }
    b
}
