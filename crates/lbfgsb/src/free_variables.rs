//! Inner products of the curvature pairs over the free and over the active variables.

use crate::cholesky::Square;
use serde::{Deserialize, Serialize};

/// Which variables were free in the last subspace minimization, and the products over them and over the others.
///
/// The products are updated: a new pair adds a row, a variable that was freed or bound adds or removes its term.
/// An entry is dropped with the older of its two pairs, so rounding errors do not accumulate.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FreeVariables {
    /// Whether a variable is at a bound (A), or free (Z).
    pub(crate) active: Vec<bool>,
    /// `Yᵀ Z Zᵀ Y`, lower triangle.
    pub(crate) yy_free: Square,
    /// `Sᵀ A Aᵀ S`, lower triangle.
    pub(crate) ss_active: Square,
    /// Below the diagonal `Sᵀ A Aᵀ Y`, from the diagonal upwards `Sᵀ Z Zᵀ Y`.
    pub(crate) sy: Square,
}

impl FreeVariables {
    pub(crate) fn new(n: usize, memory: usize) -> Self {
        let square = Square::new(memory);
        Self { active: vec![false; n], yy_free: square.clone(), ss_active: square.clone(), sy: square }
    }

    /// Removes the oldest of `len` pairs.
    pub(crate) fn drop_first(&mut self, len: usize) {
        self.yy_free.drop_first(len);
        self.ss_active.drop_first(len);
        self.sy.drop_first(len);
    }

    /// Every one of `len` y becomes `y + curvature · s`; `ss` and `sy` are the products over all variables before that.
    pub(crate) fn add_curvature(&mut self, curvature: f64, len: usize, ss: &Square, sy: &Square) {
        for i in 0..len {
            for j in 0..=i {
                let ss_free = ss[(i, j)] - self.ss_active[(i, j)];
                let sy_free = if j < i { sy[(i, j)] - self.sy[(i, j)] } else { self.sy[(i, i)] };
                let crossed = sy_free + self.sy[(j, i)];
                self.yy_free[(i, j)] += curvature * (crossed + curvature * ss_free);
                self.sy[(j, i)] += curvature * ss_free;
                if j < i {
                    self.sy[(i, j)] += curvature * self.ss_active[(i, j)];
                }
            }
        }
    }

    /// s on the active and y on the free variables, zero elsewhere.
    pub(crate) fn split(&self, s: &[f64], y: &[f64], s_active: &mut [f64], y_free: &mut [f64]) {
        for (((&active, &s), &y), (s_active, y_free)) in
            self.active.iter().zip(s).zip(y).zip(s_active.iter_mut().zip(y_free))
        {
            (*s_active, *y_free) = if active { (s, 0.0) } else { (0.0, y) };
        }
    }

    /// Makes variable b, with entries `s` and `y` in the pairs, active where it was free, and the reverse.
    pub(crate) fn flip(&mut self, b: usize, s: &[f64], y: &[f64]) {
        self.active[b] = !self.active[b];
        let entering = if self.active[b] { 1.0 } else { -1.0 };
        for (i, (&s_i, &y_i)) in s.iter().zip(y).enumerate() {
            let (s_i, y_i) = (entering * s_i, entering * y_i);
            for (j, (s_j, y_j)) in s.iter().zip(y).enumerate() {
                if j <= i {
                    self.ss_active[(i, j)] += s_i * s_j;
                    self.yy_free[(i, j)] -= y_i * y_j;
                }
                self.sy[(i, j)] += if j < i { s_i * y_j } else { -(s_i * y_j) };
            }
        }
    }
}
