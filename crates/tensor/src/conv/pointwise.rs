//! The data gradient of filters of one element at stride 1: a convolution of the signal with transposed filters.

use super::forward::{Finish, forward};
use super::geometry::Geometry;
use crate::real::Real;

/// The convolution that is the data gradient, if there is one.
pub(super) fn exchanged(g: &Geometry) -> Option<Geometry> {
    let pointwise = g.element() == 1 && g.conv.stride == [1, 1] && g.conv.padding == [0; 4];
    pointwise.then_some(Geometry { channels: g.filters, filters: g.channels, ..*g })
}

/// The data gradient by the convolution of [`exchanged`].
pub(super) fn convolve<T: Real>(g: &Geometry, exchanged: &Geometry, signal: &[T], weight: &[T]) -> Vec<T> {
    forward(exchanged, signal, &transpose(g, weight), None, Finish::Keep)
}

/// The filters with channels and filters exchanged within every group.
fn transpose<T: Real>(g: &Geometry, weight: &[T]) -> Vec<T> {
    let groups = weight.chunks_exact(g.group_filters() * g.depth());
    let channel = |group: &[T], channel: usize| group[channel..].iter().step_by(g.depth()).copied().collect();
    groups.flat_map(|group| (0..g.depth()).flat_map(move |c| -> Vec<T> { channel(group, c) })).collect()
}
