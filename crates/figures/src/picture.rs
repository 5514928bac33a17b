//! Pictures as files.

use anyhow::{Context, Result};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, RgbImage};

/// The same bytes for the same picture, on every machine.
///
/// # Errors
/// When it cannot be encoded.
pub fn png(picture: &RgbImage) -> Result<Vec<u8>> {
    encoded(picture, picture.dimensions(), ExtendedColorType::Rgb8, FilterType::Adaptive)
}

/// A PNG of these bytes, `size` its width and height.
pub fn encoded(
    picture: &[u8],
    (width, height): (u32, u32),
    color: ExtendedColorType,
    filter: FilterType,
) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, filter)
        .write_image(picture, width, height, color)
        .context("cannot encode the figure as PNG")?;
    Ok(bytes)
}
