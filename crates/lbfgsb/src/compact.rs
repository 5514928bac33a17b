//! The middle matrix M of the compact form `B = θI − W M Wᵀ`, `W = [Y θS]` (equation 3.2).

use crate::cholesky::Square;
use crate::pairs::Pairs;

/// `M = [−D Lᵀ; L θSᵀS]⁻¹` (equation 3.4), by the Cholesky factor of `θSᵀS + L D⁻¹ Lᵀ`.
#[derive(Clone, Debug)]
pub(crate) struct Middle {
    factor: Square,
    scaled: Vec<f64>,
}

impl Middle {
    pub(crate) fn new(memory: usize) -> Self {
        Self {
            factor: Square::new(memory),
            scaled: vec![0.0; memory],
        }
    }

    /// Factors M for these pairs; `None` when rounding has made it indefinite.
    pub(crate) fn factor(&mut self, pairs: &Pairs) -> Option<()> {
        let (sy, len) = (&pairs.sy, pairs.len());
        for i in 0..len {
            for (j, scaled) in self.scaled[..i].iter_mut().enumerate() {
                *scaled = sy[(i, j)] / sy[(j, j)];
            }
            for j in 0..=i {
                let sum: f64 = self
                    .scaled
                    .iter()
                    .zip(sy.row(j, j))
                    .map(|(a, b)| a * b)
                    .sum();
                self.factor[(i, j)] = pairs.theta * pairs.ss[(i, j)] + sum;
            }
        }
        self.factor.factor(len)
    }

    /// `v := M v`.
    ///
    /// With `v = [u; w]` and `M v = [a; b]`: `(θSᵀS + L D⁻¹ Lᵀ) b = w + L D⁻¹ u` and `D a = Lᵀ b − u`.
    pub(crate) fn apply(&self, pairs: &Pairs, v: &mut [f64]) {
        let (u, w) = v.split_at_mut(pairs.len());
        let sy = &pairs.sy;
        for (j, u) in u.iter_mut().enumerate() {
            *u /= sy[(j, j)];
        }
        for (i, w) in w.iter_mut().enumerate() {
            *w += sy
                .row(i, i)
                .iter()
                .zip(&*u)
                .map(|(l, u)| l * u)
                .sum::<f64>();
        }
        self.factor.solve(w);
        for (j, u) in u.iter_mut().enumerate() {
            let lb: f64 = (j + 1..w.len()).map(|i| sy[(i, j)] * w[i]).sum();
            *u = lb / sy[(j, j)] - *u;
        }
    }
}
