//! The dense layer's product, which reads the weight once, where it lies.
//!
//! A weight may be larger than any cache, and a few images bring too little work to pay for packing it.
//! So only the images are packed, side by side in registers, and every scalar of the weight meets them as it comes from memory.

use crate::matmul::{View, lanes, pack, register_width};
use crate::real::Real;
use crate::tasks::run;
use pulp::{Arch, Simd, WithSimd};

/// Rows of the weight that are read together, at most.
const MOST_ROWS: usize = 8;

/// Registers of images that a row meets at once: with 8 rows (4 where there are 16 registers) the sums leave room for the operands.
const ACROSS: usize = 3;

/// Scalars of a row that are read before those of the next rows, so that what they meet stays in the second-level cache.
const DEPTH: usize = 1024;

/// Sums that a task keeps, so that they stay in the second-level cache.
const SUMS: usize = 1 << 16;

/// Tasks for every thread, so that all are busy to the end.
const TASKS: usize = 4;

/// Fewer multiply-adds than this are not worth a second thread.
const WORTH_A_THREAD: usize = 1 << 20;

/// `x · weightᵀ`, row-major: the plain product to the last bit.
pub(crate) fn product<T: Real>(x: View<T>, weight: View<T>) -> Vec<T> {
    let ([images, depth], [outputs, _]) = (x.size(), weight.size());
    let mut y = vec![T::default(); images * outputs];
    if y.is_empty() || depth == 0 {
        return y;
    }
    let threads =
        if images * weight.data().len() < WORTH_A_THREAD { 1 } else { rayon::current_num_threads() };
    let packed = Images::pack(x, threads);
    let most = (SUMS / packed.across()).max(1);
    let share = outputs.div_ceil(TASKS * threads).min(most).next_multiple_of(MOST_ROWS);
    run(threads, shares(weight.data(), depth, share, &mut y), |share, sums| {
        Arch::new().dispatch(Task { images: &packed, share, sums });
    });
    y
}

/// A batch in panels of a few registers' width.
struct Images<T> {
    depth: usize,
    /// Images of a panel, the last one filled up.
    width: usize,
    panels: usize,
    /// The panels of every [`DEPTH`] scalars.
    blocks: Vec<Vec<T>>,
}

impl<T: Real> Images<T> {
    fn pack(x: View<T>, threads: usize) -> Self {
        let [images, depth] = x.size();
        let registers = images.div_ceil(register_width::<T>());
        let panels = registers.div_ceil(ACROSS);
        let width = registers.div_ceil(panels) * register_width::<T>();
        let mut blocks = vec![Vec::new(); depth.div_ceil(DEPTH)];
        run(threads, blocks.iter_mut().enumerate().collect(), |(block, panels), ()| {
            let start = block * DEPTH;
            pack(x, start, DEPTH.min(depth - start), width, panels);
        });
        Self { depth, width, panels, blocks }
    }

    /// Images of all panels.
    fn across(&self) -> usize {
        self.panels * self.width
    }
}

/// Some rows of the weight, and their products with every image.
struct Share<'a, T> {
    weight: &'a [T],
    outputs: Vec<&'a mut [T]>,
}

/// Divides the result by rows of the weight.
fn shares<'a, T>(weight: &'a [T], depth: usize, rows: usize, y: &'a mut [T]) -> Vec<Share<'a, T>> {
    let share = |weight| Share { weight, outputs: Vec::new() };
    let mut shares: Vec<_> = weight.chunks(rows * depth).map(share).collect();
    for image in y.chunks_exact_mut(weight.len() / depth) {
        shares
            .iter_mut()
            .zip(image.chunks_mut(rows))
            .for_each(|(share, outputs)| share.outputs.push(outputs));
    }
    shares
}

struct Task<'a, T> {
    images: &'a Images<T>,
    share: Share<'a, T>,
    sums: &'a mut Vec<T>,
}

impl<T: Real> WithSimd for Task<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        match S::REGISTER_COUNT {
            32.. => self.run::<S, MOST_ROWS>(simd),
            _ => self.run::<S, 4>(simd),
        }
    }
}

impl<T: Real> Task<'_, T> {
    #[inline(always)]
    fn run<S: Simd, const ROWS: usize>(self, simd: S) {
        let Self { images, share: Share { weight, outputs }, sums } = self;
        let rows = (weight.len() / images.depth).next_multiple_of(ROWS);
        sums.clear();
        sums.resize(rows * images.across(), T::default());
        match images.width / lanes::<S, T>() {
            1 => add::<S, T, ROWS, 1>(simd, images, weight, sums),
            2 => add::<S, T, ROWS, 2>(simd, images, weight, sums),
            _ => add::<S, T, ROWS, ACROSS>(simd, images, weight, sums),
        }
        write::<T, ROWS>(images, sums, outputs);
    }
}

/// All products of these rows of the weight, tile after tile of rows, within these panel after panel.
#[inline(always)]
fn add<S: Simd, T: Real, const ROWS: usize, const REGISTERS: usize>(
    simd: S,
    images: &Images<T>,
    weight: &[T],
    sums: &mut [T],
) {
    let tiles = T::registers_mut::<S>(sums).as_chunks_mut::<REGISTERS>().0.as_chunks_mut::<ROWS>().0;
    for (block, panels) in images.blocks.iter().enumerate() {
        let depth = panels.len() / images.across();
        let rows = weight.chunks(ROWS * images.depth);
        for (rows, tiles) in rows.zip(tiles.chunks_exact_mut(images.panels)) {
            // The last row fills the last tile.
            let last = rows.len() / images.depth - 1;
            let row = |r: usize| &rows[r.min(last) * images.depth + block * DEPTH..][..depth];
            let rows = std::array::from_fn(row);
            for (panel, tile) in panels.chunks_exact(depth * images.width).zip(tiles) {
                *tile = accumulate(simd, *tile, rows, panel);
            }
        }
    }
}

/// The inner loop. The sums come and go by value, so that they live in registers in between.
#[inline(always)]
fn accumulate<S: Simd, T: Real, const ROWS: usize, const REGISTERS: usize>(
    simd: S,
    mut sums: [[T::Vector<S>; REGISTERS]; ROWS],
    rows: [&[T]; ROWS],
    panel: &[T],
) -> [[T::Vector<S>; REGISTERS]; ROWS] {
    let images = T::registers::<S>(panel).as_chunks::<REGISTERS>().0;
    let rows = rows.map(|row| &row[..images.len()]);
    for (k, images) in images.iter().enumerate() {
        for r in 0..ROWS {
            let weight = T::splat(simd, rows[r][k]);
            for c in 0..REGISTERS {
                sums[r][c] = T::fused(simd, weight, images[c], sums[r][c]);
            }
        }
    }
    sums
}

/// The sums of every image, to where they belong.
#[inline(always)]
fn write<T: Real, const ROWS: usize>(images: &Images<T>, sums: &[T], outputs: Vec<&mut [T]>) {
    let tile = ROWS * images.width;
    for (image, outputs) in outputs.into_iter().enumerate() {
        let first = image / images.width * tile + image % images.width;
        for (rows, outputs) in sums[first..].chunks(images.panels * tile).zip(outputs.chunks_mut(ROWS)) {
            outputs.iter_mut().zip(rows.iter().step_by(images.width)).for_each(|(to, &sum)| *to = sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matmul::matmul;
    use crate::slices::with_slices;
    use crate::{DType, seeded, uniform};
    use rand::Rng;
    use rand_chacha::ChaCha8Rng;

    fn compare<T: Real>(rng: &mut ChaCha8Rng, dtype: DType) {
        let mut up_to = |most: usize| rng.random_range(1..=most);
        let depth = if up_to(8) == 1 { 2500 } else { 60 };
        let [n, i, o] = [up_to(130), up_to(depth), up_to(130)];
        let [x, w] = [[n, i], [o, i]].map(|shape| uniform(rng, &shape, 1.0, dtype));
        with_slices::<T, _>([&x, &w], |x, w| {
            let (x, w) = (View::new(x, n, i), View::new(w, o, i));
            assert!(product(x, w) == matmul(x, w.transposed()), "{n}×{i} · {i}×{o}");
        });
    }

    #[test]
    fn the_dense_product_is_the_plain_one_to_the_last_bit_on_random_shapes() {
        let mut rng = seeded(4, "dense");
        for _ in 0..100 {
            compare::<f32>(&mut rng, DType::F32);
            compare::<f64>(&mut rng, DType::F64);
        }
    }
}
