//! How the result is divided among threads: whole images, or bands of one image's rows.

use std::ops::Range;

/// What one task computes.
pub(super) struct Part<'a, T> {
    pub images: Range<usize>,
    /// Rows of positions.
    pub rows: Range<usize>,
    /// These rows of the target's planes, image by image.
    pub planes: Vec<&'a mut [T]>,
}

/// The sizes of the result and of a part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Division {
    pub images: usize,
    /// Planes of an image.
    pub planes: usize,
    /// Scalars of a plane.
    pub plane: usize,
    /// Rows of positions.
    pub rows: usize,
    /// Scalars of a plane that belong to one row of positions.
    pub row: usize,
    pub images_per_part: usize,
    pub rows_per_part: usize,
}

impl Division {
    /// Parts of about so many positions.
    pub fn of_positions(mut self, positions: usize, columns: usize) -> Self {
        let image = self.rows * columns;
        self.images_per_part = ((positions + image / 2) / image).clamp(1, self.images);
        let bands = if image > positions { image.div_ceil(positions).min(self.rows) } else { 1 };
        self.rows_per_part = self.rows.div_ceil(bands);
        self
    }

    /// Divides the result.
    pub fn parts<T>(self, out: &mut [T]) -> Vec<Part<'_, T>> {
        let bands = self.rows.div_ceil(self.rows_per_part);
        let mut parts: Vec<_> = (0..self.images.div_ceil(self.images_per_part))
            .flat_map(|i| (0..bands).map(move |b| self.part(i, b)))
            .collect();
        for (p, mut plane) in out.chunks_exact_mut(self.plane).enumerate() {
            let first = p / self.planes / self.images_per_part * bands;
            for part in &mut parts[first..first + bands] {
                let length = (part.rows.len() * self.row).min(plane.len());
                part.planes.push(plane.split_off_mut(..length).expect("rows of the plane"));
            }
        }
        parts
    }

    fn part<'a, T>(&self, images: usize, band: usize) -> Part<'a, T> {
        let range = |i: usize, step: usize, end: usize| i * step..((i + 1) * step).min(end);
        let images = range(images, self.images_per_part, self.images);
        let planes = Vec::with_capacity(images.len() * self.planes);
        Part { images, rows: range(band, self.rows_per_part, self.rows), planes }
    }
}
