//! Filters transposed for the data gradient: one row for every element of a filter, with a term for every filter.

use super::geometry::Geometry;
use super::tile;
use crate::real::Real;
use rayon::prelude::*;
use std::ops::Range;

/// Channels whose elements alternate.
const NEIGHBORS: usize = 8;

/// Every group's filters, a number of channels at a time, in panels of a tile's rows.
pub(super) fn transposed<T: Real>(g: &Geometry, weight: &[T], channels: usize) -> Vec<Vec<Vec<T>>> {
    let starts: Vec<_> = (0..g.depth()).step_by(channels).collect();
    let group = |weight: &[T]| {
        let share = |&start: &usize| {
            let elements = elements(g, start..g.depth().min(start + channels));
            pack(weight, &elements, g.depth() * g.element(), tile::tile_rows(elements.len()))
        };
        starts.par_iter().map(share).collect()
    };
    weight.chunks_exact(g.group_filters() * g.depth() * g.element()).map(group).collect()
}

/// The filters' elements in these channels, the last ones first, so that a pixel receives from the signal's positions in order.
/// Neighbors are elements of different channels: what one adds to, the next one need not wait for.
pub(super) fn elements(g: &Geometry, channels: Range<usize>) -> Vec<usize> {
    let blocks = channels.clone().step_by(NEIGHBORS).map(|c| c..channels.end.min(c + NEIGHBORS));
    let taps = |block: Range<usize>| {
        let size = g.element();
        (0..size).rev().flat_map(move |tap| block.clone().map(move |channel| channel * size + tap))
    };
    blocks.flat_map(taps).collect()
}

/// Columns of a row-major matrix in panels of a few, row after row.
fn pack<T: Real>(matrix: &[T], columns: &[usize], width: usize, height: usize) -> Vec<T> {
    let depth = matrix.len() / width;
    let mut panels = vec![T::default(); columns.len().next_multiple_of(height) * depth];
    for (columns, panel) in columns.chunks(height).zip(panels.chunks_exact_mut(height * depth)) {
        for (row, places) in matrix.chunks_exact(width).zip(panel.chunks_exact_mut(height)) {
            for (place, &column) in places.iter_mut().zip(columns) {
                *place = row[column];
            }
        }
    }
    panels
}
