//! Pictures side by side in a panel, each in a frame of its entry's color.

use super::{MARGIN, TITLE};
use crate::figure_style::color;
use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};

/// Pixels of the frame.
const FRAME: u32 = 4;

/// Pictures side by side.
#[derive(Clone, Debug)]
pub struct Gallery {
    /// Above it.
    pub title: String,
    /// Pictures in a row.
    pub columns: usize,
    /// Each with its entry of the legend.
    pub pictures: Vec<(usize, RgbImage)>,
}

impl Gallery {
    /// Puts the pictures, as large as fits, into the panel of this corner and size, rows first.
    pub(super) fn paste(&self, onto: &mut RgbImage, [top, left]: [u32; 2], [height, width]: [u32; 2]) {
        let columns = self.columns.max(1) as u32;
        let rows = (self.pictures.len() as u32).div_ceil(columns).max(1);
        let cell = (width / columns).min(height.saturating_sub(TITLE) / rows);
        let side = cell.saturating_sub(2 * (MARGIN + FRAME)).max(1);
        let start = left + (width - (columns * cell).min(width)) / 2;
        for (index, (entry, picture)) in (0..).zip(&self.pictures) {
            let (y, x) = (top + TITLE + index / columns * cell, start + index % columns * cell);
            let framed = framed(picture, *entry, side);
            imageops::replace(onto, &framed, (x + MARGIN).into(), (y + MARGIN).into());
        }
    }
}

/// The picture as a square of this side with its frame around it.
fn framed(picture: &RgbImage, entry: usize, side: u32) -> RgbImage {
    let (red, green, blue) = (color(entry).0, color(entry).1, color(entry).2);
    let mut framed = RgbImage::from_pixel(side + 2 * FRAME, side + 2 * FRAME, Rgb([red, green, blue]));
    let scaled = imageops::resize(picture, side, side, FilterType::Triangle);
    imageops::replace(&mut framed, &scaled, FRAME.into(), FRAME.into());
    framed
}
