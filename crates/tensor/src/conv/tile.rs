//! The innermost product: a few rows of packed filters times a panel a few registers wide.

use crate::matmul::{accumulate, lanes};
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

/// Scalars of a register.
pub(super) fn register_width<T: Real>() -> usize {
    struct Lanes<T>(std::marker::PhantomData<T>);
    impl<T: Real> WithSimd for Lanes<T> {
        type Output = usize;
        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> usize {
            lanes::<S, T>()
        }
    }
    Arch::new().dispatch(Lanes::<T>(std::marker::PhantomData))
}

/// Registers, as evenly as possible in panels of at most [`ACROSS`]: four are two and two rather than three and one.
pub(super) fn panels(registers: usize) -> impl ExactSizeIterator<Item = Range<usize>> {
    let count = registers.div_ceil(ACROSS);
    (0..count).map(move |p| p * registers / count..(p + 1) * registers / count)
}

/// Continues the sums of all tiles under a panel, `across` registers wide.
#[inline(always)]
pub(super) fn add<S: Simd, T: Real, const ROWS: usize>(
    simd: S,
    filters: &[T],
    panel: &[T],
    across: usize,
    sums: &mut [T],
) {
    match across {
        1 => tiles::<S, T, ROWS, 1>(simd, filters, panel, sums),
        2 => tiles::<S, T, ROWS, 2>(simd, filters, panel, sums),
        _ => tiles::<S, T, ROWS, ACROSS>(simd, filters, panel, sums),
    }
}

#[inline(always)]
fn tiles<S: Simd, T: Real, const ROWS: usize, const REGISTERS: usize>(
    simd: S,
    filters: &[T],
    panel: &[T],
    sums: &mut [T],
) {
    let depth = panel.len() / (REGISTERS * lanes::<S, T>());
    let tiles = T::registers_mut::<S>(sums).as_chunks_mut::<REGISTERS>().0.as_chunks_mut::<ROWS>().0;
    for (filters, tile) in filters.chunks_exact(depth * ROWS).zip(tiles) {
        *tile = accumulate::<S, T, ROWS, REGISTERS>(simd, *tile, filters, panel);
    }
}
