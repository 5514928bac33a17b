//! The adjoint with respect to the filters: the signal times panels of the filters' elements, position after position.

use super::geometry::Geometry;
use super::panel::{self, Run};
use super::staging::{Planes, Window, stage};
use super::sweep::{Axis, Sweep};
use super::tile;
use crate::matmul::lanes;
use crate::real::Real;
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;
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
    let parts = parts(g, tile::register_width::<T>(), threads, &mut weight);
    if threads == 1 {
        let mut scratch = Scratch::default();
        parts.into_iter().for_each(|part| gradient.compute(part, &mut scratch));
    } else {
        parts
            .into_par_iter()
            .for_each_init(Scratch::default, |scratch, part| gradient.compute(part, scratch));
    }
    weight
}

/// What one task computes: a few registers' width of neighboring elements of some of a group's filters.
struct Part<'a, T> {
    group: usize,
    filters: Range<usize>,
    elements: Range<usize>,
    /// The elements of every filter.
    rows: Vec<&'a mut [T]>,
}

/// Panels of elements, for all filters of a group or, where there are few panels, a share of them.
fn parts<'a, T>(g: &Geometry, lanes: usize, threads: usize, weight: &'a mut [T]) -> Vec<Part<'a, T>> {
    let elements = g.depth() * g.kernel[0] * g.kernel[1];
    let panels: Vec<_> = tile::panels(elements.div_ceil(lanes))
        .map(|registers| registers.start * lanes..elements.min(registers.end * lanes))
        .collect();
    let shares = g.tasks(threads).div_ceil(panels.len() * g.conv.groups);
    let share = g.group_filters().div_ceil(shares).next_multiple_of(8);
    let mut parts = Vec::new();
    for (filter, mut row) in weight.chunks_exact_mut(elements).enumerate() {
        let (group, filter) = (filter / g.group_filters(), filter % g.group_filters());
        if filter % share == 0 {
            let filters = filter..g.group_filters().min(filter + share);
            let part = |elements: &Range<usize>| Part {
                group,
                filters: filters.clone(),
                elements: elements.clone(),
                rows: Vec::with_capacity(filters.len()),
            };
            parts.extend(panels.iter().map(part));
        }
        let first = parts.len() - panels.len();
        for part in &mut parts[first..] {
            part.rows.push(row.split_off_mut(..part.elements.len()).expect("the panel's elements"));
        }
    }
    parts
}

/// What the parts share.
struct FilterGradient<'a, T> {
    g: &'a Geometry,
    signal: &'a [T],
    x: &'a [T],
}

/// A thread's memory.
#[derive(Default)]
struct Scratch<T> {
    staged: Vec<T>,
    panel: Vec<T>,
    sums: Vec<T>,
    taps: Vec<usize>,
    runs: Vec<Run>,
}

impl<T: Real> FilterGradient<'_, T> {
    fn compute(&self, part: Part<T>, scratch: &mut Scratch<T>) {
        Arch::new().dispatch(Task { of: self, part, scratch });
    }
}

struct Task<'a, 'b, T> {
    of: &'a FilterGradient<'a, T>,
    part: Part<'b, T>,
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
            [Axis::of_elements(g, 0, pass.rows.clone()), Axis::of_elements(g, 1, 0..g.output[1])];
        let (element, plane) = (g.kernel[0] * g.kernel[1], g.input[0] * g.input[1]);
        let elements = self.part.elements.clone();
        let first = self.part.group * g.depth();
        let channels = elements.start / element..elements.end.div_ceil(element);
        let skipped = channels.start * element;
        let window = Window {
            images: first + channels.start..first + channels.end,
            channels: pass.images.clone(),
            rows: 0..g.kernel[0],
        };
        let source = Planes { data: x, image: plane, channel: g.channels * plane };
        let staged = stage(&sweep, source, &window, buffer);
        staged.strides.taps(&sweep, pass.images.len(), taps);
        panel::read_runs(
            elements.start - skipped..elements.end - skipped,
            &window,
            &sweep,
            &staged.strides,
            runs,
        );
        panel::pack(staged.data, taps, runs, width, panel);
    }
}

impl<T: Real> FilterGradient<'_, T> {
    #[inline(always)]
    fn tiles<S: Simd, const ROWS: usize, const REGISTERS: usize>(
        &self,
        simd: S,
        part: &Part<T>,
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
