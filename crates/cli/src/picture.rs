//! What can be seen of a net's input and of projections to it, as PNG files.

use std::path::Path;

use anyhow::Result;
use image::codecs::png::PngEncoder;
use image::{ImageEncoder, Rgb, RgbImage, imageops};
use tensor::{Tensor, tensor_of, to_f64s};

use crate::output::write_file;

/// The gray of a projection's zero, and of what lies between two pictures.
const GRAY: f64 = 0.5;

/// Pixels between two pictures.
const MARGIN: u32 = 2;

/// A projection to be looked at: zero is gray, and its largest value, positive or negative, is as bright or dark as can be.
///
/// **Shape** signal `[c, h, w]` of one channel or three; the result `[3, h, w]`, red, green, blue.
/// **Range** `[0, 1]`
pub fn contrast(signal: &Tensor, bgr: bool) -> Tensor {
    let &[channels, h, w] = signal.dims() else {
        panic!("contrast: expected [c, h, w], got {:?}", signal.dims())
    };
    let values = to_f64s(signal);
    let largest = values.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
    let shown = |value: f64| if largest > 0.0 { GRAY + GRAY * value / largest } else { GRAY };
    let order = match (channels, bgr) {
        (1, _) => [0, 0, 0],
        (_, true) => [2, 1, 0],
        (_, false) => [0, 1, 2],
    };
    let planes = order.into_iter().flat_map(|channel| &values[channel * h * w..(channel + 1) * h * w]);
    tensor_of(planes.map(|&value| shown(value) as f32).collect(), &[3, h, w])
}

/// Red, green and blue in bytes.
///
/// **Shape** picture `[3, h, w]`.
pub fn bytes(picture: &Tensor) -> RgbImage {
    let (h, w) = (picture.dims()[1], picture.dims()[2]);
    let values = to_f64s(picture);
    RgbImage::from_fn(w as u32, h as u32, |x, y| {
        let at = y as usize * w + x as usize;
        Rgb([0, 1, 2].map(|color| (values[color * h * w + at].clamp(0.0, 1.0) * 255.0).round() as u8))
    })
}

/// The picture as a tensor, `[3, h, w]` in `[0, 1]`.
pub fn planes(picture: &RgbImage) -> Tensor {
    let values =
        (0..3).flat_map(|color| picture.pixels().map(move |pixel| f32::from(pixel.0[color]) / 255.0));
    tensor_of(values.collect(), &[3, picture.height() as usize, picture.width() as usize])
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
