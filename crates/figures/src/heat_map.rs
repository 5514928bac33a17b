//! Heat maps: values on a grid over an image, as colors.

use image::imageops::{FilterType, grayscale, resize};
use image::{Luma, Rgb, RgbImage};
use ndarray::Array2;
use plotters::style::colors::colormaps::{ColorMap, ViridisRGB};

/// Weight of the picture under the colors.
const THROUGH: f64 = 0.5;

/// A map of values on a grid of places over an image; beyond the grid it continues the values at its border.
#[derive(Clone, Debug)]
pub struct HeatMap {
    /// **Shape** `[places down, places across]`
    pub values: Array2<f64>,
    /// The places: the rows, and the columns, of the image's pixels at which they lie, ascending.
    pub places: [Vec<f64>; 2],
    /// The values of the darkest and the brightest color; the darkest may be the larger.
    pub range: [f64; 2],
    /// Interpolation between the places.
    pub between: Between,
}

/// Interpolation of a map between the places of its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    /// Bilinear.
    Linear,
    /// The nearest value: for numbers that stand for something, such as classes.
    Nearest,
}

impl Between {
    /// The last of the places that does not lie beyond a pixel, and the part of the way from it to the next.
    fn place(self, places: &[f64], pixel: f64) -> (usize, f64) {
        let next = places.partition_point(|&place| place <= pixel);
        if next == 0 || next == places.len() {
            return (next.saturating_sub(1), 0.0);
        }
        let [before, after] = [places[next - 1], places[next]];
        match (pixel - before) / (after - before) {
            part if self == Between::Linear => (next - 1, part),
            part => (if part < 0.5 { next - 1 } else { next }, 0.0),
        }
    }
}

impl HeatMap {
    /// The colors alone, on an image of this height and width.
    ///
    /// # Panics
    /// When there is no value.
    pub fn picture(&self, [height, width]: [usize; 2]) -> RgbImage {
        RgbImage::from_fn(width as u32, height as u32, |x, y| self.color(self.at([y, x].map(f64::from))))
    }

    /// The colors over a gray picture.
    ///
    /// # Panics
    /// As [`HeatMap::picture`].
    pub fn over(&self, picture: &RgbImage) -> RgbImage {
        self.over_magnified(picture, 1)
    }

    /// The colors over a gray picture, of which each pixel is a square of this side.
    pub(crate) fn over_magnified(&self, picture: &RgbImage, magnification: u32) -> RgbImage {
        let picture = magnified(picture, magnification);
        let at = |at: u32| (f64::from(at) + 0.5) / f64::from(magnification) - 0.5;
        let color = |x, y| self.color(self.at([at(y), at(x)]));
        let mut over = RgbImage::from_fn(picture.width(), picture.height(), color);
        for (color, Luma([gray])) in over.pixels_mut().zip(grayscale(&picture).pixels()) {
            color.0 =
                color.0.map(|byte| (THROUGH * f64::from(*gray) + (1.0 - THROUGH) * f64::from(byte)) as u8);
        }
        over
    }

    /// The value at a pixel.
    fn at(&self, pixel: [f64; 2]) -> f64 {
        let size: [usize; 2] = self.values.dim().into();
        let [(top, below), (left, right)] =
            [0, 1].map(|axis| self.between.place(&self.places[axis], pixel[axis]));
        let value = |row: usize, column: usize| self.values[[row.min(size[0] - 1), column.min(size[1] - 1)]];
        let along = |row: usize| value(row, left) * (1.0 - right) + value(row, left + 1) * right;
        along(top) * (1.0 - below) + along(top + 1) * below
    }

    /// The color of a value.
    pub(crate) fn color(&self, value: f64) -> Rgb<u8> {
        let [low, high] = self.range;
        let part = (value - low) / (high - low);
        heat_color(if part.is_nan() || low == high { 0.0 } else { part })
    }
}

/// The picture with each pixel as a square of this side.
pub(crate) fn magnified(picture: &RgbImage, side: u32) -> RgbImage {
    resize(picture, picture.width() * side, picture.height() * side, FilterType::Nearest)
}

/// From dark violet at 0 over green to yellow at 1; no darker and no brighter beyond.
pub fn heat_color(part: f64) -> Rgb<u8> {
    let color = ViridisRGB.get_color(part.clamp(0.0, 1.0));
    Rgb([color.0, color.1, color.2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn heat() -> HeatMap {
        let (values, between) = (array![[0.0, 1.0], [2.0, 5.0]], Between::Linear);
        HeatMap { values, places: [vec![1.0, 3.0], vec![2.0, 6.0]], range: [0.0, 5.0], between }
    }

    #[test]
    fn values_stand_at_their_places_and_are_interpolated_between_and_kept_beyond() {
        let cases = [
            ([1.0, 2.0], 0.0),
            ([1.0, 6.0], 1.0),
            ([3.0, 2.0], 2.0),
            ([2.0, 2.0], 1.0),
            ([2.0, 4.0], 2.0),
            ([0.0, 0.0], 0.0),
            ([9.0, 9.0], 5.0),
        ];
        for (pixel, value) in cases {
            assert_eq!(heat().at(pixel), value, "{pixel:?}");
        }
        let nearest = HeatMap { between: Between::Nearest, ..heat() };
        assert_eq!([[1.9, 3.9], [2.1, 4.1]].map(|pixel| nearest.at(pixel)), [0.0, 5.0]);
    }

    #[test]
    fn the_least_value_is_dark_and_the_largest_bright() {
        let picture = heat().picture([5, 9]);
        let sum = |x: u32, y: u32| picture.get_pixel(x, y).0.iter().map(|&byte| u32::from(byte)).sum::<u32>();
        assert!(sum(2, 1) < 200 && sum(8, 4) > 400, "{} {}", sum(2, 1), sum(8, 4));
        assert_eq!(picture.dimensions(), (9, 5));
        let flat = HeatMap { values: Array2::from_elem((2, 2), 3.0), range: [3.0, 3.0], ..heat() };
        assert_eq!(*flat.picture([1, 1]).get_pixel(0, 0), heat_color(0.0));
    }

    #[test]
    fn places_need_not_be_equally_spaced() {
        let places = [vec![1.0, 3.0], vec![0.0, 4.0, 5.0]];
        let uneven = HeatMap { values: array![[0.0, 4.0, 8.0], [0.0, 4.0, 8.0]], places, ..heat() };
        assert_eq!(
            [0.0, 2.0, 4.0, 4.5, 5.0, 8.0].map(|x| uneven.at([1.0, x])),
            [0.0, 2.0, 4.0, 6.0, 8.0, 8.0]
        );
    }

    #[test]
    fn a_range_that_falls_makes_the_least_value_the_brightest() {
        let falling = HeatMap { range: [5.0, 0.0], ..heat() };
        assert_eq!([0.0, 5.0, f64::NAN].map(|value| falling.color(value)), [1.0, 0.0, 0.0].map(heat_color));
    }

    #[test]
    fn the_picture_shines_through() {
        let mut picture = RgbImage::from_pixel(9, 5, Rgb([0; 3]));
        let dark = heat().over(&picture);
        picture.put_pixel(4, 2, Rgb([255; 3]));
        let lit = heat().over(&picture);
        assert!(lit.get_pixel(4, 2).0[0] > dark.get_pixel(4, 2).0[0]);
        assert_eq!(lit.get_pixel(0, 0), dark.get_pixel(0, 0));
    }
}
