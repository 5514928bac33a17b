//! A padded plane taken apart by its row and column modulo the strides.
//!
//! In such a phase the same tap of neighboring windows reads neighboring scalars, whatever the stride and dilation.
//! So a tap of all windows is one contiguous run, and the loops over windows fill registers.

use super::axis::Axis;
use crate::real::Real;

/// A plane's phases; those of one row phase lie side by side.
pub(super) struct Phases<T> {
    pub down: Axis,
    pub across: Axis,
    /// Height and width of one phase.
    pub height: usize,
    pub width: usize,
    /// Where each row of the plane begins in the first column phase, as far as windows reach.
    rows: Vec<usize>,
    columns: Vec<Columns>,
    scalars: Vec<T>,
}

/// What a column phase holds of each row.
#[derive(Clone, Copy)]
struct Columns {
    /// Its first pixel.
    pixel: usize,
    /// Where that goes, from the row's beginning in the first column phase, and how many more go after it at most.
    from: usize,
    length: usize,
}

impl<T: Real> Phases<T> {
    /// Room for the phases of one plane after the other, padded with a constant.
    pub fn new([down, across]: [Axis; 2], padding: T) -> Self {
        let (height, width) = (down.phase_length(), across.phase_length());
        let scalars = vec![padding; down.stride * across.stride * height * width];
        let place = |row: usize| ((row + down.before) % down.stride, (row + down.before) / down.stride);
        let reached = (0..down.input).map(place).take_while(|&(_, at)| at < height);
        let rows = reached.map(|(phase, at)| (phase * across.stride * height + at) * width).collect();
        let columns = (0..across.stride).map(|phase| {
            let pixel = (phase + across.stride - across.before % across.stride) % across.stride;
            let at = width.min((across.before + pixel) / across.stride);
            Columns { pixel: pixel.min(across.input), from: phase * height * width + at, length: width - at }
        });
        Self { down, across, height, width, rows, columns: columns.collect(), scalars }
    }

    /// Takes in the next plane.
    #[inline(always)]
    pub fn split(&mut self, plane: &[T]) {
        for (row, &start) in plane.chunks_exact(self.across.input).zip(&self.rows) {
            for columns in &self.columns {
                let line = &mut self.scalars[start + columns.from..][..columns.length];
                every(self.across.stride, &row[columns.pixel..], line);
            }
        }
    }

    /// Writes the plane that was taken apart; a pixel that no phase has keeps what it was.
    #[inline(always)]
    pub fn join(&self, plane: &mut [T]) {
        for (row, &start) in plane.chunks_exact_mut(self.across.input).zip(&self.rows) {
            for columns in &self.columns {
                let line = &self.scalars[start + columns.from..][..columns.length];
                let pixels = row[columns.pixel..].iter_mut().step_by(self.across.stride);
                pixels.zip(line).for_each(|(pixel, &scalar)| *pixel = scalar);
            }
        }
    }

    /// Sets everything to 0.
    pub fn clear(&mut self) {
        self.scalars.fill(T::default());
    }

    /// Scalars of one row phase's sums: all of its rows, down to the last window's column in the last.
    pub fn run(&self) -> usize {
        self.height * self.width - (self.width - self.across.output)
    }

    /// What tap `k` of the windows across sees in all rows of one row phase.
    #[inline(always)]
    pub fn tap(&self, row_phase: usize, k: usize) -> &[T] {
        let (phase, place) = self.across.tap(k);
        let from = (row_phase * self.across.stride + phase) * self.height * self.width + place;
        &self.scalars[from..from + self.run()]
    }

    /// [`Phases::tap`], to be written.
    #[inline(always)]
    pub fn tap_mut(&mut self, row_phase: usize, k: usize) -> &mut [T] {
        let (phase, place) = self.across.tap(k);
        let from = (row_phase * self.across.stride + phase) * self.height * self.width + place;
        let run = self.run();
        &mut self.scalars[from..from + run]
    }
}

/// Copies each scalar that is `stride` after the last one.
#[inline(always)]
fn every<T: Real>(stride: usize, row: &[T], line: &mut [T]) {
    match stride {
        1 => line.iter_mut().zip(row).for_each(|(to, &value)| *to = value),
        2 => every_second(row, line),
        _ => row.iter().step_by(stride).zip(line).for_each(|(&value, to)| *to = value),
    }
}

/// The usual stride, by pairs, which fills registers.
#[inline(always)]
fn every_second<T: Real>(row: &[T], line: &mut [T]) {
    let (pairs, rest) = row.as_chunks::<2>();
    line.iter_mut().zip(pairs).for_each(|(to, pair)| *to = pair[0]);
    if let (Some(to), Some(&last)) = (line.get_mut(pairs.len()), rest.first()) {
        *to = last;
    }
}
