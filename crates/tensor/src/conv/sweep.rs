//! Which elements of the source a sum reads: the same along rows and columns.

use super::geometry::Geometry;
use std::ops::{Range, RangeInclusive};

/// One axis of a sweep.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    /// The source's length; beyond it there are zeros.
    pub source: usize,
    /// Where the first tap lies at the first position.
    pub first: isize,
    /// How many results there are, and steps in the source from one to the next.
    pub positions: usize,
    pub stride: usize,
    /// How many elements of the source are added at a position, and steps in the source from one to the next.
    pub taps: usize,
    pub dilation: usize,
}

impl Axis {
    /// The convolution's: a filter's elements at every position.
    pub fn over_positions(g: &Geometry, axis: usize) -> Self {
        Self {
            source: g.input[axis],
            first: -(g.conv.padding[axis] as isize),
            positions: g.output[axis],
            stride: g.conv.stride[axis],
            taps: g.kernel[axis],
            dilation: g.conv.dilation[axis],
        }
    }

    /// The filter gradient's: some positions, for every element of the filter.
    pub fn over_elements(g: &Geometry, axis: usize, positions: Range<usize>) -> Self {
        let whole = Self::over_positions(g, axis);
        Self {
            first: whole.first + (positions.start * whole.stride) as isize,
            positions: whole.taps,
            stride: whole.dilation,
            taps: positions.len(),
            dilation: whole.stride,
            ..whole
        }
    }

    /// The taps of which at some of these positions more than padding is read.
    pub fn met(&self, positions: RangeInclusive<usize>) -> Range<usize> {
        let reads = |&tap: &usize| {
            let at = |position: usize| self.first + (position * self.stride + tap * self.dilation) as isize;
            at(*positions.end()) >= 0 && at(*positions.start()) < self.source as isize
        };
        let first = (0..self.taps).find(reads).unwrap_or(self.taps);
        first..(first..self.taps).rfind(reads).map_or(first, |last| last + 1)
    }

    /// Nothing but the source itself.
    pub fn over_points(source: usize) -> Self {
        Self { source, first: 0, positions: source, stride: 1, taps: 1, dilation: 1 }
    }

    /// The extent in the source of this number of positions.
    pub fn reach(&self, positions: usize) -> usize {
        (positions - 1) * self.stride + (self.taps - 1) * self.dilation + 1
    }
}

/// Rows and columns.
pub(super) type Sweep = [Axis; 2];
