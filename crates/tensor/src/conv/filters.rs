//! Filters in the order in which the inner loop reads them.

use super::sweep::{Sweep, filter_elements};
use crate::real::Real;
use rayon::prelude::*;
use std::ops::Range;

/// Terms of a sum that one pass over the registers adds, about.
const DEPTH: usize = 256;

/// A matrix of filters: one row for every plane of the result, and in it, for every channel, the filter's elements.
#[derive(Clone, Copy)]
pub(super) struct Filters<'a, T> {
    pub data: &'a [T],
    pub rows: usize,
    pub channels: usize,
    pub row_stride: usize,
    pub channel_stride: usize,
}

/// Some channels of the filters, in panels of a few rows, within a panel term after term.
pub(super) struct Block<T> {
    pub channels: Range<usize>,
    pub panels: Vec<T>,
}

/// All channels, block by block.
pub(super) fn pack<T: Real>(
    filters: Filters<T>,
    sweep: &Sweep,
    width: usize,
    height: usize,
) -> Vec<Block<T>> {
    let elements = filter_elements(sweep, width);
    let step = (DEPTH / elements.len()).max(1);
    let starts: Vec<_> = (0..filters.channels).step_by(step).collect();
    let block = |&start: &usize| {
        let channels = start..filters.channels.min(start + step);
        Block { panels: panels(filters, channels.clone(), &elements, height), channels }
    };
    let worth_threads = filters.rows * filters.channels * elements.len() > 1 << 16;
    if worth_threads { starts.par_iter().map(block).collect() } else { starts.iter().map(block).collect() }
}

fn panels<T: Real>(filters: Filters<T>, channels: Range<usize>, elements: &[usize], height: usize) -> Vec<T> {
    let depth = channels.len() * elements.len();
    let mut panels = vec![T::default(); filters.rows.div_ceil(height) * height * depth];
    for row in 0..filters.rows {
        let panel = &mut panels[row / height * height * depth..][..height * depth];
        let mut places = panel[row % height..].iter_mut().step_by(height);
        for channel in channels.clone() {
            let from = &filters.data[row * filters.row_stride + channel * filters.channel_stride..];
            for (&element, place) in elements.iter().zip(&mut places) {
                *place = from[element];
            }
        }
    }
    panels
}
