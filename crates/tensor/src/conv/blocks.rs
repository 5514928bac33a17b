//! A group's filters in the order in which the convolution reads them.

use super::geometry::Geometry;
use super::tile;
use crate::real::Real;
use rayon::prelude::*;
use std::ops::Range;

/// Terms of a sum that one pass over the registers adds, about.
const DEPTH: usize = 256;

/// Some rows and channels of a group's filters, in panels of a few filters.
pub(super) struct Block<T> {
    pub rows: Range<usize>,
    pub channels: Range<usize>,
    pub filters: Vec<T>,
}

/// The packed filters of every group.
pub(super) fn blocks<T: Real>(g: &Geometry, weight: &[T]) -> Vec<Vec<Block<T>>> {
    let group = |weight: &[T]| cuts(g).into_par_iter().map(|cut| block(g, weight, cut)).collect();
    weight.chunks_exact(g.group_filters() * g.depth() * g.element()).map(group).collect()
}

/// The rows and channels of every block: whole rows as far as they are not too many terms, else an even share of the channels of one row.
fn cuts(g: &Geometry) -> Vec<(Range<usize>, Range<usize>)> {
    let [rows, columns] = g.kernel;
    let row = g.depth() * columns;
    let (rows_step, channels_step) = ((DEPTH / row).max(1), g.depth().div_ceil(row.div_ceil(DEPTH)));
    let steps = |size: usize, step: usize| (0..size).step_by(step).map(move |i| i..size.min(i + step));
    steps(rows, rows_step)
        .flat_map(|rows| steps(g.depth(), channels_step).map(move |channels| (rows.clone(), channels)))
        .collect()
}

fn block<T: Real>(g: &Geometry, weight: &[T], (rows, channels): (Range<usize>, Range<usize>)) -> Block<T> {
    let [height, width] = g.kernel;
    let term = |row: usize, channel: usize, column: usize| (channel * height + row) * width + column;
    let terms: Vec<_> = rows
        .clone()
        .flat_map(|row| channels.clone().map(move |channel| (row, channel)))
        .flat_map(|(row, channel)| (0..width).map(move |column| term(row, channel, column)))
        .collect();
    let filter = g.depth() * g.element();
    let filters = match tile::tile_rows(g.group_filters()) {
        8 => pack::<T, 8>(weight, filter, &terms),
        _ => pack::<T, 4>(weight, filter, &terms),
    };
    Block { rows, channels, filters }
}

/// These terms of the filters, in panels of a few filters, term after term; the last filter fills the last panel.
fn pack<T: Real, const ROWS: usize>(weight: &[T], filter: usize, terms: &[usize]) -> Vec<T> {
    let mut panels = vec![T::default(); (weight.len() / filter).next_multiple_of(ROWS) * terms.len()];
    for (weight, panel) in weight.chunks(ROWS * filter).zip(panels.chunks_exact_mut(ROWS * terms.len())) {
        let last = weight.len() / filter - 1;
        let rows: [&[T]; ROWS] = std::array::from_fn(|row| &weight[row.min(last) * filter..][..filter]);
        for (places, &term) in panel.as_chunks_mut::<ROWS>().0.iter_mut().zip(terms) {
            *places = rows.map(|row| row[term]);
        }
    }
    panels
}
