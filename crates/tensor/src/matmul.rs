//! The matrix product, in one fixed order of summation.
//!
//! Every element is `Σₖ a[i,k] · b[k,j]`, added from the first k to the last with fused multiply-adds.
//! Neither the blocking, nor the register width, nor the number of rows or threads changes that order:
//! a row's product has the same bits alone and in a batch of any size.

use crate::real::Real;
use pulp::{Arch, Simd, WithSimd};

/// A matrix that lies in a slice, by its strides.
#[derive(Clone, Copy)]
pub struct View<'a, T> {
    data: &'a [T],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a, T: Real> View<'a, T> {
    /// A row-major matrix.
    ///
    /// # Panics
    /// If the slice does not hold `rows × columns` scalars.
    pub fn new(data: &'a [T], rows: usize, columns: usize) -> Self {
        assert_eq!(data.len(), rows * columns, "matmul: {rows}×{columns} matrix");
        Self { data, rows, columns, row_stride: columns, column_stride: 1 }
    }

    /// The transposed matrix, on the same scalars.
    pub fn transposed(self) -> Self {
        Self {
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
            ..self
        }
    }

    /// Rows and columns.
    pub(crate) fn size(self) -> [usize; 2] {
        [self.rows, self.columns]
    }

    /// The scalars, as they lie.
    pub(crate) fn data(self) -> &'a [T] {
        self.data
    }

    pub(crate) fn row_range(self, from: usize, to: usize) -> Self {
        let data = &self.data[from * self.row_stride..];
        Self { data, rows: to - from, ..self }
    }
}

/// Fewer multiply-adds than this are not worth a second thread.
const WORTH_A_THREAD: usize = 1 << 23;

/// `a · b`, row-major. Large products are shared among rayon's threads.
///
/// # Panics
/// If the inner dimensions differ.
pub fn matmul<T: Real>(a: View<T>, b: View<T>) -> Vec<T> {
    assert_eq!(a.columns, b.rows, "matmul: inner dimensions");
    let mut out = vec![T::default(); a.rows * b.columns];
    split_rows(a, b, &mut out);
    out
}

fn split_rows<T: Real>(a: View<T>, b: View<T>, out: &mut [T]) {
    let alone = rayon::current_num_threads() == 1;
    if alone || a.rows < 16 || a.rows * a.columns * b.columns < 2 * WORTH_A_THREAD {
        return Arch::new().dispatch(Product { a, b, out });
    }
    let half = (a.rows / 2).next_multiple_of(8);
    let (top, bottom) = out.split_at_mut(half * b.columns);
    rayon::join(
        || split_rows(a.row_range(0, half), b, top),
        || split_rows(a.row_range(half, a.rows), b, bottom),
    );
}

struct Product<'a, T> {
    a: View<'a, T>,
    b: View<'a, T>,
    out: &'a mut [T],
}

impl<T: Real> WithSimd for Product<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        match S::REGISTER_COUNT {
            32.. => product::<S, T, 8>(simd, self.a, self.b, self.out),
            _ => product::<S, T, 4>(simd, self.a, self.b, self.out),
        }
    }
}

/// Terms of the sum that one pass adds: a panel of b of this depth stays in the first-level cache.
const DEPTH: usize = 192;

/// Registers across a tile; with 8 rows (4 where there are 16 registers) the sums leave room for the operands.
const ACROSS: usize = 3;

#[inline(always)]
fn product<S: Simd, T: Real, const ROWS: usize>(simd: S, a: View<T>, b: View<T>, out: &mut [T]) {
    let lanes = lanes::<S, T>();
    let (mut a_panels, mut b_panel) = (Vec::new(), Vec::new());
    for start in (0..a.columns).step_by(DEPTH) {
        let depth = DEPTH.min(a.columns - start);
        pack(a, start, depth, ROWS, &mut a_panels);
        for left in (0..b.columns).step_by(ACROSS * lanes) {
            let columns = (ACROSS * lanes).min(b.columns - left);
            let across = columns.div_ceil(lanes);
            pack(b.transposed().row_range(left, left + columns), start, depth, across * lanes, &mut b_panel);
            let strip = Strip { rows: a.rows, columns, stride: b.columns, out: &mut out[left..] };
            match across {
                1 => strip.add::<S, ROWS, 1>(simd, &a_panels, &b_panel),
                2 => strip.add::<S, ROWS, 2>(simd, &a_panels, &b_panel),
                _ => strip.add::<S, ROWS, ACROSS>(simd, &a_panels, &b_panel),
            }
        }
    }
}

#[inline(always)]
pub(crate) fn lanes<S: Simd, T: Real>() -> usize {
    size_of::<T::Vector<S>>() / size_of::<T>()
}

/// Scalars of a register.
pub(crate) fn register_width<T: Real>() -> usize {
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

/// Rows of `matrix` in panels of `height`, within a panel column after column.
/// What the last panel has beyond the rows is left as it was: it ends in sums that are not read.
#[inline(always)]
pub(crate) fn pack<T: Real>(matrix: View<T>, start: usize, depth: usize, height: usize, panels: &mut Vec<T>) {
    panels.resize(matrix.rows.div_ceil(height) * height * depth, T::default());
    for (p, panel) in panels.chunks_exact_mut(height * depth).enumerate() {
        let rows = height.min(matrix.rows - p * height);
        if matrix.row_stride == 1 {
            let data = &matrix.data[start * matrix.column_stride + p * height..];
            pack_along(&Lines { data, stride: matrix.column_stride }, rows, height, panel);
        } else {
            pack_across(matrix.row_range(p * height, p * height + rows), start, height, panel);
        }
    }
}

/// Packs rows that lie side by side. A copy of a number of scalars that the compiler knows is a few registers instead of a call.
#[inline(always)]
fn pack_along<T: Real>(lines: &Lines<T>, rows: usize, height: usize, panel: &mut [T]) {
    match if rows == height { height } else { 0 } {
        4 => lines.copy::<4>(panel),
        8 => lines.copy::<8>(panel),
        12 => lines.copy::<12>(panel),
        16 => lines.copy::<16>(panel),
        24 => lines.copy::<24>(panel),
        32 => lines.copy::<32>(panel),
        48 => lines.copy::<48>(panel),
        _ => {
            for (k, column) in panel.chunks_exact_mut(height).enumerate() {
                column[..rows].copy_from_slice(&lines.data[k * lines.stride..][..rows]);
            }
        }
    }
}

/// Lines of a matrix whose rows lie side by side.
struct Lines<'a, T> {
    data: &'a [T],
    stride: usize,
}

impl<T: Real> Lines<'_, T> {
    /// The first scalars of each line.
    #[inline(always)]
    fn copy<const HEIGHT: usize>(&self, panel: &mut [T]) {
        for (k, column) in panel.as_chunks_mut::<HEIGHT>().0.iter_mut().enumerate() {
            *column =
                *self.data[k * self.stride..].first_chunk().expect("a line as long as the panel is high");
        }
    }
}

/// Packs rows that lie far apart, a square at a time, so that reads and writes both stay in cache lines.
#[inline(always)]
fn pack_across<T: Real>(rows: View<T>, start: usize, height: usize, panel: &mut [T]) {
    const SQUARE: usize = 8;
    let depth = panel.len() / height;
    for first in (0..rows.rows).step_by(SQUARE) {
        let last = rows.rows.min(first + SQUARE);
        for k in (0..depth).step_by(SQUARE) {
            let end = depth.min(k + SQUARE);
            for r in first..last {
                let from = r * rows.row_stride + start;
                let line = &rows.data[from + k..from + end];
                for (column, &value) in panel[k * height..end * height].chunks_exact_mut(height).zip(line) {
                    column[r] = value;
                }
            }
        }
    }
}

/// The inner loop. The sums come and go by value, so that they live in registers in between.
#[inline(always)]
pub(crate) fn accumulate<S: Simd, T: Real, const ROWS: usize, const REGISTERS: usize>(
    simd: S,
    mut sums: [[T::Vector<S>; REGISTERS]; ROWS],
    a_panel: &[T],
    b_panel: &[T],
) -> [[T::Vector<S>; REGISTERS]; ROWS] {
    let (a_columns, _) = a_panel.as_chunks::<ROWS>();
    let (b_rows, _) = T::registers::<S>(b_panel).as_chunks::<REGISTERS>();
    for (a_column, b_row) in a_columns.iter().zip(b_rows) {
        for r in 0..ROWS {
            let a = T::splat(simd, a_column[r]);
            for c in 0..REGISTERS {
                sums[r][c] = T::fused(simd, a, b_row[c], sums[r][c]);
            }
        }
    }
    sums
}

/// A vertical strip of the result, a few registers wide.
struct Strip<'a, T> {
    rows: usize,
    columns: usize,
    stride: usize,
    out: &'a mut [T],
}

/// More scalars than any machine's strip has columns.
const WIDEST: usize = 64;

impl<T: Real> Strip<'_, T> {
    /// Continues every element's sum by the terms of the panels, tile by tile.
    #[inline(always)]
    fn add<S: Simd, const ROWS: usize, const REGISTERS: usize>(
        mut self,
        simd: S,
        a_panels: &[T],
        b_panel: &[T],
    ) {
        let depth = b_panel.len() / (REGISTERS * lanes::<S, T>());
        for (i, a_panel) in a_panels.chunks_exact(depth * ROWS).enumerate() {
            let rows = i * ROWS..self.rows.min((i + 1) * ROWS);
            let mut sums = [[T::splat(simd, T::default()); REGISTERS]; ROWS];
            for (row, sum) in rows.clone().zip(&mut sums) {
                self.load(row, sum);
            }
            let sums = accumulate::<S, T, ROWS, REGISTERS>(simd, sums, a_panel, b_panel);
            for (row, sum) in rows.zip(&sums) {
                self.store::<S, REGISTERS>(row, sum);
            }
        }
    }

    #[inline(always)]
    fn load<S: Simd, const REGISTERS: usize>(&self, row: usize, sum: &mut [T::Vector<S>; REGISTERS]) {
        let width = REGISTERS * lanes::<S, T>();
        let from = &self.out[row * self.stride..][..self.columns];
        if self.columns == width {
            return sum.copy_from_slice(T::registers::<S>(from));
        }
        let mut whole = [T::default(); WIDEST];
        whole[..self.columns].copy_from_slice(from);
        sum.copy_from_slice(T::registers::<S>(&whole[..width]));
    }

    #[inline(always)]
    fn store<S: Simd, const REGISTERS: usize>(&mut self, row: usize, sum: &[T::Vector<S>; REGISTERS]) {
        let width = REGISTERS * lanes::<S, T>();
        let to = &mut self.out[row * self.stride..][..self.columns];
        if self.columns == width {
            return T::registers_mut::<S>(to).copy_from_slice(sum);
        }
        let mut whole = [T::default(); WIDEST];
        T::registers_mut::<S>(&mut whole[..width]).copy_from_slice(sum);
        to.copy_from_slice(&whole[..self.columns]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seeded;
    use rand::Rng;

    fn scalars(rng: &mut impl Rng, n: usize) -> Vec<f64> {
        (0..n).map(|_| rng.random_range(-1.0..1.0)).collect()
    }

    fn at(m: View<f64>, row: usize, column: usize) -> f64 {
        m.data[row * m.row_stride + column * m.column_stride]
    }

    /// The definition: one sum an element, in order, with fused multiply-adds.
    fn by_definition(a: View<f64>, b: View<f64>) -> Vec<f64> {
        let element = |i, j| (0..a.columns).fold(0.0, |sum, k| at(a, i, k).mul_add(at(b, k, j), sum));
        (0..a.rows).flat_map(|i| (0..b.columns).map(move |j| (i, j))).map(|(i, j)| element(i, j)).collect()
    }

    #[test]
    fn the_product_is_the_definition_to_the_last_bit_on_random_shapes_and_strides() {
        let mut rng = seeded(1, "shapes");
        for _ in 0..200 {
            let [m, k, n] = std::array::from_fn(|_| {
                let most = if rng.random_ratio(1, 8) { 500 } else { 60 };
                rng.random_range(1..=most)
            });
            let (a, b) = (scalars(&mut rng, m * k), scalars(&mut rng, k * n));
            let a = if rng.random() { View::new(&a, m, k) } else { View::new(&a, k, m).transposed() };
            let b = if rng.random() { View::new(&b, k, n) } else { View::new(&b, n, k).transposed() };
            assert_eq!(matmul(a, b), by_definition(a, b), "{m}×{k} · {k}×{n}");
        }
    }

    #[test]
    fn a_row_alone_and_in_a_batch_has_the_same_bits() {
        let mut rng = seeded(2, "rows");
        let (x, w) = (scalars(&mut rng, 300 * 784), scalars(&mut rng, 100 * 784));
        let w = View::new(&w, 100, 784).transposed();
        let together = matmul(View::new(&x, 300, 784), w);
        for (row, expected) in x.chunks(784).zip(together.chunks(100)) {
            assert_eq!(matmul(View::new(row, 1, 784), w), expected);
        }
    }
}
