//! The data gradient at stride 1 as a convolution of the signal with turned filters.

use super::forward::{Finish, forward};
use super::geometry::{Conv, Geometry};
use crate::real::Real;

/// The convolution that is the data gradient, if there is one and it is no larger than the convolution itself.
pub(super) fn turned(g: &Geometry) -> Option<Geometry> {
    let reach = [0, 1].map(|axis| g.conv.dilation[axis] * (g.kernel[axis] - 1));
    let padding = [0, 1, 2, 3].map(|side| reach[side % 2].checked_sub(g.conv.padding[side]));
    let [Some(top), Some(left), Some(bottom), Some(right)] = padding else { return None };
    let whole = g.conv.stride == [1, 1] && g.output[0] >= g.input[0] && g.output[1] >= g.input[1];
    whole.then_some(Geometry {
        conv: Conv { padding: [top, left, bottom, right], ..g.conv },
        channels: g.filters,
        filters: g.channels,
        input: g.output,
        output: g.input,
        ..*g
    })
}

/// The data gradient by the convolution of [`turned`].
pub(super) fn convolve<T: Real>(g: &Geometry, turned: &Geometry, signal: &[T], weight: &[T]) -> Vec<T> {
    forward(turned, signal, &turn(g, weight), None, Finish::Keep)
}

/// The filters with channels and filters exchanged within every group, and rows and columns backwards.
fn turn<T: Real>(g: &Geometry, weight: &[T]) -> Vec<T> {
    let mut turned = Vec::with_capacity(weight.len());
    for group in weight.chunks_exact(g.group_filters() * g.depth() * g.element()) {
        for channel in 0..g.depth() {
            for filter in group.chunks_exact(g.depth() * g.element()) {
                turned.extend(filter[channel * g.element()..][..g.element()].iter().rev());
            }
        }
    }
    turned
}
