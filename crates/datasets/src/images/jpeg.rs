//! JPEG files: truncated ones are refused, the others decoded as by libjpeg-turbo, to the bit, or as for the recorded results.
//!
//! Nets are trained on what libjpeg decodes, and a decoder that rounds otherwise costs SqueezeNet a few images in a thousand.

mod bits;
mod color;
mod file;
mod frame;
mod idct;
mod scan;
mod upsample;

use super::picture_remark::PictureRemark;
use super::raster::Raster;
use super::reading::Reading;
use file::Colors;
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, RgbImage};
use jpeg_decoder::{Decoder, PixelFormat};

const START_OF_IMAGE: u8 = 0xd8;
const END_OF_IMAGE: u8 = 0xd9;

/// The most bytes that an image may take, as in the decoder of PNG files.
const MOST_BYTES: usize = 512 << 20;

/// The most pixels that a byte can stand for: a block of 8 × 8 samples takes at least a bit,
/// and the component that is sampled most densely has a sample for at most two pixels.
const MOST_FROM_A_BYTE: usize = 1024;

/// The image in a JPEG file as it lies there, as libjpeg decodes it and Pillow converts it.
pub(super) fn read(bytes: &[u8]) -> Result<Reading, String> {
    check(bytes)?;
    let file = file::read(bytes)?;
    let orientation = file.exif.as_deref().and_then(Orientation::from_exif_chunk);
    let remarks = [
        (matches!(file.colors, Colors::Cmyk | Colors::Ycck), PictureRemark::Cmyk),
        (file.is_damaged, PictureRemark::Damaged),
    ];
    Ok(Reading {
        orientation: orientation.unwrap_or(Orientation::NoTransforms),
        remarks: remarks.into_iter().filter(|(is_so, _)| *is_so).map(|(_, remark)| remark).collect(),
        ..Reading::new(Raster::Bytes(file.into_grid()))
    })
}

/// The image in a JPEG file, upright, in the arithmetic of the recorded results.
pub(crate) fn decode(bytes: &[u8]) -> Result<RgbImage, String> {
    check(bytes)?;
    let mut decoder = Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(MOST_BYTES);
    decoder.read_info().map_err(|error| error.to_string())?;
    let info = decoder.info().ok_or("a JPEG file without an image")?;
    let [height, width] = [info.height, info.width].map(usize::from);
    if height * width > MOST_FROM_A_BYTE * bytes.len() {
        return Err(format!("{height} by {width} pixels claimed by a file of {} bytes", bytes.len()));
    }
    let pixels = decoder.decode().map_err(|error| error.to_string())?;
    let pixels = match info.pixel_format {
        PixelFormat::RGB24 => pixels,
        PixelFormat::L8 => pixels.into_iter().flat_map(|gray| [gray; 3]).collect(),
        PixelFormat::CMYK32 => pixels.as_chunks().0.iter().copied().flat_map(rgb).collect(),
        PixelFormat::L16 => return Err("a JPEG image of 16 bits a pixel".into()),
    };
    let image = RgbImage::from_raw(info.width.into(), info.height.into(), pixels);
    let mut image = DynamicImage::from(image.ok_or("a JPEG image with too few pixels")?);
    let orientation = decoder.exif_data().and_then(Orientation::from_exif_chunk);
    image.apply_orientation(orientation.unwrap_or(Orientation::NoTransforms));
    Ok(image.into_rgb8())
}

/// The image written as a JPEG file of this quality, 1 to 100, without chroma subsampling, and read back.
///
/// # Panics
/// When the image is larger than a JPEG file may be.
pub fn through_jpeg(image: &RgbImage, quality: u8) -> RgbImage {
    let mut bytes = Vec::new();
    image
        .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality))
        .expect("an image within the format's limits, written to memory");
    decode(&bytes).expect("a JPEG file just written")
}

/// CMYK as red, green and blue.
fn rgb([c, m, y, k]: [u8; 4]) -> [u8; 3] {
    let through = |ink: u8| (f32::from(255 - ink) * f32::from(255 - k) / 255.0).round() as u8;
    [c, m, y].map(through)
}

/// Whether a JPEG file's segments lead to the end-of-image marker; the decoder fills what is missing with gray.
fn check(bytes: &[u8]) -> Result<(), String> {
    let mut at = 0;
    let cut_off = || format!("a JPEG image cut off after {} bytes", bytes.len());
    loop {
        let marker = next_marker(bytes, at).ok_or_else(cut_off)?;
        at = marker + 2;
        match bytes[marker + 1] {
            END_OF_IMAGE => return Ok(()),
            START_OF_IMAGE => {}
            _ => at += segment_length(bytes, at).ok_or_else(cut_off)?,
        }
    }
}

/// Where the next marker begins; stuffed bytes and restart markers inside a scan are none.
fn next_marker(bytes: &[u8], from: usize) -> Option<usize> {
    let is_marker = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0x01 | 0xd0..=0xd7 | 0xff);
    bytes.get(from..)?.windows(2).position(is_marker).map(|offset| from + offset)
}

/// The length that a segment begins with.
fn segment_length(bytes: &[u8], at: usize) -> Option<usize> {
    let length = bytes.get(at..at + 2)?;
    Some(usize::from(u16::from_be_bytes([length[0], length[1]])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn an_image_through_jpeg_changes_more_the_lower_the_quality() {
        let image =
            RgbImage::from_fn(40, 24, |x, y| Rgb([(6 * x) as u8, (x * y % 200) as u8, (9 * y) as u8]));
        let change = |quality| {
            let after = through_jpeg(&image, quality);
            assert_eq!(after.dimensions(), image.dimensions());
            let squares = after
                .as_raw()
                .iter()
                .zip(image.as_raw())
                .map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2));
            (squares.sum::<f64>() / image.as_raw().len() as f64).sqrt()
        };
        let [best, good, poor] = [100, 90, 20].map(change);
        assert!(best > 0.0 && best < 1.5 && best < good && good < poor, "{best} {good} {poor}");
    }

    #[test]
    fn a_file_that_claims_more_than_it_can_hold_is_refused_before_memory_is_taken() {
        let mut bytes = Vec::new();
        JpegEncoder::new(&mut bytes).encode_image(&RgbImage::new(9, 9)).unwrap();
        let frame = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a frame");
        bytes[frame + 5..frame + 9].copy_from_slice(&[0x40, 0, 0x20, 0]);
        let found = decode(&bytes).expect_err("a few bytes");
        assert!(found.starts_with("16384 by 8192 pixels claimed by a file of"), "{found}");
    }

    #[test]
    fn every_beginning_of_a_file_is_refused_and_what_follows_the_end_is_not() {
        let mut bytes = Vec::new();
        let image = RgbImage::from_fn(40, 40, |x, y| Rgb([(x * y) as u8, (7 * x) as u8, y as u8]));
        JpegEncoder::new(&mut bytes).encode_image(&image).unwrap();
        for length in 0..bytes.len() {
            assert!(check(&bytes[..length]).is_err(), "{length} bytes");
        }
        bytes.extend(b"padding");
        assert_eq!(check(&bytes), Ok(()));
    }
}
