//! The convolution: packed filters times panels of positions.

use super::geometry::Geometry;
use super::panel::{self, Run};
use super::parts::{Bands, Part};
use super::staging::{CHUNK, Planes, Window, stage};
use super::sweep::{Axis, Sweep};
use super::tile;
use crate::matmul::{View, lanes, pack};
use crate::real::Real;
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;
use std::ops::Range;

/// Terms of a sum that one pass over the registers adds, about.
const DEPTH: usize = 256;

/// What becomes of a finished sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finish {
    Keep,
    Rectify,
}

/// The convolution of the batch x; sums start from the bias.
pub(super) fn forward<T: Real>(
    g: &Geometry,
    x: &[T],
    weight: &[T],
    bias: Option<&[T]>,
    finish: Finish,
) -> Vec<T> {
    let mut y = vec![T::default(); g.output_shape().iter().product()];
    if y.is_empty() {
        return y;
    }
    let plane = g.input[0] * g.input[1];
    let forward = Forward {
        g,
        sweep: [0, 1].map(|axis| Axis::of_positions(g, axis)),
        x: Planes { data: x, image: g.channels * plane, channel: plane },
        blocks: blocks(g, weight),
        bias,
        finish,
    };
    let threads = g.threads();
    let parts = Bands::new(g, threads).parts(&mut y);
    if threads == 1 {
        let mut scratch = Scratch::default();
        parts.into_iter().for_each(|part| forward.compute(part, &mut scratch));
    } else {
        parts.into_par_iter().for_each_init(Scratch::default, |scratch, part| forward.compute(part, scratch));
    }
    y
}

/// Some channels of a group's filters, in panels of a few rows.
struct Block<T> {
    channels: Range<usize>,
    filters: Vec<T>,
}

/// The packed filters of every group.
fn blocks<T: Real>(g: &Geometry, weight: &[T]) -> Vec<Vec<Block<T>>> {
    let element = g.kernel[0] * g.kernel[1];
    let (rows, step) = (g.group_filters(), (DEPTH / element).max(1));
    let block = |group: usize, start: usize| {
        let channels = start..g.depth().min(start + step);
        let weight =
            View::new(weight, g.filters, g.depth() * element).row_range(group * rows, (group + 1) * rows);
        let mut filters = Vec::new();
        pack(weight, start * element, channels.len() * element, tile::tile_rows(rows), &mut filters);
        Block { channels, filters }
    };
    let starts: Vec<_> = (0..g.depth()).step_by(step).collect();
    (0..g.conv.groups).map(|group| starts.par_iter().map(|&start| block(group, start)).collect()).collect()
}

/// What the parts share.
struct Forward<'a, T> {
    g: &'a Geometry,
    sweep: Sweep,
    x: Planes<'a, T>,
    blocks: Vec<Vec<Block<T>>>,
    bias: Option<&'a [T]>,
    finish: Finish,
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

impl<T: Real> Forward<'_, T> {
    fn compute(&self, part: Part<T>, scratch: &mut Scratch<T>) {
        Arch::new().dispatch(Task { of: self, part, scratch });
    }
}

struct Task<'a, 'b, T> {
    of: &'a Forward<'a, T>,
    part: Part<'b, T>,
    scratch: &'a mut Scratch<T>,
}

impl<T: Real> WithSimd for Task<'_, '_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for group in 0..self.of.g.conv.groups {
            match tile::tile_rows(self.of.g.group_filters()) {
                8 => self.group::<S, 8>(simd, group),
                _ => self.group::<S, 4>(simd, group),
            }
        }
    }
}

impl<T: Real> Task<'_, '_, T> {
    #[inline(always)]
    fn group<S: Simd, const ROWS: usize>(&mut self, simd: S, group: usize) {
        let Forward { g, sweep, x, blocks, bias, finish } = self.of;
        let Scratch { staged: buffer, panel, sums, taps, runs } = &mut *self.scratch;
        let mut window =
            Window { images: self.part.images.clone(), channels: 0..0, rows: self.part.rows.clone() };
        let positions = window.images.len() * window.rows.len() * sweep[1].positions;
        let lanes = lanes::<S, T>();
        let filters = g.group_filters();
        let height = filters.next_multiple_of(ROWS);
        if sums.len() < positions.next_multiple_of(lanes) * height {
            sums.resize(positions.next_multiple_of(lanes) * height, T::default());
        }
        let blocks = &blocks[group];
        for (b, block) in blocks.iter().enumerate() {
            let first = group * g.depth();
            window.channels = first + block.channels.start..first + block.channels.end;
            let staged = stage(sweep, *x, &window, buffer);
            staged.strides.taps(sweep, block.channels.len(), taps);
            for registers in tile::panels(positions.div_ceil(lanes)) {
                let range = registers.start * lanes..positions.min(registers.end * lanes);
                let width = registers.len() * lanes;
                let sums = &mut sums[registers.start * lanes * height..][..width * height];
                panel::read_runs(range.clone(), &window, sweep, &staged.strides, runs);
                panel::pack(staged.data, taps, runs, width, panel);
                if b == 0 {
                    start(bias.map(|bias| &bias[group * filters..][..filters]), sums, width);
                }
                let panel = &panel[..taps.len() * width];
                tile::add::<S, T, ROWS>(simd, &block.filters, panel, registers.len(), sums);
                if b + 1 == blocks.len() {
                    panel::write_runs(range, &window, sweep, runs);
                    for (p, sums) in sums.chunks_exact(width).take(filters).enumerate() {
                        for run in runs.iter() {
                            let plane = &mut self.part.planes[run.image * g.filters + group * filters + p];
                            write(&sums[run.place..][..run.length], &mut plane[run.at..], *finish);
                        }
                    }
                }
            }
        }
    }
}

/// Every sum's first term.
#[inline(always)]
fn start<T: Real>(bias: Option<&[T]>, sums: &mut [T], width: usize) {
    match bias {
        None => sums.fill(T::default()),
        Some(bias) => sums.chunks_exact_mut(width).zip(bias).for_each(|(row, &b)| row.fill(b)),
    }
}

#[inline(always)]
fn write<T: Real>(sums: &[T], to: &mut [T], finish: Finish) {
    let zero = T::default();
    let finished = |sum: T| if finish == Finish::Keep || sum > zero { sum } else { zero };
    if let (Ok(sums), Some(to)) = (<&[T; 3 * CHUNK]>::try_from(sums), to.first_chunk_mut()) {
        *to = sums.map(finished);
    } else {
        to.iter_mut().zip(sums).for_each(|(to, &sum)| *to = finished(sum));
    }
}
