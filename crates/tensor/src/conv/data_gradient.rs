//! The adjoint with respect to the image: transposed filters times the signal, added to where every position read.

use super::geometry::Geometry;
use super::panel::{self, Run};
use super::staging::{CHUNK, Planes, Strides, Window, each_line, inside, stage};
use super::sweep::{Axis, Sweep};
use super::tile;
use crate::matmul::lanes;
use crate::real::Real;
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;
use std::ops::Range;

/// Signal of a band of rows that is packed at once, in scalars, so that it stays in the second-level cache.
const PACKED: usize = 1 << 17;

/// The image's gradient that a task keeps, in scalars.
const KEPT: usize = 1 << 17;

/// The data gradient of a batch of signals.
pub(super) fn data_gradient<T: Real>(g: &Geometry, signal: &[T], weight: &[T]) -> Vec<T> {
    let mut x = vec![T::default(); g.x_shape().iter().product()];
    if x.is_empty() || signal.is_empty() {
        return x;
    }
    let threads = g.threads();
    let division = Division::new(g, threads);
    let plane = g.output[0] * g.output[1];
    let gradient = DataGradient {
        g,
        sweep: [0, 1].map(|axis| Axis::of_positions(g, axis)),
        signal: Planes { data: signal, image: g.filters * plane, channel: plane },
        filters: filters(g, weight, division.channels),
    };
    let parts = division.parts(g, &mut x);
    if threads == 1 {
        let mut scratch = Scratch::default();
        parts.into_iter().for_each(|part| gradient.compute(part, &mut scratch));
    } else {
        parts
            .into_par_iter()
            .for_each_init(Scratch::default, |scratch, part| gradient.compute(part, scratch));
    }
    x
}

/// Images and channels of one task.
#[derive(Clone, Copy)]
struct Division {
    images: usize,
    channels: usize,
}

/// What one task computes: some channels of one group, of some images.
struct Part<'a, T> {
    images: Range<usize>,
    group: usize,
    /// Which of the group's packed filters these are.
    share: usize,
    channels: Range<usize>,
    planes: Vec<&'a mut [T]>,
}

impl Division {
    fn new(g: &Geometry, threads: usize) -> Self {
        let tasks = g.tasks(threads);
        let per_image = tasks.div_ceil(g.images * g.conv.groups);
        let plane = g.input[0] * g.input[1];
        let channels = g.depth().div_ceil(per_image).min(KEPT / plane).max(1);
        let shares = g.depth().div_ceil(channels);
        let channels = g.depth().div_ceil(shares);
        let images =
            (g.images * g.conv.groups * shares / tasks).min(KEPT / (plane * channels)).clamp(1, g.images);
        Self { images, channels }
    }

    fn parts<'a, T>(self, g: &Geometry, x: &'a mut [T]) -> Vec<Part<'a, T>> {
        let shares = g.depth().div_ceil(self.channels);
        let mut parts = Vec::new();
        for images in 0..g.images.div_ceil(self.images) {
            for (group, share) in
                (0..g.conv.groups).flat_map(|group| (0..shares).map(move |share| (group, share)))
            {
                let images = images * self.images..((images + 1) * self.images).min(g.images);
                let channels = share * self.channels..((share + 1) * self.channels).min(g.depth());
                parts.push(Part { images, group, share, channels, planes: Vec::new() });
            }
        }
        for (p, plane) in x.chunks_exact_mut(g.input[0] * g.input[1]).enumerate() {
            let (image, channel) = (p / g.channels, p % g.channels);
            let (group, channel) = (channel / g.depth(), channel % g.depth());
            let part = (image / self.images * g.conv.groups + group) * shares + channel / self.channels;
            parts[part].planes.push(plane);
        }
        parts
    }
}

/// Every group's transposed filters, packed for so many channels at a time: one row for every element of a filter.
fn filters<T: Real>(g: &Geometry, weight: &[T], channels: usize) -> Vec<Vec<Vec<T>>> {
    let starts: Vec<_> = (0..g.depth()).step_by(channels).collect();
    let group = |weight: &[T]| {
        let share = |&start: &usize| {
            let channels = start..g.depth().min(start + channels);
            let height = tile::tile_rows(channels.len() * g.element());
            pack(weight, &elements(g, channels), g.depth() * g.element(), height)
        };
        starts.par_iter().map(share).collect()
    };
    weight.chunks_exact(g.group_filters() * g.depth() * g.element()).map(group).collect()
}

/// A filter's elements in these channels, the last ones first, so that a pixel receives from the signal's positions in order.
/// Neighbors are elements of different channels: what one adds to, the next one need not wait for.
fn elements(g: &Geometry, channels: Range<usize>) -> Vec<usize> {
    const NEIGHBORS: usize = 8;
    let blocks = channels.clone().step_by(NEIGHBORS).map(|c| c..channels.end.min(c + NEIGHBORS));
    let element = |c: usize, tap: usize| c * g.element() + tap;
    blocks
        .flat_map(|block| {
            (0..g.element()).rev().flat_map(move |tap| block.clone().map(move |c| element(c, tap)))
        })
        .collect()
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

/// What the parts share.
struct DataGradient<'a, T> {
    g: &'a Geometry,
    sweep: Sweep,
    signal: Planes<'a, T>,
    filters: Vec<Vec<Vec<T>>>,
}

/// A thread's memory.
#[derive(Default)]
struct Scratch<T> {
    staged: Vec<T>,
    signal: Vec<T>,
    sums: Vec<T>,
    x: Vec<T>,
    taps: Vec<usize>,
    offsets: Vec<usize>,
    runs: Vec<Run>,
    panels: Vec<Vec<Run>>,
}

impl<T: Real> DataGradient<'_, T> {
    fn compute(&self, part: Part<T>, scratch: &mut Scratch<T>) {
        Arch::new().dispatch(Task { of: self, part, scratch });
    }
}

struct Task<'a, 'b, T> {
    of: &'a DataGradient<'a, T>,
    part: Part<'b, T>,
    scratch: &'a mut Scratch<T>,
}

impl<T: Real> WithSimd for Task<'_, '_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        match tile::tile_rows(self.of.g.kernel[0] * self.of.g.kernel[1] * self.part.channels.len()) {
            8 => self.run::<S, 8>(simd),
            _ => self.run::<S, 4>(simd),
        }
    }
}

impl<T: Real> Task<'_, '_, T> {
    #[inline(always)]
    fn run<S: Simd, const ROWS: usize>(&mut self, simd: S) {
        let DataGradient { g, sweep, .. } = self.of;
        let rows = 0..g.output[0];
        let whole = Window { images: self.part.images.clone(), channels: self.part.channels.clone(), rows };
        let strides = Strides::of(sweep, &whole);
        self.scratch.x.clear();
        self.scratch.x.resize(strides.image * whole.images.len() + CHUNK, T::default());
        let Scratch { taps, offsets, .. } = &mut *self.scratch;
        strides.taps(sweep, whole.channels.len(), offsets);
        taps.clear();
        taps.extend(elements(g, 0..whole.channels.len()).into_iter().map(|element| offsets[element]));
        let row = whole.images.len() * g.output[1] * g.group_filters();
        let band = (PACKED / row).clamp(1, g.output[0]);
        for top in (0..g.output[0]).step_by(band) {
            self.band::<S, ROWS>(simd, &strides, top..g.output[0].min(top + band));
        }
        self.write(&whole, &strides);
    }

    /// Adds what a band of the signal's rows brings.
    #[inline(always)]
    fn band<S: Simd, const ROWS: usize>(&mut self, simd: S, strides: &Strides, rows: Range<usize>) {
        let DataGradient { g, sweep, signal, filters } = self.of;
        let Scratch { staged: buffer, signal: packed, sums, x, taps, offsets, runs, panels } =
            &mut *self.scratch;
        let first = self.part.group * g.group_filters();
        let window = Window {
            images: self.part.images.clone(),
            channels: first..first + g.group_filters(),
            rows: rows.clone(),
        };
        let positions = window.images.len() * rows.len() * g.output[1];
        let lanes = lanes::<S, T>();
        let depth = g.group_filters();
        let points = [0, 1].map(|axis| Axis::of_points(g.output[axis]));
        let staged = stage(&points, *signal, &window, buffer);
        staged.strides.taps(&points, depth, offsets);
        packed.resize(packed.len().max(positions.next_multiple_of(lanes) * depth + CHUNK), T::default());
        let list = tile::panels(positions.div_ceil(lanes));
        panels.resize_with(panels.len().max(list.len()), Vec::new);
        for (registers, read) in list.zip(panels.iter_mut()) {
            let range = registers.start * lanes..positions.min(registers.end * lanes);
            panel::read_runs(range.clone(), &window, &points, &staged.strides, runs);
            panel::pack_into(
                staged.data,
                offsets,
                runs,
                registers.len() * lanes,
                &mut packed[registers.start * lanes * depth..],
            );
            panel::read_runs(range, &window, sweep, strides, read);
        }
        let top = rows.start * sweep[0].stride * strides.row;
        let filters = &filters[self.part.group][self.part.share];
        sums.resize(ROWS * tile::ACROSS * lanes + CHUNK, T::default());
        let tiles = filters.chunks_exact(ROWS * depth).zip(taps.chunks(ROWS));
        for (filters, taps) in tiles {
            for (registers, runs) in tile::panels(positions.div_ceil(lanes)).zip(panels.iter()) {
                let width = registers.len() * lanes;
                let panel = &packed[registers.start * lanes * depth..][..width * depth];
                sums[..ROWS * width].fill(T::default());
                tile::add::<S, T, ROWS>(simd, filters, panel, registers.len(), &mut sums[..ROWS * width]);
                panel::unpack(simd, sums, taps, runs, width, &mut x[top..]);
            }
        }
    }

    /// The image's gradient without the padding.
    #[inline(always)]
    fn write(&mut self, window: &Window, strides: &Strides) {
        let sweep = &self.of.sweep;
        let (x, planes) = (&self.scratch.x, &mut self.part.planes);
        let (columns, channels) = (sweep[1].source, window.channels.len());
        each_line(sweep, window, |line| {
            let Some(row) = line.row else { return };
            let plane = (line.image - window.images.start) * channels + line.channel - window.channels.start;
            let to = &mut planes[plane][row * columns..][..columns];
            let (inside, start) = inside(columns, line.first, sweep[1].stride, strides.remainder);
            let from = &x[line.place..][inside];
            if sweep[1].stride == 1 {
                to[start..][..from.len()].copy_from_slice(from);
            } else {
                to[start..].iter_mut().step_by(sweep[1].stride).zip(from).for_each(|(to, &from)| *to = from);
            }
        });
    }
}
