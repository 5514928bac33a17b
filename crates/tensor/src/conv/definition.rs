//! The convolution and its adjoints by their definition, product by product: slow, and the measure of the fast ones.

use super::geometry::Geometry;
use crate::real::Real;

/// Where the factors of one product lie.
struct Product {
    x: usize,
    weight: usize,
    output: usize,
}

/// Every product of the convolution, by output element; within one by filter row, channel, filter column.
fn each_product(g: &Geometry, mut visit: impl FnMut(Product)) {
    let [rows, columns] = g.output;
    for output in 0..g.images * g.filters * rows * columns {
        let (plane, at) = (output / (rows * columns), output % (rows * columns));
        let (image, filter) = (plane / g.filters, plane % g.filters);
        let first = filter / g.group_filters() * g.depth();
        for tap in 0..g.depth() * g.kernel[0] * g.kernel[1] {
            let (line, tap_column) = (tap / g.kernel[1], tap % g.kernel[1]);
            let (within, tap_row) = (line % g.depth(), line / g.depth());
            let row = g.under(0, at / columns, tap_row);
            let column = g.under(1, at % columns, tap_column);
            if let (Some(row), Some(column)) = (row, column) {
                let channel = image * g.channels + first + within;
                let x = (channel * g.input[0] + row) * g.input[1] + column;
                let weight =
                    ((filter * g.depth() + within) * g.kernel[0] + tap_row) * g.kernel[1] + tap_column;
                visit(Product { x, weight, output });
            }
        }
    }
}

/// The convolution.
pub(super) fn forward<T: Real>(g: &Geometry, x: &[T], weight: &[T], bias: Option<&[T]>) -> Vec<T> {
    let plane = g.output[0] * g.output[1];
    let start = |i: usize| bias.map_or(T::default(), |bias| bias[i / plane % g.filters]);
    let mut y: Vec<T> = (0..g.images * g.filters * plane).map(start).collect();
    each_product(g, |p| y[p.output] = x[p.x].mul_add(weight[p.weight], y[p.output]));
    y
}

/// The adjoint with respect to x: at every position of the signal one sum over the filters for every element, then the positions in order.
pub(super) fn data_gradient<T: Real>(g: &Geometry, signal: &[T], weight: &[T]) -> Vec<T> {
    let mut x = vec![T::default(); g.images * g.channels * g.input[0] * g.input[1]];
    let (plane, element) = (g.output[0] * g.output[1], g.kernel[0] * g.kernel[1]);
    let size = g.depth() * element;
    each_product(g, |p| {
        // The products of a group's first filter stand for those of all its filters.
        let filter = p.output / plane % g.filters;
        if filter.is_multiple_of(g.group_filters()) {
            let terms =
                (0..g.group_filters()).map(|f| (weight[p.weight + f * size], signal[p.output + f * plane]));
            let sum = terms.fold(T::default(), |sum, (w, s)| w.mul_add(s, sum));
            x[p.x] += sum;
        }
    });
    x
}

/// The adjoint with respect to the weight.
pub(super) fn filter_gradient<T: Real>(g: &Geometry, signal: &[T], x: &[T]) -> Vec<T> {
    let mut weight = vec![T::default(); g.filters * g.depth() * g.kernel[0] * g.kernel[1]];
    each_product(g, |p| weight[p.weight] = signal[p.output].mul_add(x[p.x], weight[p.weight]));
    weight
}
