//! Clean images, adversarial examples, and their differences magnified.

use super::pictures::Picture;
use super::rows::Row;
use crate::class_table::Classes;
use crate::clean_images::Status;
use anyhow::Result;
use figures::{Gallery, Panel, PanelFigure};
use image::{Rgb, RgbImage, imageops};

/// Images on the sheet at most.
const MOST: usize = 12;

/// Height and width of an image's panel.
const PANEL: [usize; 2] = [212, 560];

/// Letters of a class's name.
const LETTERS: usize = 14;

/// The sheet of the first images with an adversarial example, as a PNG file; none where there are none.
pub fn contact_sheet(pictures: &[Picture], rows: &[Row], classes: &Classes) -> Result<Option<Vec<u8>>> {
    let found = pictures.iter().zip(rows).filter(|(_, row)| row.status == Status::Found);
    let panels: Vec<Panel> = found.take(MOST).map(|(picture, row)| panel(picture, row, classes)).collect();
    if panels.is_empty() {
        return Ok(None);
    }
    let legend = ["clean", "adversarial example", "difference, magnified"].map(String::from).to_vec();
    PanelFigure { columns: panels.len().min(2), panel: PANEL, legend, panels }.png().map(Some)
}

fn panel(picture: &Picture, row: &Row, classes: &Classes) -> Panel {
    let called = |class: usize| match classes.name(class) {
        None => class.to_string(),
        Some(name) => name.chars().take(LETTERS).collect(),
    };
    let (factor, difference) = difference(&picture.clean, &picture.adversarial);
    let distortion = row.bytes_distortion.unwrap_or(row.distortion).0;
    let title = format!(
        "{} becomes {}, distortion {distortion:.2e}, difference \u{d7} {factor}",
        called(row.label),
        called(row.target)
    );
    let pictures = [&picture.clean, &picture.adversarial, &difference].map(squared);
    Panel::Gallery(Gallery { title, columns: 3, pictures: pictures.into_iter().enumerate().collect() })
}

/// The change of each pixel around gray, as strong as fits, and by which factor.
fn difference(clean: &RgbImage, adversarial: &RgbImage) -> (i32, RgbImage) {
    let change = |a: u8, b: u8| i32::from(b) - i32::from(a);
    let pairs = || clean.as_raw().iter().zip(adversarial.as_raw());
    let largest = pairs().map(|(&a, &b)| change(a, b).abs()).max().unwrap_or(0);
    let factor = 127 / largest.max(1);
    let value = |(&a, &b): (&u8, &u8)| (128 + factor * change(a, b)).clamp(0, 255) as u8;
    let values = pairs().map(value).collect();
    let difference = RgbImage::from_raw(clean.width(), clean.height(), values)
        .expect("pixels of two pictures of one size");
    (factor, difference)
}

/// The picture in the middle of a white square.
fn squared(picture: &RgbImage) -> RgbImage {
    let (width, height) = picture.dimensions();
    let side = width.max(height);
    let mut square = RgbImage::from_pixel(side, side, Rgb([255; 3]));
    imageops::replace(&mut square, picture, ((side - width) / 2).into(), ((side - height) / 2).into());
    square
}
