//! How a result is divided among threads, so that every part is written by one task alone.

use super::geometry::Geometry;
use super::staging::{Order, Window};
use super::sweep::Axis;
use std::ops::Range;

/// Tasks for every thread, so that all are busy to the end.
pub(super) const TASKS: usize = 2;

/// Fewer multiply-adds than this are not worth a task.
const WORTH_A_TASK: usize = 1 << 21;

/// Terms of a sum that, left out, are worth more than neighbors that write side by side.
const WORTH_AN_ORDER: usize = 16;

/// Sums that a task keeps at once, so that they stay in the second-level cache.
const SUMS: usize = 1 << 17;

impl Geometry {
    /// Multiply-adds.
    pub fn work(&self) -> usize {
        let outputs: usize = self.output_shape().iter().product();
        outputs * self.depth() * self.kernel[0] * self.kernel[1]
    }

    /// Row by row where enough terms are left out for lines of padding: in that order, what neighbors write lies apart.
    fn order(&self) -> Order {
        let rows = Axis::over_positions(self, 0);
        let left_out: usize = (0..rows.positions).map(|row| rows.taps - rows.met(row..=row).len()).sum();
        let terms = left_out * self.depth() * self.kernel[1] / rows.positions;
        if terms > WORTH_AN_ORDER { Order::Rows } else { Order::Images }
    }

    /// The number of threads that the work is worth.
    pub fn threads(&self) -> usize {
        if self.work() < 2 * WORTH_A_TASK { 1 } else { rayon::current_num_threads() }
    }

    /// The number of tasks, at most `most` for every thread.
    pub fn tasks(&self, threads: usize, most: usize) -> usize {
        if threads == 1 { 1 } else { (self.work() / WORTH_A_TASK).min(most * threads) }
    }
}

/// Positions of whole images, or of a band of one image's rows, in all planes.
pub(super) struct Part<'a, T> {
    pub images: Range<usize>,
    pub rows: Range<usize>,
    /// These rows of the images' planes, image by image.
    pub planes: Vec<&'a mut [T]>,
}

impl<T> Part<'_, T> {
    /// What one group's filters read.
    pub fn window(&self, g: &Geometry, group: usize) -> Window {
        let first = group * g.depth();
        Window {
            images: self.images.clone(),
            channels: first..first + g.depth(),
            rows: self.rows.clone(),
            order: g.order(),
        }
    }
}

/// A convolution's result, divided.
pub(super) struct Bands<'a> {
    g: &'a Geometry,
    images: usize,
    rows: usize,
}

impl<'a> Bands<'a> {
    /// As many parts as there is work for, and none with too many sums.
    pub fn new(g: &'a Geometry, threads: usize) -> Self {
        let image = g.output[0] * g.output[1];
        let positions =
            (g.images * image / g.tasks(threads, TASKS)).min(SUMS / g.group_filters()).next_multiple_of(48);
        let images = ((positions + image / 2) / image).clamp(1, g.images);
        let bands = if image > positions { image.div_ceil(positions).min(g.output[0]) } else { 1 };
        Self { g, images, rows: g.output[0].div_ceil(bands) }
    }

    /// Divides the result.
    pub fn parts<T>(self, y: &mut [T]) -> Vec<Part<'_, T>> {
        let bands = self.g.output[0].div_ceil(self.rows);
        let mut parts: Vec<_> = (0..self.g.images.div_ceil(self.images))
            .flat_map(|i| (0..bands).map(move |b| (i, b)))
            .map(|(i, b)| self.part(i, b))
            .collect();
        for (p, mut plane) in y.chunks_exact_mut(self.g.output[0] * self.g.output[1]).enumerate() {
            let first = p / self.g.filters / self.images * bands;
            for part in &mut parts[first..first + bands] {
                let rows = part.rows.len() * self.g.output[1];
                part.planes.push(plane.split_off_mut(..rows).expect("rows of the plane"));
            }
        }
        parts
    }

    fn part<'b, T>(&self, images: usize, band: usize) -> Part<'b, T> {
        let range = |i: usize, step: usize, end: usize| i * step..((i + 1) * step).min(end);
        let images = range(images, self.images, self.g.images);
        let planes = Vec::with_capacity(images.len() * self.g.filters);
        Part { images, rows: range(band, self.rows, self.g.output[0]), planes }
    }
}
