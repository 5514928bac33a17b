//! The adjoint with respect to the filters.

use super::geometry::Geometry;
use crate::real::Real;

/// TODO
pub(super) fn filter_gradient<T: Real>(g: &Geometry, signal: &[T], x: &[T]) -> Vec<T> {
    let mut weight = vec![T::default(); g.weight_shape().iter().product()];
    let [rows, columns] = g.output;
    for output in 0..g.images * g.filters * rows * columns {
        let (plane, at) = (output / (rows * columns), output % (rows * columns));
        let (image, filter) = (plane / g.filters, plane % g.filters);
        let first = filter / g.group_filters() * g.depth();
        for tap in 0..g.depth() * g.kernel[0] * g.kernel[1] {
            let (channel, tap_row) = (tap / g.kernel[1] / g.kernel[0], tap / g.kernel[1] % g.kernel[0]);
            let row = g.under(0, at / columns, tap_row);
            let column = g.under(1, at % columns, tap % g.kernel[1]);
            if let (Some(row), Some(column)) = (row, column) {
                let channel = image * g.channels + first + channel;
                let x_at = (channel * g.input[0] + row) * g.input[1] + column;
                let w = &mut weight[filter * g.depth() * g.kernel[0] * g.kernel[1] + tap];
                *w = signal[output].mul_add(x[x_at], *w);
            }
        }
    }
    weight
}
