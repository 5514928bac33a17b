//! The part of the source that a few positions read, with its padding, laid out so that neighboring positions lie side by side.

use super::sweep::{Axis, Sweep};
use crate::real::Real;
use std::ops::Range;

/// Scalars that are copied at once. What such a copy writes too much, the next one overwrites.
pub(super) const CHUNK: usize = 16;

/// Planes of a batch, by their strides.
#[derive(Clone, Copy)]
pub(super) struct Planes<'a, T> {
    pub data: &'a [T],
    pub image: usize,
    pub channel: usize,
}

/// A window of the source: some images, channels and positions' rows.
#[derive(Clone, Debug)]
pub(super) struct Window {
    pub images: Range<usize>,
    pub channels: Range<usize>,
    /// Rows of positions.
    pub rows: Range<usize>,
    pub order: Order,
}

/// How a window's positions are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Image by image: neighboring rows of an image are neighbors.
    Images,
    /// Row by row: the same rows of all images are neighbors, and meet the padding together.
    Rows,
}

impl Window {
    /// The image and row of the line of positions with this number, within the window.
    #[inline(always)]
    pub fn line(&self, number: usize) -> (usize, usize) {
        match self.order {
            Order::Images => (number / self.rows.len(), number % self.rows.len()),
            Order::Rows => (number % self.images.len(), number / self.images.len()),
        }
    }

    pub fn positions(&self, [_, columns]: &Sweep) -> usize {
        self.images.len() * self.rows.len() * columns.positions
    }

    /// The source's row under the first tap at the first position.
    fn top(&self, rows: &Axis) -> isize {
        rows.first + (self.rows.start * rows.stride) as isize
    }
}

/// How far apart neighbors of a window lie in memory.
///
/// Columns that one tap reads at neighboring positions are neighbors: columns are sorted by their remainder modulo the stride.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strides {
    pub image: usize,
    pub channel: usize,
    pub row: usize,
    pub remainder: usize,
}

impl Strides {
    /// A window with its padding and nothing else.
    pub fn new(sweep: &Sweep, window: &Window) -> Self {
        Self::with_remainder(sweep, window, sweep[1].reach(sweep[1].positions).div_ceil(sweep[1].stride))
    }

    /// A window in which whole chunks of one row's positions end before those of the next row begin.
    pub fn apart(sweep: &Sweep, window: &Window) -> Self {
        let chunks = sweep[1].positions.next_multiple_of(CHUNK);
        Self::with_remainder(sweep, window, Self::new(sweep, window).remainder.max(chunks))
    }

    fn with_remainder([rows, columns]: &Sweep, window: &Window, remainder: usize) -> Self {
        let row = remainder * columns.stride;
        let channel = rows.reach(window.rows.len()) * row;
        Self { image: channel * window.channels.len(), channel, row, remainder }
    }

    /// Appends where every tap of these channels reads at the first position: by row, then channel, then column.
    pub fn taps(
        &self,
        [rows, columns]: &Sweep,
        tap_rows: Range<usize>,
        channels: Range<usize>,
        offsets: &mut Vec<usize>,
    ) {
        for row in tap_rows {
            for channel in channels.clone() {
                let row = channel * self.channel + row * rows.dilation * self.row;
                offsets.extend(
                    (0..columns.taps).map(|tap| row + self.column(tap * columns.dilation, columns.stride)),
                );
            }
        }
    }

    #[inline(always)]
    fn column(&self, at: usize, stride: usize) -> usize {
        if stride == 1 { at } else { at % stride * self.remainder + at / stride }
    }
}

/// A window as it lies in memory.
#[derive(Clone, Copy)]
pub(super) struct Staged<'a, T> {
    pub data: &'a [T],
    pub strides: Strides,
}

/// The window where it lies, if the sweep's columns are neighbors already and nothing of it is padding; else a copy in `buffer`.
#[inline(always)]
pub(super) fn stage<'a, T: Real>(
    sweep: &Sweep,
    source: Planes<'a, T>,
    window: &Window,
    buffer: &'a mut Vec<T>,
) -> Staged<'a, T> {
    let [rows, columns] = sweep;
    let top = window.top(rows);
    let inside = |first: isize, reach: usize, size: usize| first >= 0 && first as usize + reach <= size;
    if columns.stride == 1
        && inside(top, rows.reach(window.rows.len()), rows.source)
        && inside(columns.first, columns.reach(columns.positions), columns.source)
    {
        let plane = window.images.start * source.image + window.channels.start * source.channel;
        let start = plane + top as usize * columns.source + columns.first as usize;
        let strides =
            Strides { image: source.image, channel: source.channel, row: columns.source, remainder: 0 };
        return Staged { data: &source.data[start..], strides };
    }
    copy(sweep, source, window, buffer)
}

#[inline(always)]
fn copy<'a, T: Real>(
    sweep: &Sweep,
    source: Planes<T>,
    window: &Window,
    buffer: &'a mut Vec<T>,
) -> Staged<'a, T> {
    let strides = Strides::new(sweep, window);
    let scalars = strides.image * window.images.len() + CHUNK;
    if buffer.len() < scalars {
        buffer.resize(scalars, T::default());
    }
    each_line(sweep, window, strides.remainder, |Line { image, channel, row, first, place }| {
        let plane = &source.data[image * source.image + channel * source.channel..];
        let width = sweep[1].source;
        let line = row.map_or(&[][..], |row| &plane[row * width..][..width]);
        sort(line, first, sweep[1].stride, strides.remainder, &mut buffer[place..]);
    });
    Staged { data: &buffer[..scalars], strides }
}

/// Every stride-th column of a row of the window.
pub(super) struct Line {
    pub image: usize,
    pub channel: usize,
    /// The source's row, unless it is padding.
    pub row: Option<usize>,
    /// The source's column.
    pub first: isize,
    /// Where it lies in the window.
    pub place: usize,
}

/// All lines of a window, as they lie in memory, each so long.
#[inline(always)]
pub(super) fn each_line(
    [rows, columns]: &Sweep,
    window: &Window,
    length: usize,
    mut visit: impl FnMut(Line),
) {
    let top = window.top(rows);
    let mut place = 0;
    for image in window.images.clone() {
        for channel in window.channels.clone() {
            for row in top..top + rows.reach(window.rows.len()) as isize {
                let row = usize::try_from(row).ok().filter(|&row| row < rows.source);
                for first in columns.first..columns.first + columns.stride as isize {
                    visit(Line { image, channel, row, first, place });
                    place += length;
                }
            }
        }
    }
}

/// Every stride-th scalar of the line from `first`, with zeros where the line has none; may write up to a chunk more.
#[inline(always)]
fn sort<T: Real>(line: &[T], first: isize, stride: usize, length: usize, to: &mut [T]) {
    let (inside, start) = inside(line.len(), first, stride, length);
    to[..inside.start].fill(T::default());
    if stride == 1 {
        copy_over(&line[start..][..inside.len()], &mut to[inside.start..]);
    } else if !inside.is_empty() {
        for (to, from) in to[inside.clone()].iter_mut().zip(line[start..].iter().step_by(stride)) {
            *to = *from;
        }
    }
    to[inside.end..length].fill(T::default());
}

/// Which of `length` places hold scalars of a line that is `size` long, and where in it the first one lies.
#[inline(always)]
pub(super) fn inside(size: usize, first: isize, stride: usize, length: usize) -> (Range<usize>, usize) {
    let zeros = ((-first).max(0) as usize).div_ceil(stride).min(length);
    let start = ((first + (zeros * stride) as isize).max(0) as usize).min(size);
    let count = (size - start).div_ceil(stride).min(length - zeros);
    (zeros..zeros + count, start)
}

/// Copies the scalars in whole chunks, as far as there is room for what that writes too much.
#[inline(always)]
fn copy_over<T: Real>(from: &[T], to: &mut [T]) {
    let mut at = 0;
    while at + CHUNK <= from.len() {
        copy_chunk(&from[at..], &mut to[at..], CHUNK);
        at += CHUNK;
    }
    to[at..from.len()].copy_from_slice(&from[at..]);
}

/// The first `length` scalars, by a whole chunk where there is one.
#[inline(always)]
pub(super) fn copy_chunk<T: Real>(from: &[T], to: &mut [T], length: usize) {
    match (from.first_chunk::<CHUNK>(), to.first_chunk_mut::<CHUNK>()) {
        (Some(from), Some(to)) => *to = *from,
        _ => to[..length].copy_from_slice(&from[..length]),
    }
}
