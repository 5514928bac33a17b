//! Windows taken apart: first across every row, then down the columns.
//!
//! A row is split by its position modulo the stride.
//! Then each tap of all windows across is one contiguous run, whatever the stride, and the loop over windows fills registers.

use super::axis::Axis;
use crate::real::Real;

/// One row with its padding, split into as many phases as the stride is long.
pub(super) struct Phases<T> {
    across: Axis,
    length: usize,
    scalars: Vec<T>,
}

impl<T: Real> Phases<T> {
    /// Room for rows of this width, padded with a constant.
    pub fn new(across: Axis, padding: T) -> Self {
        let length = across.output + (across.kernel - 1) * across.dilation / across.stride;
        Self { across, length, scalars: vec![padding; length * across.stride] }
    }

    /// Takes in the next row.
    #[inline(always)]
    pub fn split(&mut self, row: &[T]) {
        match self.across.stride {
            1 => self.split_by::<1>(row),
            2 => self.split_by::<2>(row),
            3 => self.split_by::<3>(row),
            stride => {
                for (at, &value) in (self.across.before..).zip(row) {
                    if at / stride < self.length {
                        self.scalars[at % stride * self.length + at / stride] = value;
                    }
                }
            }
        }
    }

    #[inline(always)]
    fn split_by<const STRIDE: usize>(&mut self, row: &[T]) {
        for (phase, scalars) in self.scalars.chunks_exact_mut(self.length).enumerate() {
            let skipped = (phase + STRIDE - self.across.before % STRIDE) % STRIDE;
            let first = (self.across.before + skipped) / STRIDE;
            let Some(values) = row.get(skipped..) else { continue };
            let (whole, rest) = values.as_chunks::<STRIDE>();
            let Some(to) = scalars.get_mut(first..) else { continue };
            to.iter_mut().zip(whole).for_each(|(to, values)| *to = values[0]);
            if let (Some(to), Some(&last)) = (to.get_mut(whole.len()), rest.first()) {
                *to = last;
            }
        }
    }

    /// What tap `k` of each window across sees.
    #[inline(always)]
    pub fn tap(&self, k: usize) -> &[T] {
        let at = k * self.across.dilation;
        let from = at % self.across.stride * self.length + at / self.across.stride;
        &self.scalars[from..from + self.across.output]
    }
}
