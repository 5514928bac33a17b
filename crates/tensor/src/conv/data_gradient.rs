//! The adjoint with respect to the image: filters, transposed and turned, sweep over the signal.

use super::correlate::{Correlation, Finish, Pass};
use super::filters::Filters;
use super::geometry::Geometry;
use super::staging::Planes;
use super::sweep::{Axis, Sweep};
use crate::real::Real;

/// The data gradient of a batch of signals.
pub(super) fn data_gradient<T: Real>(g: &Geometry, signal: &[T], weight: &[T]) -> Vec<T> {
    let mut x = vec![T::default(); g.x_shape().iter().product()];
    let passes: Vec<_> = sweeps(g).into_iter().map(|sweep| pass(g, weight, sweep)).collect();
    let correlation = Correlation {
        source: Planes { data: signal, channels: g.filters },
        passes: &passes,
        channels: g.group_filters(),
        planes: g.depth(),
        target: g.input,
        bias: None,
        finish: Finish::Keep,
    };
    correlation.run(g.images, &mut x);
    x
}

fn sweeps(g: &Geometry) -> Vec<Sweep> {
    let [rows, columns] = [0, 1].map(|axis| Axis::backward(g, axis));
    rows.iter().flat_map(|row| columns.iter().map(|column| [row.clone(), column.clone()])).collect()
}

fn pass<T: Real>(g: &Geometry, weight: &[T], sweep: Sweep) -> Pass<T> {
    let (depth, filters) = (g.depth(), g.group_filters());
    let element = g.kernel[0] * g.kernel[1];
    let groups = weight.chunks_exact(filters * depth * element).map(|data| Filters {
        data,
        rows: depth,
        channels: filters,
        row_stride: element,
        channel_stride: depth * element,
    });
    Pass::new(sweep, groups, g.kernel[1])
}
