//! The curvature pairs `S = [s …]`, `Y = [y …]`, and their inner products.

use crate::cholesky::Square;
use crate::compact::Middle;
use crate::free_variables::FreeVariables;
use crate::ring::Ring;
use serde::{Deserialize, Serialize};

/// The last m pairs `s = x_{k+1} − x_k`, `y = g_{k+1} − g_k`, oldest first: the model's `B = θI − W M Wᵀ`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pairs {
    memory: usize,
    len: usize,
    s: Ring,
    y: Ring,
    /// The scale θ.
    pub(crate) theta: f64,
    /// `SᵀS`, lower triangle.
    pub(crate) ss: Square,
    /// `SᵀY`, lower triangle: the diagonal D and below it L.
    pub(crate) sy: Square,
    /// The same products over the free and over the active variables.
    pub(crate) free: FreeVariables,
    middle: Middle,
    /// The newest s on the active variables, the newest y on the free ones.
    s_active: Vec<f64>,
    y_free: Vec<f64>,
    products: Vec<[f64; 3]>,
    column: Vec<f64>,
}

impl Pairs {
    pub(crate) fn new(n: usize, memory: usize) -> Self {
        Self {
            memory,
            len: 0,
            s: Ring::new(n, memory),
            y: Ring::new(n, memory),
            theta: 1.0,
            ss: Square::new(memory),
            sy: Square::new(memory),
            free: FreeVariables::new(n, memory),
            middle: Middle::new(memory),
            s_active: vec![0.0; n],
            y_free: vec![0.0; n],
            products: vec![[0.0; 3]; memory],
            column: vec![0.0; 2 * memory],
        }
    }

    /// Number of pairs.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Removes every pair, so that `B = I`, and the products, so that no rounding error of theirs is left.
    pub(crate) fn clear(&mut self) {
        (self.len, self.theta) = (0, 1.0);
        self.s.clear();
        self.y.clear();
        self.free.active.fill(false);
    }

    /// Adds the pair `(s, y)`, in place of the oldest where the memory is full; `θ = yᵀy / sᵀy`.
    /// Where rounding leaves M indefinite, every pair is forgotten.
    pub(crate) fn insert(&mut self, s: &[f64], y: &[f64], theta: f64) {
        self.theta = theta;
        self.push(s, y);
        self.multiply(s, y);
        if self.middle.factor(self.len, theta, &self.ss, &self.sy).is_none() {
            self.clear();
        }
    }

    /// Turns the model `B` into one of `B + curvature · I`: every pair's y becomes `y + curvature · s`.
    /// Where a pair's curvature is lost by that, every pair is forgotten.
    pub(crate) fn add_curvature(&mut self, curvature: f64) {
        let Some(newest) = self.len.checked_sub(1) else { return };
        let (ss, sy) = (self.ss[(newest, newest)], self.sy[(newest, newest)]);
        let yy = self.theta * sy + 2.0 * curvature * sy + curvature * curvature * ss;
        self.y.add_ring(curvature, &self.s);
        self.free.add_curvature(curvature, self.len, &self.ss, &self.sy);
        for i in 0..self.len {
            for j in 0..=i {
                self.sy[(i, j)] += curvature * self.ss[(i, j)];
            }
        }
        self.theta = yy / self.sy[(newest, newest)];
        let convex = (0..self.len).all(|i| self.sy[(i, i)] > f64::EPSILON * self.ss[(i, i)]);
        if !convex || self.middle.factor(self.len, self.theta, &self.ss, &self.sy).is_none() {
            self.clear();
        }
    }

    fn push(&mut self, s: &[f64], y: &[f64]) {
        let full = self.len == self.memory;
        if full {
            self.ss.drop_first(self.len);
            self.sy.drop_first(self.len);
            self.free.drop_first(self.len);
        } else {
            self.len += 1;
        }
        self.s.push(s, full);
        self.y.push(y, full);
    }

    /// The newest pair's row and column of every matrix, in one pass over S and Y.
    fn multiply(&mut self, s: &[f64], y: &[f64]) {
        self.free.split(s, y, &mut self.s_active, &mut self.y_free);
        let (newest, products) = (self.len - 1, &mut self.products[..self.len]);
        let vectors = [s, &self.s_active[..], &self.y_free[..]];

        self.s.products(vectors, products);
        for (i, &[ss, ss_active, sy_free]) in products.iter().enumerate() {
            self.ss[(newest, i)] = ss;
            self.free.ss_active[(newest, i)] = ss_active;
            self.free.sy[(i, newest)] = sy_free;
        }
        self.y.products(vectors, products);
        for (j, &[sy, sy_active, yy_free]) in products.iter().enumerate() {
            self.sy[(newest, j)] = sy;
            self.free.yy_free[(newest, j)] = yy_free;
            if j < newest {
                self.free.sy[(newest, j)] = sy_active;
            }
        }
    }

    /// `out := Wᵀ v` with `W = [Y θS]`.
    pub(crate) fn project(&self, v: &[f64], out: &mut [f64]) {
        let (y, s) = out.split_at_mut(self.len);
        self.y.products([v], y.as_chunks_mut().0);
        self.s.products([v], s.as_chunks_mut().0);
        scale(s, self.theta);
    }

    /// `v := M v`.
    pub(crate) fn apply_middle(&self, v: &mut [f64]) {
        self.middle.apply(&self.sy, v);
    }

    /// `out += W v` with `W = [Y θS]`; v is used up.
    pub(crate) fn combine(&self, v: &mut [f64], out: &mut [f64]) {
        let (y, s) = v.split_at_mut(self.len);
        scale(s, self.theta);
        self.y.add(y, out);
        self.s.add(s, out);
    }

    /// Row b of `W = [Y θS]`.
    pub(crate) fn row_of_w(&self, b: usize, out: &mut [f64]) {
        let (y, s) = out.split_at_mut(self.len);
        self.y.column(b, 1.0, y);
        self.s.column(b, self.theta, s);
    }

    /// Moves variables between the free and the active side until `active` says where they are.
    pub(crate) fn set_active(&mut self, active: &[bool]) {
        let (y, s) = self.column[..2 * self.len].split_at_mut(self.len);
        for (b, &active) in active.iter().enumerate() {
            if active != self.free.active[b] {
                self.y.column(b, 1.0, y);
                self.s.column(b, 1.0, s);
                self.free.flip(b, s, y);
            }
        }
    }
}

fn scale(v: &mut [f64], factor: f64) {
    for v in v {
        *v *= factor;
    }
}

#[cfg(test)]
mod tests {
    use crate::dense::{Dense, noise};

    /// `K`'s parts and `B v`, by way of which every product is used.
    fn used(pairs: &crate::pairs::Pairs, v: &[f64]) -> Vec<f64> {
        let len = pairs.len();
        let mut bv = vec![0.0; v.len()];
        let mut wv = vec![0.0; 2 * len];
        pairs.project(v, &mut wv);
        pairs.apply_middle(&mut wv);
        pairs.combine(&mut wv, &mut bv);
        let cells = (0..len).flat_map(|i| (0..len).map(move |j| (i, j)));
        let lower = cells.clone().filter(|(i, j)| j <= i);
        let products = lower.flat_map(|at| [pairs.free.yy_free[at], pairs.free.ss_active[at], pairs.sy[at]]);
        bv.extend(products.chain(cells.map(|at| pairs.free.sy[at])).chain([pairs.theta]));
        bv
    }

    #[test]
    fn curvature_added_to_the_pairs_is_as_if_they_had_come_with_it() {
        for (memory, count) in [(3, 2), (4, 4), (4, 7), (5, 13)] {
            let mut random = noise(9);
            let v: Vec<f64> = (0..11).map(|_| random()).collect();
            let [mut added, with] = [0.0, 0.7].map(|c| Dense::with_curvature(11, memory, count, 1, c).pairs);
            added.add_curvature(0.7);
            assert!((added.theta - with.theta).abs() < 1e-10 * with.theta, "{} {}", added.theta, with.theta);
            for (found, expected) in used(&added, &v).into_iter().zip(used(&with, &v)) {
                assert!((found - expected).abs() < 1e-10 * (1.0 + expected.abs()), "{found} {expected}");
            }
        }
    }

    #[test]
    fn pairs_that_lose_their_curvature_are_forgotten() {
        let mut pairs = Dense::new(11, 4, 4, 1).pairs;
        pairs.add_curvature(-100.0);
        assert_eq!(pairs.len(), 0);
    }
}
