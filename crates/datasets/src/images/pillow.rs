//! From a file's bytes to the pixels that Pillow reads from it.

use super::picture_remark::PictureRemark;
use super::reading::{Reading, of_image};
use super::{jpeg, png};
use crate::content::{Content, LOOKED_AT};
use image::codecs::gif::GifDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{AnimationDecoder, DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader};
use std::io::Cursor;

/// Whether a picture is turned upright as its camera noted (EXIF).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExifOrientation {
    /// It is; unlike by Pillow's `Image.open` and by torchvision's loader.
    #[default]
    Apply,
    /// It stays as its pixels lie in the file.
    Ignore,
}

/// The most bytes that a picture may take.
const MOST_BYTES: u64 = 512 << 20;

/// The most pixels that a byte of a file is believed to stand for: 64 blocks of WebP, of one color.
const MOST_FROM_A_BYTE: u64 = 64 * 16 * 16;

/// The picture in these bytes, in gray or in red, green and blue.
///
/// An alpha channel is dropped and a palette's colors are taken, as by Pillow's `convert("RGB")`; unlike by Pillow, all 16 bits of a channel are kept.
/// Files are whole where Pillow takes them for whole: a PNG file may lack what follows its pixels, a JPEG file not even the end's marker.
pub(crate) fn read(bytes: &[u8], exif: ExifOrientation) -> Result<Reading, String> {
    let mut reading = match Content::from_bytes(&bytes[..bytes.len().min(LOOKED_AT)]) {
        Content::Picture(ImageFormat::Jpeg) => jpeg::read(bytes)?,
        Content::Picture(ImageFormat::Png) => png::read(bytes)?,
        Content::Picture(format) => decoded(bytes, format)?,
        other => return Err(other.name().into()),
    };
    let number = reading.orientation.to_exif();
    match exif {
        _ if number == 1 => {}
        ExifOrientation::Ignore => reading.remarks.push(PictureRemark::NotTurned(number)),
        ExifOrientation::Apply => {
            reading.remarks.push(PictureRemark::Turned(number));
            reading.raster = reading.raster.upright(reading.orientation);
        }
    }
    Ok(reading)
}

/// The picture as the decoder of its format reads it.
fn decoded(bytes: &[u8], format: ImageFormat) -> Result<Reading, String> {
    let said = |error: ImageError| error.to_string();
    let mut decoder = ImageReader::with_format(Cursor::new(bytes), format).into_decoder().map_err(said)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MOST_FROM_A_BYTE * bytes.len() as u64 || decoder.total_bytes() > MOST_BYTES {
        return Err(format!("{height} by {width} pixels claimed by a file of {} bytes", bytes.len()));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut reading = of_image(DynamicImage::from_decoder(decoder).map_err(said)?)?;
    if format == ImageFormat::Tiff {
        // A tag of the format itself, by which Pillow turns the picture too.
        reading.raster = reading.raster.upright(orientation);
    } else {
        reading.orientation = orientation;
    }
    if has_more_frames(bytes, format) {
        reading.remarks.push(PictureRemark::FirstFrame);
    }
    Ok(reading)
}

fn has_more_frames(bytes: &[u8], format: ImageFormat) -> bool {
    match format {
        ImageFormat::Gif => {
            let frames =
                GifDecoder::new(Cursor::new(bytes)).map(|decoder| decoder.into_frames().take(2).count());
            frames.is_ok_and(|frames| frames > 1)
        }
        ImageFormat::WebP => {
            WebPDecoder::new(Cursor::new(bytes)).is_ok_and(|decoder| decoder.has_animation())
        }
        _ => false,
    }
}
