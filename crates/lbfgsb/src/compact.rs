//! The middle matrix M of the compact form `B = θI − W M Wᵀ`, `W = [Y θS]` (equation 3.2).

use crate::cholesky::Square;
use serde::{Deserialize, Serialize};

/// `M = [−D Lᵀ; L θSᵀS]⁻¹` (equation 3.4), by the Cholesky factor of `θSᵀS + L D⁻¹ Lᵀ`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Middle {
    factor: Square,
    scaled: Vec<f64>,
}

impl Middle {
    pub(crate) fn new(memory: usize) -> Self {
        Self { factor: Square::new(memory), scaled: vec![0.0; memory] }
    }

    /// Factors M for `len` pairs; `None` when rounding has made it indefinite.
    pub(crate) fn factor(&mut self, len: usize, theta: f64, ss: &Square, sy: &Square) -> Option<()> {
        for i in 0..len {
            for (j, scaled) in self.scaled[..i].iter_mut().enumerate() {
                *scaled = sy[(i, j)] / sy[(j, j)];
            }
            for j in 0..=i {
                let sum: f64 = self.scaled.iter().zip(sy.row(j, j)).map(|(a, b)| a * b).sum();
                self.factor[(i, j)] = theta * ss[(i, j)] + sum;
            }
        }
        self.factor.factor(len)
    }

    /// `v := M v`.
    ///
    /// With `v = [u; w]` and `M v = [a; b]`: `(θSᵀS + L D⁻¹ Lᵀ) b = w + L D⁻¹ u` and `D a = Lᵀ b − u`.
    pub(crate) fn apply(&self, sy: &Square, v: &mut [f64]) {
        let (u, w) = v.split_at_mut(v.len() / 2);
        for (j, u) in u.iter_mut().enumerate() {
            *u /= sy[(j, j)];
        }
        for (i, w) in w.iter_mut().enumerate() {
            *w += sy.row(i, i).iter().zip(&*u).map(|(l, u)| l * u).sum::<f64>();
        }
        self.factor.solve(w);
        for (j, u) in u.iter_mut().enumerate() {
            let lb: f64 = (j + 1..w.len()).map(|i| sy[(i, j)] * w[i]).sum();
            *u = lb / sy[(j, j)] - *u;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::dense::{Dense, noise, times};

    #[test]
    fn the_compact_form_is_the_dense_recursion_also_after_old_pairs_were_dropped() {
        for (memory, count) in [(1, 1), (3, 2), (3, 3), (4, 6), (5, 13)] {
            let Dense { pairs, b } = Dense::new(11, memory, count, 1);
            let mut random = noise(2);
            let v: Vec<f64> = (0..11).map(|_| random()).collect();
            let mut wv = vec![0.0; 2 * pairs.len()];
            pairs.project(&v, &mut wv);
            pairs.apply_middle(&mut wv);
            let mut subtrahend = vec![0.0; 11];
            pairs.combine(&mut wv, &mut subtrahend);
            for (i, expected) in times(&b, &v).into_iter().enumerate() {
                let found = pairs.theta * v[i] - subtrahend[i];
                assert!((found - expected).abs() < 1e-10, "{memory} of {count}: {found} {expected}");
            }
        }
    }
}
