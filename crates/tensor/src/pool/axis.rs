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
        // A single window takes no step: a long one would only cost memory.
        let stride = if output == 1 { stride.min(extent) } else { stride };
        let axis = Self { input, output, kernel, stride, dilation, before, after };
        (output > 0 && (0..output).all(|o| axis.first_pixel(o).is_some())).then_some(axis)
    }

    /// The first tap of window `o` that sees a pixel.
    pub fn first_pixel(self, o: usize) -> Option<usize> {
        let tap = self.before.saturating_sub(o * self.stride).div_ceil(self.dilation);
        (tap < self.kernel && self.holds_pixel(o * self.stride + tap * self.dilation)).then_some(tap)
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

    /// How many places all phases have together.
    pub fn reached(self) -> usize {
        self.stride * self.phase_length()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The windows along 7 pixels, if they fit.
    fn axis(kernel: usize, stride: usize, dilation: usize, padding: usize) -> Option<Axis> {
        let pool = Pool {
            padding: [padding; 4],
            dilation: [dilation; 2],
            rounding: Rounding::Ceil,
            ..Pool::square(kernel, stride)
        };
        Axis::new(&pool, 0, 7)
    }

    #[test]
    fn the_first_tap_that_sees_a_pixel_is_the_one_that_a_search_finds() {
        let sizes = 1..6;
        for (kernel, stride) in sizes.clone().flat_map(|kernel| (1..6).map(move |stride| (kernel, stride))) {
            for (dilation, padding) in sizes.clone().flat_map(|dilation| (0..6).map(move |p| (dilation, p))) {
                let Some(axis) = axis(kernel, stride, dilation, padding) else { continue };
                for o in 0..axis.output + 3 {
                    let found = axis.positions(o).position(|at| axis.holds_pixel(at));
                    assert_eq!(axis.first_pixel(o), found, "{axis:?} {o}");
                }
            }
        }
    }

    #[test]
    fn a_single_window_takes_no_room_for_steps() {
        let single = axis(3, 65_535, 2, 0).expect("a window");
        assert_eq!((single.output, single.reached()), (1, 5));
        assert_eq!(axis(65_535, 65_535, 1, 0).map(Axis::reached), Some(65_535));
    }
}
