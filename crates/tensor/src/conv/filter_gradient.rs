//! The adjoint with respect to the filters: the signal times panels of the filters' elements, position after position.

use super::element_parts::{ElementPart, element_parts};
use super::geometry::Geometry;
use super::panel::{self, Run};
use super::staging::{Order, Planes, Window, stage};
use super::sweep::{Axis, Sweep};
use super::tile;
use crate::matmul::{lanes, register_width};
use crate::real::Real;
use crate::tasks::run;
use pulp::{Arch, Simd, WithSimd};
use std::ops::Range;

/// Positions that one pass over the registers adds, about.
const DEPTH: usize = 256;

/// The filter gradient of a batch.
pub(super) fn filter_gradient<T: Real>(g: &Geometry, signal: &[T], x: &[T]) -> Vec<T> {
    let mut weight = vec![T::default(); g.weight_shape().iter().product()];
    if weight.is_empty() || signal.is_empty() {
        return weight;
    }
    let gradient = FilterGradient { g, signal, x };
    let threads = g.threads();
    let parts = element_parts(g, register_width::<T>(), threads, &mut weight);
    run(threads, parts, |part, scratch| Arch::new().dispatch(Task { of: &gradient, part, scratch }));
    weight
}

/// What the parts share.
struct FilterGradient<'a, T> {
    g: &'a Geometry,
    signal: &'a [T],
    x: &'a [T],
}

/// A thread's buffers.
#[derive(Default)]
struct Scratch<T> {
    staged: Vec<T>,
    panel: Vec<T>,
    sums: Vec<T>,
    taps: Vec<usize>,
    runs: Vec<Run>,
}

struct Task<'a, 'b, T> {
    of: &'a FilterGradient<'a, T>,
    part: ElementPart<'b, T>,
    scratch: &'a mut Scratch<T>,
}

impl<T: Real> WithSimd for Task<'_, '_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        match tile::tile_rows(self.part.filters.len()) {
            8 => self.run::<S, 8>(simd),
            _ => self.run::<S, 4>(simd),
        }
    }
}

/// Positions that are added in one pass: of whole images, or of a band of one image's rows.
struct Pass {
    images: Range<usize>,
    rows: Range<usize>,
}

impl<T: Real> Task<'_, '_, T> {
    #[inline(always)]
    fn run<S: Simd, const ROWS: usize>(&mut self, simd: S) {
        let g = self.of.g;
        let width = self.part.elements.len().next_multiple_of(lanes::<S, T>());
        let sums = &mut self.scratch.sums;
        sums.clear();
        sums.resize(self.part.filters.len().next_multiple_of(ROWS) * width, T::default());
        let plane = g.output[0] * g.output[1];
        let (images, rows) = ((DEPTH / plane).max(1), (DEPTH / g.output[1]).clamp(1, g.output[0]));
        for image in (0..g.images).step_by(images) {
            for row in (0..g.output[0]).step_by(rows) {
                let pass = Pass {
                    images: image..g.images.min(image + images),
                    rows: row..g.output[0].min(row + rows),
                };
                self.pass::<S, ROWS>(simd, &pass, width);
            }
        }
        for (row, sums) in self.part.rows.iter_mut().zip(self.scratch.sums.chunks_exact(width)) {
            row.copy_from_slice(&sums[..row.len()]);
        }
    }

    #[inline(always)]
    fn pass<S: Simd, const ROWS: usize>(&mut self, simd: S, pass: &Pass, width: usize) {
        self.pack(pass, width);
        let Scratch { panel, sums, taps, .. } = &mut *self.scratch;
        let panel = &panel[..taps.len() * width];
        match width / lanes::<S, T>() {
            1 => self.of.tiles::<S, ROWS, 1>(simd, &self.part, pass, panel, sums),
            2 => self.of.tiles::<S, ROWS, 2>(simd, &self.part, pass, panel, sums),
            _ => self.of.tiles::<S, ROWS, { tile::ACROSS }>(simd, &self.part, pass, panel, sums),
        }
    }

    /// The panel: for every position, what the filters' elements read there.
    #[inline(always)]
    fn pack(&mut self, pass: &Pass, width: usize) {
        let FilterGradient { g, x, .. } = self.of;
        let Scratch { staged: buffer, panel, taps, runs, .. } = &mut *self.scratch;
        let sweep: Sweep =
            [Axis::over_elements(g, 0, pass.rows.clone()), Axis::over_elements(g, 1, 0..g.output[1])];
        let (element, plane) = (g.element(), g.input[0] * g.input[1]);
        let elements = self.part.elements.clone();
        let first = self.part.group * g.depth();
        let channels = elements.start / element..elements.end.div_ceil(element);
        let skipped = channels.start * element;
        let window = Window {
            images: first + channels.start..first + channels.end,
            channels: pass.images.clone(),
            rows: 0..g.kernel[0],
            order: Order::Images,
        };
        let source = Planes { data: x, image: plane, channel: g.channels * plane };
        let staged = stage(&sweep, source, &window, buffer);
        taps.clear();
        (0..pass.images.len())
            .for_each(|image| staged.strides.taps(&sweep, 0..sweep[0].taps, image..image + 1, taps));
        let columns = elements.start - skipped..elements.end - skipped;
        panel::read_runs(columns, &window, &sweep, &staged.strides, runs);
        panel::pack(staged.data, taps, runs, width, panel);
    }
}

impl<T: Real> FilterGradient<'_, T> {
    #[inline(always)]
    fn tiles<S: Simd, const ROWS: usize, const REGISTERS: usize>(
        &self,
        simd: S,
        part: &ElementPart<T>,
        pass: &Pass,
        panel: &[T],
        sums: &mut [T],
    ) {
        let g = self.g;
        let plane = g.output[0] * g.output[1];
        let depth = pass.rows.len() * g.output[1];
        let tiles = T::registers_mut::<S>(sums).as_chunks_mut::<REGISTERS>().0.as_chunks_mut::<ROWS>().0;
        for (t, tile) in tiles.iter_mut().enumerate() {
            let mut sum = *tile;
            for (image, panel) in
                pass.images.clone().zip(panel.chunks_exact(depth * REGISTERS * lanes::<S, T>()))
            {
                let rows: [&[T]; ROWS] = std::array::from_fn(|r| {
                    let filter = part.group * g.group_filters()
                        + (part.filters.start + t * ROWS + r).min(part.filters.end - 1);
                    let at = (image * g.filters + filter) * plane + pass.rows.start * g.output[1];
                    &self.signal[at..at + depth]
                });
                sum = accumulate_rows::<S, T, ROWS, REGISTERS>(simd, sum, &rows, panel);
            }
            *tile = sum;
        }
    }
}

/// The inner loop, with factors that lie in rows.
#[inline(always)]
fn accumulate_rows<S: Simd, T: Real, const ROWS: usize, const REGISTERS: usize>(
    simd: S,
    mut sums: [[T::Vector<S>; REGISTERS]; ROWS],
    rows: &[&[T]; ROWS],
    panel: &[T],
) -> [[T::Vector<S>; REGISTERS]; ROWS] {
    let (panel, _) = T::registers::<S>(panel).as_chunks::<REGISTERS>();
    let rows = rows.map(|row| &row[..panel.len()]);
    for (k, b) in panel.iter().enumerate() {
        for r in 0..ROWS {
            let a = T::splat(simd, rows[r][k]);
            for c in 0..REGISTERS {
                sums[r][c] = T::fused(simd, a, b[c], sums[r][c]);
            }
        }
    }
    sums
}
