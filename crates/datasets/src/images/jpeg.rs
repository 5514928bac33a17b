//! What the decoder lets pass: JPEG files that end too early.
//!
//! It fills what is missing with gray and says nothing.

const START_OF_IMAGE: u8 = 0xd8;
const END_OF_IMAGE: u8 = 0xd9;

/// Whether a JPEG file's segments lead to the end-of-image marker.
pub(crate) fn check(bytes: &[u8]) -> Result<(), String> {
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
    use image::codecs::jpeg::JpegEncoder;
    use image::{Rgb, RgbImage};

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
