//! Pictures inside the page.

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};
use std::fs;
use std::path::Path;

/// Pixels of a picture's width at most; the file itself is a click away.
const WIDTH: u32 = 1200;
/// Of the JPEG files, of 100.
const QUALITY: u8 = 80;

/// Pixels between parts of a picture, and their color.
const GAP: u32 = 6;
const WHITE: Rgb<u8> = Rgb([255; 3]);

/// A picture as the page holds it.
pub(super) struct Preview {
    /// A data URI.
    pub source: String,
    pub width: u32,
    pub height: u32,
    /// The name of the file that it shows.
    pub file: String,
}

/// The plot `name.svg` where there is one, as it is; else the picture `name`, reduced.
pub(super) fn preview(folder: &Path, name: &str) -> Result<Preview> {
    let plot = folder.join(format!("{name}.svg"));
    if plot.exists() {
        return plot_preview(&plot, format!("{name}.svg"));
    }
    let mut picture = read(&folder.join(name))?;
    if picture.width() > WIDTH {
        let height = (u64::from(picture.height()) * u64::from(WIDTH) / u64::from(picture.width())).max(1);
        picture = imageops::resize(&picture, WIDTH, height as u32, FilterType::Triangle);
    }
    encoded(&picture, name)
}

/// Parts of a picture as they are, in rows, each of which has as many of the same size.
///
/// # Errors
/// When it cannot be read or lacks a part.
pub(super) fn preview_of_parts(folder: &Path, name: &str, parts: &[&[[u32; 4]]]) -> Result<Preview> {
    let path = folder.join(name);
    let picture = read(&path)?;
    let [columns, rows] = [parts.first().map_or(0, |row| row.len()), parts.len()].map(|count| count as u32);
    let [.., width, height] = parts.concat().first().copied().unwrap_or_default();
    let mut together =
        RgbImage::from_pixel(columns * (width + GAP) - GAP, rows * (height + GAP) - GAP, WHITE);
    for (row, parts) in (0..).zip(parts) {
        for (column, &[left, top, ..]) in (0..).zip(*parts) {
            let (w, h) = picture.dimensions();
            let [right, bottom] = [left + width, top + height];
            ensure!(
                right <= w && bottom <= h,
                "{}: expected {right} × {bottom} pixels or more, found {w} × {h}",
                path.display()
            );
            let part = imageops::crop_imm(&picture, left, top, width, height).to_image();
            let [x, y] = [column * (width + GAP), row * (height + GAP)];
            imageops::replace(&mut together, &part, x.into(), y.into());
        }
    }
    encoded(&together, name)
}

fn read(path: &Path) -> Result<RgbImage> {
    let place = path.display();
    let bytes = fs::read(path).with_context(|| format!("{place}: cannot be read"))?;
    let picture = image::load_from_memory(&bytes).with_context(|| format!("{place}: expected a picture"))?;
    Ok(picture.into_rgb8())
}

/// As a JPEG.
fn encoded(picture: &RgbImage, name: &str) -> Result<Preview> {
    let mut jpeg = vec![];
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
    picture.write_with_encoder(encoder).with_context(|| format!("{name}: cannot be encoded as JPEG"))?;
    let (width, height) = picture.dimensions();
    Ok(Preview { source: uri("image/jpeg", &jpeg), width, height, file: name.to_owned() })
}

fn plot_preview(path: &Path, file: String) -> Result<Preview> {
    let place = path.display();
    let svg = fs::read_to_string(path).with_context(|| format!("{place}: cannot be read"))?;
    let side = |name: &str| {
        let (_, rest) = svg.split_once(&format!(" {name}=\""))?;
        rest.split_once('"')?.0.parse().ok()
    };
    let size = side("width").zip(side("height"));
    let (width, height) = size.with_context(|| format!("{place}: expected an SVG with width and height"))?;
    Ok(Preview { source: uri("image/svg+xml", svg.as_bytes()), width, height, file })
}

fn uri(kind: &str, bytes: &[u8]) -> String {
    format!("data:{kind};base64,{}", STANDARD.encode(bytes))
}
