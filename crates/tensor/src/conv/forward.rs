//! The convolution: packed filters times panels of positions.

use super::geometry::Geometry;
use super::panel::{self, Run};
use super::parts::{Bands, Part};
use super::staging::{CHUNK, Order, Planes, Window, stage};
use super::sweep::{Axis, Sweep};
use super::tile::{self, Terms};
use crate::matmul::lanes;
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

/// Some rows and channels of a group's filters, in panels of a few filters.
struct Block<T> {
    rows: Range<usize>,
    channels: Range<usize>,
    filters: Vec<T>,
}

/// The packed filters of every group.
fn blocks<T: Real>(g: &Geometry, weight: &[T]) -> Vec<Vec<Block<T>>> {
    let group = |weight: &[T]| cuts(g).into_par_iter().map(|cut| block(g, weight, cut)).collect();
    weight.chunks_exact(g.group_filters() * g.depth() * g.element()).map(group).collect()
}

/// The rows and channels of every block: whole rows as far as they are not too many terms, else some channels of one row.
fn cuts(g: &Geometry) -> Vec<(Range<usize>, Range<usize>)> {
    let [rows, columns] = g.kernel;
    let row = g.depth() * columns;
    let (rows_step, channels_step) = ((DEPTH / row).max(1), (DEPTH / columns).clamp(1, g.depth()));
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
    let tile = tile::tile_rows(g.group_filters());
    let mut filters = vec![T::default(); g.group_filters().next_multiple_of(tile) * terms.len()];
    for (weight, panel) in weight.chunks(tile * filter).zip(filters.chunks_exact_mut(tile * terms.len())) {
        for (place, weight) in weight.chunks_exact(filter).enumerate() {
            for (&term, to) in terms.iter().zip(panel[place..].iter_mut().step_by(tile)) {
                *to = weight[term];
            }
        }
    }
    Block { rows, channels, filters }
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
        let order = if g.conv.padding[0] + g.conv.padding[2] > 0 { Order::Rows } else { Order::Images };
        let first = group * g.depth();
        let window = Window {
            images: self.part.images.clone(),
            channels: first..first + g.depth(),
            rows: self.part.rows.clone(),
            order,
        };
        let staged = stage(sweep, *x, &window, buffer);
        let positions = window.images.len() * window.rows.len() * sweep[1].positions;
        let lanes = lanes::<S, T>();
        let filters = g.group_filters();
        let height = filters.next_multiple_of(ROWS);
        if sums.len() < positions.next_multiple_of(lanes) * height {
            sums.resize(positions.next_multiple_of(lanes) * height, T::default());
        }
        let blocks = &blocks[group];
        for (b, block) in blocks.iter().enumerate() {
            taps.clear();
            staged.strides.taps(sweep, block.rows.clone(), block.channels.clone(), taps);
            for registers in tile::panels(positions.div_ceil(lanes)) {
                let range = registers.start * lanes..positions.min(registers.end * lanes);
                let width = registers.len() * lanes;
                let sums = &mut sums[registers.start * lanes * height..][..width * height];
                if b == 0 {
                    start(bias.map(|bias| &bias[group * filters..][..filters]), sums, width);
                }
                let row = |position: usize| window.rows.start + window.line(position / sweep[1].positions).1;
                let met = match order {
                    Order::Images => block.rows.clone(),
                    Order::Rows => sweep[0].met(row(range.start)..=row(range.end - 1)),
                };
                let one = block.channels.len() * sweep[1].taps;
                let within = |row: usize| row.clamp(block.rows.start, block.rows.end) - block.rows.start;
                let terms = within(met.start) * one..within(met.end) * one;
                if !terms.is_empty() {
                    panel::read_runs(range.clone(), &window, sweep, &staged.strides, runs);
                    panel::pack(staged.data, &taps[terms.clone()], runs, width, panel);
                    let panel = &panel[..terms.len() * width];
                    let terms = Terms { filters: &block.filters, depth: taps.len(), range: terms };
                    tile::add::<S, T, ROWS>(simd, &terms, panel, registers.len(), sums);
                }
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
