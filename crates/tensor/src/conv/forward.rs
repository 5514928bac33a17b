//! The convolution: packed filters times panels of positions.

use super::blocks::{Block, blocks};
use super::geometry::Geometry;
use super::panel::{self, Run};
use super::parts::{Bands, Part};
use super::staging::{CHUNK, Order, Planes, Staged, Window, stage};
use super::sweep::{Axis, Sweep};
use super::tile::{self, Terms};
use super::zones;
use crate::matmul::lanes;
use crate::real::Real;
use crate::tasks::run;
use pulp::{Arch, Simd, WithSimd};
use std::ops::Range;

/// The function applied to a finished sum.
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
        sweep: [0, 1].map(|axis| Axis::over_positions(g, axis)),
        x: Planes { data: x, image: g.channels * plane, channel: plane },
        blocks: blocks(g, weight),
        bias,
        finish,
    };
    let threads = g.threads();
    run(threads, Bands::new(g, threads).parts(&mut y), |part, scratch| {
        Arch::new().dispatch(Task { of: &forward, part, scratch });
    });
    y
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

/// A thread's buffers.
#[derive(Default)]
struct Scratch<T> {
    staged: Vec<T>,
    sums: Vec<T>,
    panel: Vec<T>,
    taps: Vec<usize>,
    runs: Vec<Run>,
}

/// All groups of one part.
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
    fn group<S: Simd, const ROWS: usize>(&mut self, simd: S, number: usize) {
        let of = self.of;
        let Scratch { staged, sums, panel, taps, runs } = &mut *self.scratch;
        let window = self.part.window(of.g, number);
        let staged = stage(&of.sweep, of.x, &window, staged);
        let positions = window.positions(&of.sweep);
        let height = of.g.group_filters().next_multiple_of(ROWS);
        let panels = zones::panels(&of.sweep[0], &window, positions, lanes::<S, T>());
        let kept =
            panels.iter().map(|panel| panel.len().next_multiple_of(lanes::<S, T>())).sum::<usize>() * height;
        sums.resize(sums.len().max(kept), T::default());
        let mut group = Group { of, number, window, staged, panel, runs };
        let blocks = &of.blocks[number];
        for (b, block) in blocks.iter().enumerate() {
            taps.clear();
            staged.strides.taps(&of.sweep, block.rows.clone(), block.channels.clone(), taps);
            let mut rest = &mut sums[..];
            for columns in &panels {
                let width = columns.len().next_multiple_of(lanes::<S, T>());
                let sums = rest.split_off_mut(..width * height).expect("sums of every panel");
                if b == 0 {
                    group.start(sums, width);
                }
                group.add::<S, ROWS>(simd, block, taps, columns, sums);
                if b + 1 == blocks.len() {
                    group.write(columns.clone(), sums, width, &mut self.part.planes);
                }
            }
        }
    }
}

/// One group of one part.
struct Group<'a, T> {
    of: &'a Forward<'a, T>,
    number: usize,
    window: Window,
    staged: Staged<'a, T>,
    panel: &'a mut Vec<T>,
    runs: &'a mut Vec<Run>,
}

impl<T: Real> Group<'_, T> {
    /// Every sum's first term.
    #[inline(always)]
    fn start(&self, sums: &mut [T], width: usize) {
        let filters = self.of.g.group_filters();
        match self.of.bias {
            None => sums.fill(T::default()),
            Some(bias) => {
                let bias = &bias[self.number * filters..][..filters];
                sums.chunks_exact_mut(width).zip(bias).for_each(|(row, &bias)| row.fill(bias));
            }
        }
    }

    /// Adds a block's terms to the sums of a panel's positions.
    #[inline(always)]
    fn add<S: Simd, const ROWS: usize>(
        &mut self,
        simd: S,
        block: &Block<T>,
        taps: &[usize],
        positions: &Range<usize>,
        sums: &mut [T],
    ) {
        let range = self.terms(block, positions);
        if range.is_empty() {
            return;
        }
        let registers = positions.len().div_ceil(lanes::<S, T>());
        let width = registers * lanes::<S, T>();
        panel::read_runs(positions.clone(), &self.window, &self.of.sweep, &self.staged.strides, self.runs);
        panel::pack(self.staged.data, &taps[range.clone()], self.runs, width, self.panel);
        let panel = &self.panel[..range.len() * width];
        let terms = Terms { filters: &block.filters, depth: taps.len(), range };
        tile::add::<S, T, ROWS>(simd, &terms, panel, registers, sums);
    }

    /// The block's terms without the filter rows that meet nothing but padding at these positions.
    #[inline(always)]
    fn terms(&self, block: &Block<T>, positions: &Range<usize>) -> Range<usize> {
        let [rows, columns] = &self.of.sweep;
        let row = block.channels.len() * columns.taps;
        let line = |position: usize| self.window.line(position / columns.positions);
        let ((first, top), (last, bottom)) = (line(positions.start), line(positions.end - 1));
        if self.window.order == Order::Images && first != last {
            return 0..block.rows.len() * row;
        }
        let met = rows.met(self.window.rows.start + top..=self.window.rows.start + bottom);
        let place = |tap: usize| (tap.clamp(block.rows.start, block.rows.end) - block.rows.start) * row;
        place(met.start)..place(met.end)
    }

    /// The finished sums of a panel, to where they belong.
    #[inline(always)]
    fn write(&mut self, positions: Range<usize>, sums: &[T], width: usize, planes: &mut [&mut [T]]) {
        let g = self.of.g;
        panel::write_runs(positions, &self.window, &self.of.sweep, self.runs);
        for (filter, sums) in sums.chunks_exact(width).take(g.group_filters()).enumerate() {
            let first = self.number * g.group_filters() + filter;
            for run in self.runs.iter() {
                let plane = &mut planes[run.image * g.filters + first];
                copy(&sums[run.place..][..run.length], &mut plane[run.at..], self.of.finish);
            }
        }
    }
}

#[inline(always)]
fn copy<T: Real>(sums: &[T], to: &mut [T], finish: Finish) {
    let zero = T::default();
    // Selected by `<=`, as `relu` is: a NaN stays.
    let finished = |sum: T| if finish == Finish::Rectify && sum <= zero { zero } else { sum };
    match (<&[T; 3 * CHUNK]>::try_from(sums), to.first_chunk_mut()) {
        (Ok(sums), Some(to)) => *to = sums.map(finished),
        _ => to.iter_mut().zip(sums).for_each(|(to, &sum)| *to = finished(sum)),
    }
}
