//! The convolution.

use super::correlate::{Correlation, Finish, Pass};
use super::filters::Filters;
use super::geometry::Geometry;
use super::staging::Planes;
use super::sweep::Axis;
use crate::real::Real;

/// The convolution of the batch x; sums start from the bias.
pub(super) fn forward<T: Real>(
    g: &Geometry,
    x: &[T],
    weight: &[T],
    bias: Option<&[T]>,
    finish: Finish,
) -> Vec<T> {
    let mut y = vec![T::default(); g.output_shape().iter().product()];
    let (depth, filters) = (g.depth(), g.group_filters());
    let element = g.kernel[0] * g.kernel[1];
    let groups = weight.chunks_exact(filters * depth * element).map(|data| Filters {
        data,
        rows: filters,
        channels: depth,
        row_stride: depth * element,
        channel_stride: element,
    });
    let pass = Pass::new([0, 1].map(|axis| Axis::forward(g, axis)), groups, g.kernel[1]);
    let correlation = Correlation {
        source: Planes { data: x, channels: g.channels },
        passes: &[pass],
        channels: depth,
        planes: filters,
        target: g.output,
        bias,
        finish,
    };
    correlation.run(g.images, &mut y);
    y
}
