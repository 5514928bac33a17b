//! Pictures side by side, as a PNG file.

use anyhow::Result;
use image::codecs::png::PngEncoder;
use image::{ImageEncoder, Rgb, RgbImage, imageops};

/// The gray between two pictures.
const GRAY: Rgb<u8> = Rgb([128; 3]);

/// Pixels between two pictures.
const MARGIN: u32 = 2;

/// Pictures of one size side by side, as a PNG file.
pub fn png(pictures: &[RgbImage]) -> Result<Vec<u8>> {
    let step = pictures[0].width() + MARGIN;
    let width = step * pictures.len() as u32 - MARGIN;
    let mut canvas = RgbImage::from_pixel(width, pictures[0].height(), GRAY);
    for (index, picture) in (0..).zip(pictures) {
        imageops::replace(&mut canvas, picture, index * i64::from(step), 0);
    }
    let mut png = Vec::new();
    let (width, height) = canvas.dimensions();
    PngEncoder::new(&mut png).write_image(&canvas, width, height, image::ExtendedColorType::Rgb8)?;
    Ok(png)
}
