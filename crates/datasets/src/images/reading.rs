//! A picture as it was read, before it becomes a net's input.

use super::picture_remark::PictureRemark;
use super::raster::{Grid, Raster};
use image::DynamicImage;
use image::metadata::Orientation;

/// A picture as it was read.
#[derive(Debug)]
pub(crate) struct Reading {
    pub raster: Raster,
    pub orientation: Orientation,
    pub remarks: Vec<PictureRemark>,
}

impl Reading {
    pub fn new(raster: Raster) -> Reading {
        Reading { raster, orientation: Orientation::NoTransforms, remarks: Vec::new() }
    }
}

/// A decoded image without its alpha channel.
pub(super) fn of_image(image: DynamicImage) -> Result<Reading, String> {
    let [width, height] = [image.width(), image.height()].map(|side| side as usize);
    let mut remarks = Vec::new();
    if has_transparency(&image) {
        remarks.push(PictureRemark::AlphaDropped);
    }
    let color = image.color();
    if matches!(image, DynamicImage::ImageRgb32F(_) | DynamicImage::ImageRgba32F(_)) {
        return Err("numbers of 32 bits: save them as a .npy array".into());
    }
    let channels = if color.has_color() { 3 } else { 1 };
    let raster = if color.bytes_per_pixel() / color.channel_count() == 1 {
        let samples =
            if channels == 1 { image.into_luma8().into_raw() } else { image.into_rgb8().into_raw() };
        Raster::Bytes(Grid::new(width, height, channels, samples))
    } else {
        remarks.push(PictureRemark::SixteenBits);
        let samples =
            if channels == 1 { image.into_luma16().into_raw() } else { image.into_rgb16().into_raw() };
        let in_bytes = |&sample: &u16| (f64::from(sample) / 257.0) as f32;
        Raster::Wide(Grid::new(width, height, channels, samples.iter().map(in_bytes).collect()))
    };
    Ok(Reading { remarks, ..Reading::new(raster) })
}

/// Whether a pixel is not opaque.
fn has_transparency(image: &DynamicImage) -> bool {
    match image {
        DynamicImage::ImageLumaA8(image) => image.pixels().any(|pixel| pixel.0[1] < u8::MAX),
        DynamicImage::ImageRgba8(image) => image.pixels().any(|pixel| pixel.0[3] < u8::MAX),
        DynamicImage::ImageLumaA16(image) => image.pixels().any(|pixel| pixel.0[1] < u16::MAX),
        DynamicImage::ImageRgba16(image) => image.pixels().any(|pixel| pixel.0[3] < u16::MAX),
        _ => false,
    }
}
