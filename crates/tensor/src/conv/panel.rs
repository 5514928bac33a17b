//! Panels: for a register row's width of positions, what every tap reads there.

use super::staging::{CHUNK, Staged, Window, copy_chunk};
use super::sweep::Sweep;
use crate::real::Real;
use std::ops::Range;

/// Neighboring positions of a panel, and where they read or write, in equal steps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// The first one's place in the panel.
    pub place: usize,
    pub image: usize,
    pub at: usize,
    pub length: usize,
}

impl Run {
    fn split(self, length: usize, step: usize) -> [Self; 2] {
        let rest = Self { place: self.place + length, at: self.at + length * step, ..self };
        [Self { length, ..self }, Self { length: self.length - length, ..rest }]
    }
}

/// How positions become runs.
struct Layout {
    /// Positions in a row.
    columns: usize,
    /// From one position's place in memory to the next one's.
    step: usize,
    longest: usize,
}

/// Positions of a window, numbered image by image, row by row, as runs whose places in memory `locate(image, row, column)` tells.
#[inline(always)]
fn runs(
    positions: Range<usize>,
    window: &Window,
    layout: &Layout,
    locate: impl Fn(usize, usize, usize) -> (usize, usize),
    list: &mut Vec<Run>,
) {
    list.clear();
    let mut position = positions.start;
    while position < positions.end {
        let (row, column) = (position / layout.columns, position % layout.columns);
        let (image, at) = locate(row / window.rows.len(), row % window.rows.len(), column);
        let length = (layout.columns - column).min(positions.end - position);
        append(list, Run { place: position - positions.start, image, at, length }, layout);
        position += length;
    }
}

/// Appends a run, joined to the last one where they touch.
#[inline(always)]
fn append(list: &mut Vec<Run>, mut run: Run, layout: &Layout) {
    if let Some(last) = list.last_mut()
        && (last.image, last.at + last.length * layout.step) == (run.image, run.at)
    {
        let joined = (layout.longest - last.length).min(run.length);
        last.length += joined;
        run = run.split(joined, layout.step)[1];
    }
    while run.length > 0 {
        let [first, rest] = run.split(run.length.min(layout.longest), layout.step);
        list.push(first);
        run = rest;
    }
}

/// Where the positions read.
#[inline(always)]
pub(super) fn read_runs<T: Real>(
    positions: Range<usize>,
    window: &Window,
    [rows, columns]: &Sweep,
    staged: &Staged<T>,
    list: &mut Vec<Run>,
) {
    let layout = Layout { columns: columns.positions, step: 1, longest: CHUNK };
    let locate = |image, row, column| (0, image * staged.image + row * rows.stride * staged.row + column);
    runs(positions, window, &layout, locate, list);
}

/// Where the positions' results go, within the window's rows of a target of this width.
#[inline(always)]
pub(super) fn write_runs(
    positions: Range<usize>,
    window: &Window,
    [rows, columns]: &Sweep,
    width: usize,
    list: &mut Vec<Run>,
) {
    let layout = Layout { columns: columns.positions, step: columns.target_stride, longest: positions.len() };
    let locate = |image, row, column| {
        let row = row * rows.target_stride + rows.target;
        (image, row * width + column * columns.target_stride + columns.target)
    };
    runs(positions, window, &layout, locate, list);
}

/// A panel, tap after tap; `width` is a tap's share.
#[inline(always)]
pub(super) fn pack<T: Real>(data: &[T], taps: &[usize], runs: &[Run], width: usize, panel: &mut Vec<T>) {
    let scalars = taps.len() * width + CHUNK;
    if panel.len() < scalars {
        panel.resize(scalars, T::default());
    }
    for (k, &tap) in taps.iter().enumerate() {
        let (from, to) = (&data[tap..], &mut panel[k * width..]);
        for run in runs {
            copy_chunk(&from[run.at..], &mut to[run.place..], run.length);
        }
    }
}
