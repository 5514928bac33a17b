//! The innermost product: a few rows of packed filters times a panel a few registers wide.

use crate::matmul::accumulate;
use crate::real::Real;
use pulp::{Arch, Simd, WithSimd};
use std::ops::Range;

/// Registers across a tile.
pub(super) const ACROSS: usize = 3;

/// Rows of a tile: with 8 rows (4 where there are 16 registers) the sums leave room for the operands.
pub(super) fn tile_rows(rows: usize) -> usize {
    if rows > 4 && Arch::new().dispatch(Registers) >= 32 { 8 } else { 4 }
}

struct Registers;

impl WithSimd for Registers {
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> usize {
        S::REGISTER_COUNT
    }
}

/// Columns in panels of at most [`ACROSS`] registers, as evenly as possible: four registers are two and two rather than three and one.
pub(super) fn panels(columns: usize, lanes: usize) -> impl ExactSizeIterator<Item = Range<usize>> {
    let registers = columns.div_ceil(lanes);
    let count = registers.div_ceil(ACROSS);
    let start = move |panel: usize| panel * registers / count * lanes;
    (0..count).map(move |panel| start(panel)..start(panel + 1).min(columns))
}

/// Filters in panels of a tile's rows, each so many terms deep, and the terms that are to be added.
pub(super) struct Terms<'a, T> {
    pub filters: &'a [T],
    pub depth: usize,
    pub range: Range<usize>,
}

/// Continues the sums of all tiles under a panel, `across` registers wide.
#[inline(always)]
pub(super) fn add<S: Simd, T: Real, const ROWS: usize>(
    simd: S,
    terms: &Terms<T>,
    panel: &[T],
    across: usize,
    sums: &mut [T],
) {
    match across {
        1 => tiles::<S, T, ROWS, 1>(simd, terms, panel, sums),
        2 => tiles::<S, T, ROWS, 2>(simd, terms, panel, sums),
        _ => tiles::<S, T, ROWS, ACROSS>(simd, terms, panel, sums),
    }
}

#[inline(always)]
fn tiles<S: Simd, T: Real, const ROWS: usize, const REGISTERS: usize>(
    simd: S,
    terms: &Terms<T>,
    panel: &[T],
    sums: &mut [T],
) {
    let tiles = T::registers_mut::<S>(sums).as_chunks_mut::<REGISTERS>().0.as_chunks_mut::<ROWS>().0;
    let range = terms.range.start * ROWS..terms.range.end * ROWS;
    for (filters, tile) in terms.filters.chunks_exact(terms.depth * ROWS).zip(tiles) {
        *tile = accumulate::<S, T, ROWS, REGISTERS>(simd, *tile, &filters[range.clone()], panel);
    }
}
