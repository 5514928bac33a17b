//! Pooling over windows of each plane of an image.

mod axis;
mod fold;
mod global_mean;
mod l2;
mod max;
mod mean;
mod phases;
mod spread;
mod switches;
mod unpool;

use axis::Axis;
pub use global_mean::{global_mean_pool, global_mean_pool_gradient};
pub use l2::{l2_pool, l2_pool_gradient};
pub use max::max_pool;
pub use mean::{PaddingInMean, mean_pool, mean_pool_gradient};
pub use switches::max_pool_with_switches;
pub use unpool::{Unpool, unpool};

/// How a pooling window slides over a plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Height and width of the window.
    pub kernel: [usize; 2],
    /// Steps down and to the right.
    pub stride: [usize; 2],
    /// Top, left, bottom, right.
    pub padding: [usize; 4],
    /// Distance of a window's neighboring pixels.
    pub dilation: [usize; 2],
    /// Whether a last window that reaches beyond the padded image counts.
    pub rounding: Rounding,
}

/// How the number of windows is rounded where the stride does not divide the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Only windows that lie within the padded image.
    Floor,
    /// Also the last one that reaches beyond it, unless it would start beyond the image and its leading padding.
    Ceil,
}

impl Pool {
    /// A square window without padding or dilation, rounded down.
    pub fn square(kernel: usize, stride: usize) -> Self {
        Self {
            kernel: [kernel; 2],
            stride: [stride; 2],
            padding: [0; 4],
            dilation: [1; 2],
            rounding: Rounding::Floor,
        }
    }

    /// Height and width of the pooled plane; `None` if the window does not fit or one would see nothing but padding.
    pub fn output_size(&self, input: [usize; 2]) -> Option<[usize; 2]> {
        let [down, across] = self.axes(input)?;
        Some([down.output, across.output])
    }

    /// Height and width of what is kept in memory of one plane: all that windows reach, padding included; `None` as in [`Pool::output_size`].
    pub fn reached_size(&self, input: [usize; 2]) -> Option<[usize; 2]> {
        let [down, across] = self.axes(input)?;
        Some([down.reached(), across.reached()])
    }

    fn axes(&self, input: [usize; 2]) -> Option<[Axis; 2]> {
        Some([Axis::new(self, 0, input[0])?, Axis::new(self, 1, input[1])?])
    }

    /// The windows down and across a plane.
    ///
    /// # Panics
    /// If the window does not fit.
    fn windows(&self, operation: &str, input: [usize; 2]) -> [Axis; 2] {
        self.axes(input).unwrap_or_else(|| panic!("{operation}: {self:?} does not fit {input:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ceil_adds_the_window_that_reaches_beyond_and_drops_the_one_that_starts_beyond() {
        let cases = [
            ((55, 3, 2, 0, Rounding::Floor), Some(27)),
            ((54, 3, 2, 0, Rounding::Floor), Some(26)),
            ((54, 3, 2, 0, Rounding::Ceil), Some(27)),
            ((4, 2, 3, 1, Rounding::Ceil), Some(2)),
            ((5, 2, 3, 1, Rounding::Ceil), Some(2)),
            ((6, 2, 3, 1, Rounding::Ceil), Some(3)),
            ((2, 3, 2, 0, Rounding::Ceil), Some(1)),
            ((2, 3, 2, 0, Rounding::Floor), None),
            ((5, 2, 2, 2, Rounding::Floor), None),
            ((0, 1, 1, 0, Rounding::Floor), None),
        ];
        for ((input, kernel, stride, padding, rounding), expected) in cases {
            let pool = Pool { padding: [padding; 4], rounding, ..Pool::square(kernel, stride) };
            let got = pool.output_size([input; 2]).map(|[h, _]| h);
            assert_eq!(got, expected, "{input} {kernel}/{stride} padding {padding} {rounding:?}");
        }
    }
}
