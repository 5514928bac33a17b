//! PNG files.

use super::picture_remark::PictureRemark;
use super::reading::{Reading, of_image};
use image::codecs::png::PngDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, Limits};
use std::borrow::Cow;
use std::io::Cursor;

/// The most bytes that a byte of deflate, the compression in PNG, can stand for.
const MOST_FROM_A_BYTE: u64 = 1032;

/// What every file begins with.
const SIGNATURE: usize = 8;

/// The image in a PNG file, as it lies there.
pub(super) fn read(bytes: &[u8]) -> Result<Reading, String> {
    let whole = with_end(bytes);
    let is_cut = matches!(whole, Cow::Owned(_));
    let (image, orientation, is_animated) = decoded(&whole)?;
    let mut reading = of_image(image)?;
    reading.orientation = orientation;
    let remarks = [
        (bytes.get(25) == Some(&3), PictureRemark::Palette),
        (is_animated, PictureRemark::FirstFrame),
        (is_cut, PictureRemark::EndMissing),
    ];
    reading.remarks.extend(remarks.into_iter().filter(|(is_so, _)| *is_so).map(|(_, remark)| remark));
    Ok(reading)
}

/// The image, its orientation, and whether it moves.
pub(super) fn decoded(bytes: &[u8]) -> Result<(DynamicImage, Orientation, bool), String> {
    let said = |error: ImageError| error.to_string();
    check_palette(bytes)?;
    let mut decoder = PngDecoder::with_limits(Cursor::new(bytes), Limits::default()).map_err(said)?;
    let (width, height) = decoder.dimensions();
    let stored = u64::from(width) * u64::from(height) * bits_of_a_pixel(bytes) / 8;
    if stored > MOST_FROM_A_BYTE * bytes.len() as u64 {
        return Err(format!("{height} by {width} pixels claimed by a file of {} bytes", bytes.len()));
    }
    let orientation = decoder.orientation().map_err(said)?;
    let is_animated = decoder.is_apng().map_err(said)?;
    Ok((DynamicImage::from_decoder(decoder).map_err(said)?, orientation, is_animated))
}

/// The file with its end, where that is missing: a last chunk that is cut off ends where the file does.
///
/// If pixels are missing, the decoder still says so.
fn with_end(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut at = SIGNATURE;
    while let Some([a, b, c, d, kind @ ..]) = bytes.get(at..at + 8) {
        let end = at + 12 + u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        if kind == b"IEND" {
            return Cow::Borrowed(bytes);
        }
        if end > bytes.len() {
            return Cow::Owned(
                [&bytes[..at], &cut_chunk(kind, &bytes[at + 8..], end - at - 12), &END].concat(),
            );
        }
        at = end;
    }
    Cow::Owned([&bytes[..at.min(bytes.len())], &END[..]].concat())
}

/// An empty last chunk.
const END: [u8; 12] = *b"\0\0\0\0IEND\xae\x42\x60\x82";

/// A chunk of what there is of so many bytes.
fn cut_chunk(kind: &[u8], rest: &[u8], length: usize) -> Vec<u8> {
    let data = &rest[..rest.len().min(length)];
    let mut crc = flate2::Crc::new();
    crc.update(kind);
    crc.update(data);
    [&(data.len() as u32).to_be_bytes()[..], kind, data, &crc.sum().to_be_bytes()].concat()
}

/// How many bits the file has of each pixel, as its first chunk says; the decoder makes whole bytes of them.
fn bits_of_a_pixel(bytes: &[u8]) -> u64 {
    let [bits, color] = [24, 25].map(|at| bytes.get(at).copied().unwrap_or(0));
    let channels = match color {
        2 => 3,
        4 => 2,
        6 => 4,
        _ => 1,
    };
    u64::from(bits) * channels
}

/// Whether a palette consists of whole colors; the decoder trusts that it does.
fn check_palette(bytes: &[u8]) -> Result<(), String> {
    let mut rest = bytes.get(8..).unwrap_or_default();
    while let Some((&[a, b, c, d, ref kind @ ..], behind)) = rest.split_first_chunk::<8>() {
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        if kind == b"PLTE" && !length.is_multiple_of(3) {
            return Err(format!("a palette of {length} bytes, three for each color"));
        }
        rest = behind.get(length + 4..).unwrap_or_default();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::ZlibEncoder};
    use std::io::Write;

    #[test]
    fn a_palette_with_a_part_of_a_color_is_refused() {
        let whole = include_bytes!("../../tests/images/palette.png");
        assert_eq!(check_palette(whole), Ok(()));
        let at = whole.windows(4).position(|kind| kind == b"PLTE").expect("a palette");
        let mut cut = whole.to_vec();
        cut[at - 1] -= 1;
        assert!(rgb(&cut).expect_err("a color short").starts_with("a palette of "));
        assert!(check_palette(&[]).is_ok());
    }

    fn rgb(bytes: &[u8]) -> Result<image::RgbImage, String> {
        Ok(read(bytes)?.raster.into_rgb())
    }

    /// A file of an image of this size, with the right check sums, whatever it has of pixels.
    fn file(size: [u32; 2], [bits, color]: [u8; 2], pixels: &[u8]) -> Vec<u8> {
        let chunk = |kind: &[u8], data: &[u8]| {
            let mut crc = flate2::Crc::new();
            crc.update(&[kind, data].concat());
            [&(data.len() as u32).to_be_bytes(), kind, data, &crc.sum().to_be_bytes()].concat()
        };
        let size = size.map(u32::to_be_bytes).concat();
        let header = chunk(b"IHDR", &[&size[..], &[bits, color, 0, 0, 0]].concat());
        let palette = if color == 3 { chunk(b"PLTE", &[9, 8, 7]) } else { vec![] };
        let pixels = chunk(b"IDAT", pixels);
        [b"\x89PNG\r\n\x1a\n", &header[..], &palette, &pixels, &chunk(b"IEND", b"")].concat()
    }

    /// The claim of an image of this size, and hardly any pixels.
    fn claim(width: u32, height: u32) -> Vec<u8> {
        file([width, height], [8, 2], &[0x78, 0x9c, 0x63, 0x60, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01])
    }

    #[test]
    fn a_flat_image_is_read_however_few_bits_its_pixels_have() {
        for (form, color) in [([1, 0], [0; 3]), ([1, 3], [9, 8, 7]), ([8, 3], [9, 8, 7]), ([16, 6], [0; 3])] {
            let row = 1 + 1024 * bits_of_a_pixel(&[&[0; 24][..], &form].concat()) as usize / 8;
            let mut pixels = ZlibEncoder::new(Vec::new(), Compression::best());
            pixels.write_all(&vec![0; row * 1024]).expect("memory");
            let image = rgb(&file([1024; 2], form, &pixels.finish().expect("memory"))).expect("an image");
            assert_eq!((image.dimensions(), image.get_pixel(1023, 1023).0), ((1024, 1024), color));
        }
    }

    #[test]
    fn a_png_file_that_claims_more_than_it_can_hold_is_refused_before_memory_is_taken() {
        for (width, height) in [(1 << 16, 1 << 16), (1 << 15, 1 << 14), (1 << 20, 1 << 20)] {
            let found = rgb(&claim(width, height)).expect_err("a few bytes");
            assert!(found.contains("pixels claimed by a file of") || found.contains("limit"), "{found}");
        }
        let found = rgb(&claim(0x7fff_ffff, 0x7fff_ffff)).expect_err("a few bytes");
        assert!(!found.is_empty());
    }
}
