//! Projections to be looked at, as PNG files.

use std::path::Path;

use anyhow::Result;
use image::codecs::png::PngEncoder;
use image::{ImageEncoder, Rgb, RgbImage, imageops};
use tensor::{Tensor, to_f64s};

use crate::output::write_file;

/// The gray of a projection's zero, and of what lies between two pictures.
const GRAY: f64 = 0.5;

/// Pixels between two pictures.
const MARGIN: u32 = 2;

/// A projection to be looked at: zero is gray, and its largest value, positive or negative, is as bright or dark as can be.
///
/// **Shape** signal `[c, h, w]` of one channel or three, blue first if `bgr`.
pub fn contrast(signal: &Tensor, bgr: bool) -> RgbImage {
    let &[channels, h, w] = signal.dims() else {
        panic!("contrast: expected [c, h, w], got {:?}", signal.dims())
    };
    let values = to_f64s(signal);
    let largest = values.iter().fold(f64::MIN_POSITIVE, |largest, value| largest.max(value.abs()));
    let order = match (channels, bgr) {
        (1, _) => [0, 0, 0],
        (_, true) => [2, 1, 0],
        (_, false) => [0, 1, 2],
    };
    RgbImage::from_fn(w as u32, h as u32, |x, y| {
        let place = y as usize * w + x as usize;
        let shown = |channel: usize| GRAY + GRAY * values[channel * h * w + place] / largest;
        Rgb(order.map(|channel| (shown(channel) * 255.0).round() as u8))
    })
}

/// Writes pictures of one size side by side.
pub fn write(path: &Path, pictures: &[RgbImage]) -> Result<()> {
    let step = pictures[0].width() + MARGIN;
    let gray = Rgb([(GRAY * 255.0).round() as u8; 3]);
    let width = step * pictures.len() as u32 - MARGIN;
    let mut canvas = RgbImage::from_pixel(width, pictures[0].height(), gray);
    for (index, picture) in (0..).zip(pictures) {
        imageops::replace(&mut canvas, picture, index * i64::from(step), 0);
    }
    write_file(path, |writer| {
        let (width, height) = canvas.dimensions();
        Ok(PngEncoder::new(writer).write_image(&canvas, width, height, image::ExtendedColorType::Rgb8)?)
    })
}
