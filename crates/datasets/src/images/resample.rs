//! Resizing as Pillow computes it: a pass along the rows and one along the columns, rounded to bytes between.
//!
//! Each pixel is a weighted mean of those below the filter, which is as much wider as the picture gets smaller;
//! weights have 22 bits behind the point.

use super::raster::{Grid, Raster};
use std::f64::consts::PI;

/// How pixels between pixels are computed, when a picture is resized.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interpolation {
    /// The pixel that lies there.
    Nearest,
    /// A triangle over two pixels, wider when the picture gets smaller.
    #[default]
    Bilinear,
    /// Keys's cubic with a = −0.5 over four pixels.
    Bicubic,
    /// Lanczos's windowed sinc over six pixels.
    Lanczos,
}

/// Bits behind the point of a weight: two fewer than a byte's product leaves, for filters that overshoot.
const PRECISION: u32 = 32 - 8 - 2;

impl Interpolation {
    /// How many pixels the filter reaches to either side.
    fn support(self) -> f64 {
        match self {
            Interpolation::Nearest => 0.5,
            Interpolation::Bilinear => 1.0,
            Interpolation::Bicubic => 2.0,
            Interpolation::Lanczos => 3.0,
        }
    }

    fn filter(self, x: f64) -> f64 {
        const A: f64 = -0.5;
        let distance = x.abs();
        match self {
            Interpolation::Nearest => f64::from(distance < 0.5),
            Interpolation::Bilinear => (1.0 - distance).max(0.0),
            Interpolation::Bicubic if distance < 1.0 => {
                ((A + 2.0) * distance - (A + 3.0)) * distance * distance + 1.0
            }
            Interpolation::Bicubic if distance < 2.0 => {
                (((distance - 5.0) * distance + 8.0) * distance - 4.0) * A
            }
            Interpolation::Lanczos if (-3.0..3.0).contains(&x) => sinc(x) * sinc(x / 3.0),
            Interpolation::Bicubic | Interpolation::Lanczos => 0.0,
        }
    }
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { (x * PI).sin() / (x * PI) }
}

/// The picture in another width and height, both above 0.
pub(crate) fn resize(picture: &Raster, size: [usize; 2], interpolation: Interpolation) -> Raster {
    match picture {
        Raster::Bytes(grid) => Raster::Bytes(resized(grid, size, interpolation)),
        Raster::Wide(grid) => Raster::Wide(resized(grid, size, interpolation)),
    }
}

/// A sample with its weighted sums.
trait Sample: Copy {
    type Sum: Copy;
    const START: Self::Sum;

    /// A weight between −1 and about 1.
    fn weight(weight: f64) -> Self::Sum;

    fn added(self, sum: Self::Sum, weight: Self::Sum) -> Self::Sum;

    fn rounded(sum: Self::Sum) -> Self;
}

impl Sample for u8 {
    type Sum = i32;
    const START: i32 = 1 << (PRECISION - 1);

    fn weight(weight: f64) -> i32 {
        (weight * f64::from(1u32 << PRECISION)).round() as i32
    }

    fn added(self, sum: i32, weight: i32) -> i32 {
        sum + i32::from(self) * weight
    }

    fn rounded(sum: i32) -> u8 {
        (sum >> PRECISION).clamp(0, 255) as u8
    }
}

impl Sample for f32 {
    type Sum = f64;
    const START: f64 = 0.0;

    fn weight(weight: f64) -> f64 {
        weight
    }

    fn added(self, sum: f64, weight: f64) -> f64 {
        sum + f64::from(self) * weight
    }

    fn rounded(sum: f64) -> f32 {
        sum as f32
    }
}

fn resized<T: Sample>(grid: &Grid<T>, [width, height]: [usize; 2], interpolation: Interpolation) -> Grid<T> {
    if interpolation == Interpolation::Nearest {
        return nearest(grid, [width, height]);
    }
    match (width == grid.width, height == grid.height) {
        (true, true) => grid.clone(),
        (true, false) => along_columns(grid, height, interpolation),
        (false, true) => along_rows(grid, width, interpolation),
        (false, false) if columns_first(grid, [width, height]) => {
            along_rows(&along_columns(grid, height, interpolation), width, interpolation)
        }
        (false, false) => along_columns(&along_rows(grid, width, interpolation), height, interpolation),
    }
}

/// Whether columns get shorter by more than twice what rows do: then less is left for the second pass.
///
/// As by Pillow 13; earlier versions always began with the rows.
fn columns_first<T>(grid: &Grid<T>, [width, height]: [usize; 2]) -> bool {
    let shorter = grid.height.saturating_sub(height);
    shorter > 0 && shorter + 2 * width > 2 * grid.width
}

/// The pixels that lie in the middle of each new one.
fn nearest<T: Sample>(grid: &Grid<T>, [width, height]: [usize; 2]) -> Grid<T> {
    let [columns, rows] = [places(grid.width, width), places(grid.height, height)];
    let pixels = rows.iter().flat_map(|row| columns.iter().map(move |column| row * grid.width + column));
    let samples = pixels.flat_map(|pixel| &grid.samples[pixel * grid.channels..][..grid.channels]);
    Grid::new(width, height, grid.channels, samples.copied().collect())
}

/// Unlike a product, the sum of steps rounds as Pillow's does.
fn places(from: usize, to: usize) -> Vec<usize> {
    let step = from as f64 / to as f64;
    let middles = std::iter::successors(Some(step * 0.5), |place| Some(place + step));
    middles.take(to).map(|place| (place as usize).min(from - 1)).collect()
}

/// The weights of some neighboring pixels.
struct Weights<S> {
    first: usize,
    weights: Vec<S>,
}

/// The weights of each new pixel along an axis.
fn weights<T: Sample>(from: usize, to: usize, interpolation: Interpolation) -> Vec<Weights<T::Sum>> {
    let scale = from as f64 / to as f64;
    let stretch = scale.max(1.0);
    let support = interpolation.support() * stretch;
    let inverse = 1.0 / stretch;
    let of_pixel = |pixel: usize| {
        let center = (pixel as f64 + 0.5) * scale;
        let first = (center - support + 0.5).max(0.0) as usize;
        let end = ((center + support + 0.5) as usize).min(from);
        let raw: Vec<f64> =
            (first..end).map(|at| interpolation.filter((at as f64 - center + 0.5) * inverse)).collect();
        let sum: f64 = raw.iter().sum();
        let share = |weight: &f64| T::weight(if sum == 0.0 { *weight } else { weight / sum });
        Weights { first, weights: raw.iter().map(share).collect() }
    };
    (0..to).map(of_pixel).collect()
}

fn along_rows<T: Sample>(grid: &Grid<T>, width: usize, interpolation: Interpolation) -> Grid<T> {
    let weights = weights::<T>(grid.width, width, interpolation);
    let channels = grid.channels;
    let mut samples = Vec::with_capacity(width * grid.height * channels);
    for row in grid.samples.chunks_exact(grid.width * channels) {
        for Weights { first, weights } in &weights {
            let mut sums = [T::START; 3];
            for (pixel, &weight) in row[first * channels..].chunks_exact(channels).zip(weights) {
                for (sum, &sample) in sums.iter_mut().zip(pixel) {
                    *sum = sample.added(*sum, weight);
                }
            }
            samples.extend(sums[..channels].iter().map(|&sum| T::rounded(sum)));
        }
    }
    Grid::new(width, grid.height, channels, samples)
}

fn along_columns<T: Sample>(grid: &Grid<T>, height: usize, interpolation: Interpolation) -> Grid<T> {
    let row = grid.width * grid.channels;
    let mut samples = Vec::with_capacity(row * height);
    for Weights { first, weights } in weights::<T>(grid.height, height, interpolation) {
        let mut sums = vec![T::START; row];
        for (samples, weight) in grid.samples[first * row..].chunks_exact(row).zip(weights) {
            for (sum, &sample) in sums.iter_mut().zip(samples) {
                *sum = sample.added(*sum, weight);
            }
        }
        samples.extend(sums.into_iter().map(T::rounded));
    }
    Grid::new(grid.width, height, grid.channels, samples)
}
