//! Panels: for a register row's width of positions, what every tap reads there.

use super::staging::{CHUNK, Strides, Window, copy_chunk};
use super::sweep::Sweep;
use crate::matmul::lanes;
use crate::real::Real;
use pulp::Simd;
use std::ops::Range;

/// Neighboring positions of a panel, and where they read or write: neighbors there, too.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// The first one's place in the panel.
    pub place: usize,
    pub image: usize,
    pub at: usize,
    pub length: usize,
}

impl Run {
    fn without(self, first: usize) -> Self {
        Self { place: self.place + first, at: self.at + first, length: self.length - first, ..self }
    }
}

/// Positions of a window as runs whose places in memory `locate(image, row, column)` tells.
#[inline(always)]
fn runs(
    positions: Range<usize>,
    window: &Window,
    columns: usize,
    longest: usize,
    locate: impl Fn(usize, usize, usize) -> (usize, usize),
    list: &mut Vec<Run>,
) {
    list.clear();
    let mut position = positions.start;
    while position < positions.end {
        let (line, column) = (position / columns, position % columns);
        let (image, row) = window.line(line);
        let (image, at) = locate(image, row, column);
        let length = (columns - column).min(positions.end - position);
        append(list, Run { place: position - positions.start, image, at, length }, longest);
        position += length;
    }
}

/// Appends a run, joined to the last one where they touch.
#[inline(always)]
fn append(list: &mut Vec<Run>, mut run: Run, longest: usize) {
    if let Some(last) = list.last_mut()
        && (last.image, last.at + last.length) == (run.image, run.at)
    {
        let joined = (longest - last.length).min(run.length);
        last.length += joined;
        run = run.without(joined);
    }
    while run.length > 0 {
        let length = run.length.min(longest);
        list.push(Run { length, ..run });
        run = run.without(length);
    }
}

/// Where the positions read.
#[inline(always)]
pub(super) fn read_runs(
    positions: Range<usize>,
    window: &Window,
    [rows, columns]: &Sweep,
    strides: &Strides,
    list: &mut Vec<Run>,
) {
    let locate = |image, row, column| (0, image * strides.image + row * rows.stride * strides.row + column);
    runs(positions, window, columns.positions, CHUNK, locate, list);
}

/// Where the positions' results go, within the window's rows.
#[inline(always)]
pub(super) fn write_runs(
    positions: Range<usize>,
    window: &Window,
    [_, columns]: &Sweep,
    list: &mut Vec<Run>,
) {
    let locate = |image, row, column| (image, row * columns.positions + column);
    runs(positions, window, columns.positions, usize::MAX, locate, list);
}

/// A panel, tap after tap; `width` is a tap's share.
#[inline(always)]
pub(super) fn pack<T: Real>(data: &[T], taps: &[usize], runs: &[Run], width: usize, panel: &mut Vec<T>) {
    let scalars = taps.len() * width + CHUNK;
    if panel.len() < scalars {
        panel.resize(scalars, T::default());
    }
    pack_into(data, taps, runs, width, panel);
}

/// A panel into memory that is a chunk longer.
#[inline(always)]
pub(super) fn pack_into<T: Real>(data: &[T], taps: &[usize], runs: &[Run], width: usize, panel: &mut [T]) {
    for (k, &tap) in taps.iter().enumerate() {
        let (from, to) = (&data[tap..], &mut panel[k * width..]);
        for run in runs {
            copy_chunk(&from[run.at..], &mut to[run.place..], run.length);
        }
    }
}

/// The adjoint of [`pack`]: adds every tap's share to where it came from.
#[inline(always)]
pub(super) fn unpack<S: Simd, T: Real>(
    simd: S,
    panel: &[T],
    taps: &[usize],
    runs: &[Run],
    width: usize,
    data: &mut [T],
) {
    for (k, &tap) in taps.iter().enumerate() {
        let (row, data) = (&panel[k * width..], &mut data[tap..]);
        for run in runs {
            add(simd, &row[run.place..], &mut data[run.at..], run.length);
        }
    }
}

/// Adds the first `length` scalars, at most a chunk.
#[inline(always)]
fn add<S: Simd, T: Real>(simd: S, from: &[T], to: &mut [T], length: usize) {
    match (from.first_chunk::<CHUNK>(), to.first_chunk_mut::<CHUNK>()) {
        (Some(from), Some(to)) => {
            let (from, to) = (T::registers::<S>(from), T::registers_mut::<S>(to));
            for (i, (to, &from)) in to.iter_mut().zip(from).enumerate() {
                *to = T::add_first(simd, *to, from, length.saturating_sub(i * lanes::<S, T>()));
            }
        }
        _ => to.iter_mut().zip(from).take(length).for_each(|(to, &from)| *to += from),
    }
}
