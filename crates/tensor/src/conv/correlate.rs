//! The kernel: sweeps of filters over a batch, as products of packed filters and panels, tile by tile in registers.

use super::filters::{self, Block, Filters};
use super::panel::{self, Run};
use super::parts::{Division, Part};
use super::staging::{CHUNK, Planes, Staged, Window, stage};
use super::sweep::Sweep;
use crate::matmul::{accumulate, lanes};
use crate::real::Real;
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Registers across a tile.
const ACROSS: usize = 3;

/// Below this many multiply-adds a second thread costs more than it brings.
const WORTH_A_THREAD: usize = 1 << 21;

/// Multiply-adds of one task: long enough to pay for itself, short enough to keep all threads busy to the end.
const TASK: usize = 1 << 24;

/// Scalars of partial sums that a task keeps, so that they stay in the second-level cache.
const PARTIAL_SUMS: usize = 1 << 17;

/// What becomes of a finished sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finish {
    Keep,
    Rectify,
}

/// Filters of every group, and how they sweep.
pub(super) struct Pass<T> {
    pub sweep: Sweep,
    groups: Vec<Vec<Block<T>>>,
}

impl<T: Real> Pass<T> {
    /// Packs the filters of every group; `width` is a filter's.
    pub fn new<'a>(sweep: Sweep, groups: impl Iterator<Item = Filters<'a, T>>, width: usize) -> Self {
        let groups = groups.map(|f| filters::pack(f, &sweep, width, tile_rows(f.rows))).collect();
        Self { sweep, groups }
    }
}

/// Rows of a tile.
fn tile_rows(planes: usize) -> usize {
    struct Registers;
    impl WithSimd for Registers {
        type Output = usize;
        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> usize {
            S::REGISTER_COUNT
        }
    }
    if planes > 4 && Arch::new().dispatch(Registers) >= 32 { 8 } else { 4 }
}

/// Everything that the tasks share.
pub(super) struct Correlation<'a, T> {
    pub source: Planes<'a, T>,
    pub passes: &'a [Pass<T>],
    /// Channels of the source that one group reads.
    pub channels: usize,
    /// Planes of the target that one group writes.
    pub planes: usize,
    /// Rows and columns of the target.
    pub target: [usize; 2],
    pub bias: Option<&'a [T]>,
    pub finish: Finish,
}

impl<T: Real> Correlation<'_, T> {
    /// The whole batch's result, into `out`; targets that no pass reaches are left alone.
    pub fn run(&self, images: usize, out: &mut [T]) {
        let Some(first) = self.passes.first() else { return };
        let [rows, columns] = &first.sweep;
        if out.is_empty() {
            return;
        }
        let groups = first.groups.len();
        let work = out.len() * self.channels * rows.taps.len() * columns.taps.len();
        let division = Division {
            images,
            planes: self.planes * groups,
            plane: self.target[0] * self.target[1],
            rows: self.target[0].div_ceil(rows.target_stride),
            row: rows.target_stride * self.target[1],
            images_per_part: 0,
            rows_per_part: 0,
        };
        let positions = images * division.rows * columns.positions;
        let task = (positions * (TASK >> 8) / (work >> 8).max(1)).min(PARTIAL_SUMS / self.planes).max(1);
        let parts = division.of_positions(task.next_multiple_of(48), columns.positions).parts(out);
        if rayon::current_num_threads() == 1 || work < 2 * WORTH_A_THREAD {
            let mut scratch = Scratch::default();
            parts.into_iter().for_each(|part| self.compute(part, &mut scratch));
        } else {
            parts
                .into_par_iter()
                .for_each_init(Scratch::default, |scratch, part| self.compute(part, scratch));
        }
    }

    fn compute(&self, part: Part<T>, scratch: &mut Scratch<T>) {
        Arch::new().dispatch(Task { of: self, part, scratch });
    }
}

/// A task's memory.
#[derive(Default)]
struct Scratch<T> {
    staged: Vec<T>,
    panel: Vec<T>,
    sums: Vec<T>,
    taps: Vec<usize>,
    runs: Vec<Run>,
}

struct Task<'a, 'b, T> {
    of: &'a Correlation<'a, T>,
    part: Part<'b, T>,
    scratch: &'a mut Scratch<T>,
}

impl<T: Real> WithSimd for Task<'_, '_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for pass in self.of.passes {
            for group in 0..pass.groups.len() {
                match tile_rows(self.of.planes) {
                    8 => self.pass::<S, 8>(simd, pass, group),
                    _ => self.pass::<S, 4>(simd, pass, group),
                }
            }
        }
    }
}

impl<T: Real> Task<'_, '_, T> {
    #[inline(always)]
    fn pass<S: Simd, const ROWS: usize>(&mut self, simd: S, pass: &Pass<T>, group: usize) {
        let of = self.of;
        let Scratch { staged: buffer, panel, sums, taps, runs } = &mut *self.scratch;
        let rows = self.part.rows.start..self.part.rows.end.min(pass.sweep[0].positions);
        if rows.is_empty() {
            return;
        }
        let mut window = Window { images: self.part.images.clone(), channels: 0..0, rows };
        let positions = window.images.len() * window.rows.len() * pass.sweep[1].positions;
        let width = ACROSS * lanes::<S, T>();
        let height = of.planes.next_multiple_of(ROWS);
        sums.resize(positions.next_multiple_of(width) * height, T::default());
        let blocks = &pass.groups[group];
        for (b, block) in blocks.iter().enumerate() {
            let first = group * of.channels;
            window.channels = first + block.channels.start..first + block.channels.end;
            let staged: Staged<T> = stage(&pass.sweep, of.source, &window, buffer);
            staged.taps(&pass.sweep, block.channels.len(), taps);
            for (q, sums) in sums.chunks_exact_mut(width * height).enumerate() {
                let range = q * width..positions.min((q + 1) * width);
                let across = range.len().div_ceil(lanes::<S, T>());
                panel::read_runs(range.clone(), &window, &pass.sweep, &staged, runs);
                panel::pack(staged.data, taps, runs, across * lanes::<S, T>(), panel);
                if b == 0 {
                    start(
                        of.bias.map(|bias| &bias[group * of.planes..][..of.planes]),
                        sums,
                        across * lanes::<S, T>(),
                    );
                }
                let panel = &panel[..taps.len() * across * lanes::<S, T>()];
                match across {
                    1 => tiles::<S, T, ROWS, 1>(simd, &block.panels, panel, sums),
                    2 => tiles::<S, T, ROWS, 2>(simd, &block.panels, panel, sums),
                    _ => tiles::<S, T, ROWS, ACROSS>(simd, &block.panels, panel, sums),
                }
                if b + 1 == blocks.len() {
                    panel::write_runs(range, &window, &pass.sweep, of.target[1], runs);
                    let step = pass.sweep[1].target_stride;
                    let all = of.planes * pass.groups.len();
                    for (p, sums) in sums.chunks_exact(across * lanes::<S, T>()).take(of.planes).enumerate() {
                        for run in runs.iter() {
                            let plane = &mut self.part.planes[run.image * all + group * of.planes + p];
                            write(&sums[run.place..][..run.length], &mut plane[run.at..], step, of.finish);
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

/// Continues the sums of all tiles of a panel.
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

#[inline(always)]
fn write<T: Real>(sums: &[T], to: &mut [T], step: usize, finish: Finish) {
    let zero = T::default();
    let finished = |sum: T| if finish == Finish::Keep || sum > zero { sum } else { zero };
    if step > 1 {
        to.iter_mut().step_by(step).zip(sums).for_each(|(to, &sum)| *to = finished(sum));
    } else if let (Ok(sums), Some(to)) = (<&[T; 3 * CHUNK]>::try_from(sums), to.first_chunk_mut()) {
        *to = sums.map(finished);
    } else {
        to.iter_mut().zip(sums).for_each(|(to, &sum)| *to = finished(sum));
    }
}
