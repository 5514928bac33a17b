//! Pooling windows along one axis.

use super::{Pool, Rounding};

/// The windows along one axis of a plane.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    /// Pixels.
    pub input: usize,
    /// Windows.
    pub output: usize,
    pub kernel: usize,
    pub stride: usize,
    pub dilation: usize,
    /// Padding before the first pixel.
    pub before: usize,
    after: usize,
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
        let axis = Self { input, output, kernel, stride, dilation, before, after };
        (output > 0 && (0..output).all(|o| axis.first_pixel(o).is_some())).then_some(axis)
    }

    /// The first tap of window `o` that sees a pixel.
    pub fn first_pixel(self, o: usize) -> Option<usize> {
        self.positions(o).position(|at| self.holds_pixel(at))
    }

    /// How many pixels window `o` sees.
    pub fn pixels(self, o: usize) -> usize {
        self.positions(o).filter(|&at| self.holds_pixel(at)).count()
    }

    /// How many pixels and places of padding window `o` sees, without what lies beyond the padding.
    pub fn pixels_and_padding(self, o: usize) -> usize {
        self.positions(o).filter(|&at| at < self.before + self.input + self.after).count()
    }

    /// Where the window's taps lie, counted from the start of the padding.
    fn positions(self, o: usize) -> impl Iterator<Item = usize> {
        (0..self.kernel).map(move |k| o * self.stride + k * self.dilation)
    }

    fn holds_pixel(self, position: usize) -> bool {
        (self.before..self.before + self.input).contains(&position)
    }

    /// The phase that tap `k` of every window reads, and the first window's place in it.
    pub fn tap(self, k: usize) -> (usize, usize) {
        (k * self.dilation % self.stride, k * self.dilation / self.stride)
    }

    /// How long a phase is: every tap of every window finds its place.
    pub fn phase_length(self) -> usize {
        self.output + self.tap(self.kernel - 1).1
    }
}
