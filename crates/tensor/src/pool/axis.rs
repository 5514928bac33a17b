//! Pooling windows along one axis.

use super::{Pool, Rounding};

/// The windows along one axis of a plane.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    pub input: usize,
    pub output: usize,
    pub kernel: usize,
    pub stride: usize,
    pub before: usize,
    pub after: usize,
    pub dilation: usize,
}

impl Axis {
    /// The windows of `pool` along axis 0 (down) or 1 (across); `None` if one sees no pixel or none fits.
    pub fn new(pool: &Pool, axis: usize, input: usize) -> Option<Self> {
        let (kernel, stride, dilation) = (pool.kernel[axis], pool.stride[axis], pool.dilation[axis]);
        let (before, after) = (pool.padding[axis], pool.padding[axis + 2]);
        if kernel == 0 || stride == 0 || dilation == 0 {
            return None;
        }
        let slack = if pool.rounding == Rounding::Ceil { stride - 1 } else { 0 };
        let extent = (kernel - 1) * dilation + 1;
        let steps = (input + before + after + slack).checked_sub(extent)? / stride;
        let starts_beyond = pool.rounding == Rounding::Ceil && steps * stride >= input + before;
        let output = steps + usize::from(!starts_beyond);
        let axis = Self { input, output, kernel, stride, before, after, dilation };
        (output > 0 && (0..output).all(|o| axis.pixels(o).next().is_some())).then_some(axis)
    }

    /// The pixels that window `o` sees, from the first to the last.
    pub fn pixels(self, o: usize) -> impl Iterator<Item = usize> {
        self.positions(o)
            .filter(move |&at| at >= self.before && at < self.before + self.input)
            .map(move |at| at - self.before)
    }

    /// Pixels and padding that window `o` sees, without what lies beyond the padding.
    pub fn pixels_and_padding(self, o: usize) -> usize {
        self.positions(o).filter(|&at| at < self.before + self.input + self.after).count()
    }

    /// Where the window's taps lie, counted from the start of the padding.
    fn positions(self, o: usize) -> impl Iterator<Item = usize> {
        (0..self.kernel).map(move |k| o * self.stride + k * self.dilation)
    }
}
