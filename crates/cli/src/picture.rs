//! Pictures side by side, as a PNG file.

use anyhow::Result;
use image::codecs::png::PngEncoder;
use image::{ImageEncoder, Rgb, RgbImage, imageops};

/// The gray between two pictures.
const GRAY: Rgb<u8> = Rgb([128; 3]);

/// Pixels between two pictures.
const MARGIN: u32 = 2;

/// Figures in a row.
const COLUMNS: usize = 2;

/// Pictures of one size side by side, as a PNG file.
pub fn png(pictures: &[RgbImage]) -> Result<Vec<u8>> {
    let step = pictures[0].width() + MARGIN;
    let width = step * pictures.len() as u32 - MARGIN;
    let mut canvas = RgbImage::from_pixel(width, pictures[0].height(), GRAY);
    for (index, picture) in (0..).zip(pictures) {
        imageops::replace(&mut canvas, picture, index * i64::from(step), 0);
    }
    encoded(&canvas)
}

/// Figures in rows on white, as a PNG file.
pub fn figures(figures: &[RgbImage]) -> Result<Vec<u8>> {
    let columns = COLUMNS.min(figures.len());
    let width = figures.iter().map(RgbImage::width).max().unwrap_or(1);
    let height = figures.iter().map(RgbImage::height).max().unwrap_or(1);
    let rows = figures.len().div_ceil(columns) as u32;
    let mut canvas = RgbImage::from_pixel(columns as u32 * width, rows * height, Rgb([255; 3]));
    for (index, figure) in figures.iter().enumerate() {
        let [y, x] = [index / columns, index % columns].map(|at| at as i64);
        imageops::replace(&mut canvas, figure, x * i64::from(width), y * i64::from(height));
    }
    encoded(&canvas)
}

fn encoded(picture: &RgbImage) -> Result<Vec<u8>> {
    let mut png = Vec::new();
    let (width, height) = picture.dimensions();
    PngEncoder::new(&mut png).write_image(picture, width, height, image::ExtendedColorType::Rgb8)?;
    Ok(png)
}
