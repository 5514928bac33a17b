//! The part of the source that a few positions read, with its padding, laid out so that neighboring positions lie side by side.

use super::sweep::Sweep;
use crate::real::Real;
use std::ops::Range;

/// Scalars that are copied at once. What such a copy writes too much, the next one overwrites.
pub(super) const CHUNK: usize = 16;

/// Planes of a batch: `images × channels` of them.
#[derive(Clone, Copy)]
pub(super) struct Planes<'a, T> {
    pub data: &'a [T],
    pub channels: usize,
}

/// A window of the source: some images, channels and positions' rows.
#[derive(Clone, Debug)]
pub(super) struct Window {
    pub images: Range<usize>,
    pub channels: Range<usize>,
    /// Rows of positions.
    pub rows: Range<usize>,
}

/// A window as it lies in memory: scalar `((image, channel), row, column)` of what the sweep reads.
/// Columns that one tap reads at neighboring positions are neighbors: they are sorted by their remainder modulo the stride.
#[derive(Clone, Copy)]
pub(super) struct Staged<'a, T> {
    pub data: &'a [T],
    pub image: usize,
    pub channel: usize,
    pub row: usize,
    pub remainder: usize,
}

impl<T: Real> Staged<'_, T> {
    /// Where every tap of so many channels reads at the first position.
    pub fn taps(&self, [rows, columns]: &Sweep, channels: usize, offsets: &mut Vec<usize>) {
        offsets.clear();
        for channel in 0..channels {
            for row in 0..rows.taps.len() {
                let row = channel * self.channel + row * rows.dilation * self.row;
                let column = |tap: usize| {
                    let at = tap * columns.dilation;
                    at % columns.stride * self.remainder + at / columns.stride
                };
                offsets.extend((0..columns.taps.len()).map(|tap| row + column(tap)));
            }
        }
    }
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
    let top = rows.first + (window.rows.start * rows.stride) as isize;
    let inside = |first: isize, reach: usize, size: usize| first >= 0 && first as usize + reach <= size;
    if columns.stride == 1
        && inside(top, rows.reach(window.rows.len()), rows.source)
        && inside(columns.first, columns.reach(columns.positions), columns.source)
    {
        let channel = rows.source * columns.source;
        let plane = window.images.start * source.channels + window.channels.start;
        let start = (plane * rows.source + top as usize) * columns.source + columns.first as usize;
        return Staged {
            data: &source.data[start..],
            image: source.channels * channel,
            channel,
            row: columns.source,
            remainder: 0,
        };
    }
    copy(sweep, source, window, buffer)
}

#[inline(always)]
fn copy<'a, T: Real>(
    [rows, columns]: &Sweep,
    source: Planes<T>,
    window: &Window,
    buffer: &'a mut Vec<T>,
) -> Staged<'a, T> {
    let height = rows.reach(window.rows.len());
    let remainder = columns.reach(columns.positions).div_ceil(columns.stride);
    let row = remainder * columns.stride;
    let (channel, plane) = (height * row, rows.source * columns.source);
    let image = channel * window.channels.len();
    let scalars = image * window.images.len() + CHUNK;
    if buffer.len() < scalars {
        buffer.resize(scalars, T::default());
    }
    let top = rows.first + (window.rows.start * rows.stride) as isize;
    let mut to = 0;
    for i in window.images.clone() {
        for c in window.channels.clone() {
            let plane = &source.data[(i * source.channels + c) * plane..][..plane];
            for y in top..top + height as isize {
                let inside = usize::try_from(y).ok().filter(|&y| y < rows.source);
                let line = inside.map_or(&[][..], |y| &plane[y * columns.source..][..columns.source]);
                for first in columns.first..columns.first + columns.stride as isize {
                    sort(line, first, columns.stride, remainder, &mut buffer[to..]);
                    to += remainder;
                }
            }
        }
    }
    Staged { data: &buffer[..scalars], image, channel, row, remainder }
}

/// Every stride-th scalar of the line from `first`, with zeros where the line has none; may write up to a chunk more.
#[inline(always)]
fn sort<T: Real>(line: &[T], first: isize, stride: usize, length: usize, to: &mut [T]) {
    let zeros = (-first).max(0) as usize;
    let zeros = zeros.div_ceil(stride).min(length);
    let start = (first + (zeros * stride) as isize) as usize;
    let line = line.get(start..).unwrap_or_default();
    let count = line.len().div_ceil(stride).min(length - zeros);
    to[..zeros].fill(T::default());
    if stride == 1 {
        copy_over(&line[..count], &mut to[zeros..]);
    } else {
        for (to, from) in to[zeros..zeros + count].iter_mut().zip(line.iter().step_by(stride)) {
            *to = *from;
        }
    }
    to[zeros + count..length].fill(T::default());
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
