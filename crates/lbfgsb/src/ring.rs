//! The last m vectors of n numbers, as rows of one contiguous matrix.

use crate::products::{add_rows, row_products};
use serde::{Deserialize, Serialize};

/// At most m rows of n numbers; a new row takes the place of the oldest.
///
/// Oldest first, the rows are two runs: from the oldest to the end of the matrix, then from its beginning.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Ring {
    n: usize,
    rows: Vec<f64>,
    len: usize,
    oldest: usize,
}

impl Ring {
    pub(crate) fn new(n: usize, capacity: usize) -> Self {
        Self { n, rows: vec![0.0; capacity * n], len: 0, oldest: 0 }
    }

    pub(crate) fn clear(&mut self) {
        (self.len, self.oldest) = (0, 0);
    }

    /// Adds a row; `replace` where the ring is full.
    pub(crate) fn push(&mut self, row: &[f64], replace: bool) {
        let at = if replace { self.oldest } else { self.len };
        if replace {
            self.oldest = (self.oldest + 1) % self.len;
        } else {
            self.len += 1;
        }
        self.rows[at * self.n..][..self.n].copy_from_slice(row);
    }

    /// `out[i][k] = <row i, vectors[k]>`, oldest first.
    pub(crate) fn products<const K: usize>(&self, vectors: [&[f64]; K], out: &mut [[f64; K]]) {
        let (older, newer) = self.runs();
        let (out_older, out_newer) = out.split_at_mut(self.len - self.oldest);
        row_products(older, vectors, out_older);
        row_products(newer, vectors, out_newer);
    }

    /// `out += Σ_i coefficients[i] · row i`, oldest first.
    pub(crate) fn add(&self, coefficients: &[f64], out: &mut [f64]) {
        let (older, newer) = self.runs();
        let (for_older, for_newer) = coefficients.split_at(self.len - self.oldest);
        add_rows(older, for_older, out);
        add_rows(newer, for_newer, out);
    }

    /// `out[i] = factor · row i [b]`, oldest first.
    pub(crate) fn column(&self, b: usize, factor: f64, out: &mut [f64]) {
        let mut row = self.oldest;
        for out in out {
            *out = factor * self.rows[row * self.n + b];
            row = if row + 1 == self.len { 0 } else { row + 1 };
        }
    }

    /// `row i += factor · row i of other`, a ring that was pushed to and cleared together with this one.
    pub(crate) fn add_ring(&mut self, factor: f64, other: &Ring) {
        let rows = &mut self.rows[..self.len * self.n];
        rows.iter_mut().zip(&other.rows).for_each(|(row, other)| *row += factor * other);
    }

    fn runs(&self) -> (&[f64], &[f64]) {
        let (newer, older) = self.rows[..self.len * self.n].split_at(self.oldest * self.n);
        (older, newer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_oldest_first_before_and_after_the_ring_is_full() {
        let mut ring = Ring::new(2, 3);
        for k in 1..=8 {
            ring.push(&[f64::from(k), -f64::from(k)], k > 3);
            let kept: Vec<f64> = (1.max(k - 2)..=k).map(f64::from).collect();
            let (mut column, mut products) = (vec![0.0; kept.len()], vec![[0.0]; kept.len()]);
            ring.column(1, -1.0, &mut column);
            ring.products([&[1.0, 0.0]], &mut products);
            assert_eq!(column, kept);
            assert_eq!(products.as_flattened(), kept);
            let mut sum = [0.0; 2];
            ring.add(&[1.0, 10.0, 100.0][..kept.len()], &mut sum);
            let expected: f64 = kept.iter().zip([1.0, 10.0, 100.0]).map(|(a, b)| a * b).sum();
            assert_eq!(sum, [expected, -expected]);
        }
    }
}
