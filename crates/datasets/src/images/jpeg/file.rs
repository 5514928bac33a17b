//! A JPEG file from its first marker to its last: tables, scans, and the colors of its samples.

use super::bits::{Bits, Huffman};
use super::frame::Frame;
use super::scan::{self, Scan, Tables, ZIGZAG};
use super::{MOST_BYTES, MOST_FROM_A_BYTE, next_marker, segment_length};

/// The most scans; more are made only to keep decoders busy.
const MOST_SCANS: usize = 100;

/// How the components stand for colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colors {
    Gray,
    Rgb,
    /// Brightness, blue and red differences.
    Ycc,
    Cmyk,
    /// The same with black.
    Ycck,
}

/// A decoded file.
pub(super) struct JpegFile {
    pub frame: Frame,
    pub colors: Colors,
    pub exif: Option<Vec<u8>>,
    /// Whether some of the data made no sense.
    pub is_damaged: bool,
}

/// What has been read so far.
#[derive(Default)]
struct Reader {
    frame: Option<Frame>,
    divisors: [Option<[u16; 64]>; 4],
    tables: Tables,
    restart_interval: usize,
    is_jfif: bool,
    /// What a file of Adobe's says of its colors.
    adobe: Option<u8>,
    exif: Option<Vec<u8>>,
    scans: usize,
    is_damaged: bool,
}

/// Decodes a file.
///
/// # Errors
/// When it is none, or of a kind that libjpeg does not decode either, or with arithmetic codes.
pub(super) fn read(bytes: &[u8]) -> Result<JpegFile, String> {
    let mut reader = Reader::default();
    let mut at = 0;
    while let Some(marker) = next_marker(bytes, at) {
        let kind = bytes[marker + 1];
        at = marker + 2;
        if kind == super::START_OF_IMAGE {
            continue;
        }
        if kind == super::END_OF_IMAGE {
            break;
        }
        let cut_off = || "a JPEG image cut off in a segment".to_owned();
        let length = segment_length(bytes, at).filter(|&length| length >= 2).ok_or_else(cut_off)?;
        let segment = bytes.get(at + 2..at + length).ok_or_else(cut_off)?;
        at += length;
        if kind == 0xda {
            at = reader.scan(segment, bytes, at)?;
        } else {
            reader.segment(kind, segment, bytes.len())?;
        }
    }
    reader.finish()
}

impl Reader {
    /// A segment of tables or of words.
    fn segment(&mut self, kind: u8, segment: &[u8], file: usize) -> Result<(), String> {
        match kind {
            0xc0..=0xc2 => {
                if self.frame.is_some() {
                    return Err("a JPEG file of several frames".into());
                }
                let most_pixels = MOST_FROM_A_BYTE * file;
                self.frame = Some(Frame::new(segment, kind == 0xc2, most_pixels, MOST_BYTES)?);
            }
            0xc4 => self.huffman(segment)?,
            0xc9 | 0xca => return Err("a JPEG image with arithmetic codes: save it again".into()),
            0xc3 | 0xc5..=0xc7 | 0xcb | 0xcd..=0xcf => {
                return Err("a lossless or hierarchical JPEG image".into());
            }
            0xdb => self.quantization(segment)?,
            0xdd => {
                let interval = segment.first_chunk().ok_or("a JPEG file with an empty segment")?;
                self.restart_interval = u16::from_be_bytes(*interval).into();
            }
            0xe0 if segment.starts_with(b"JFIF\0") => self.is_jfif = true,
            0xe1 if segment.starts_with(b"Exif\0\0") && self.exif.is_none() => {
                self.exif = Some(segment[6..].to_vec());
            }
            0xee if segment.starts_with(b"Adobe") => self.adobe = segment.get(11).copied(),
            _ => {}
        }
        Ok(())
    }

    fn huffman(&mut self, mut segment: &[u8]) -> Result<(), String> {
        while let Some((&[kind, ref counts @ ..], rest)) = segment.split_first_chunk::<17>() {
            let count = counts.iter().map(|&count| usize::from(count)).sum();
            let (class, number) = (usize::from(kind >> 4), usize::from(kind & 15));
            let symbols = rest.get(..count).filter(|_| class < 2 && number < 4);
            let symbols = symbols.ok_or("a JPEG file with a damaged Huffman table")?;
            self.tables[class][number] = Some(Huffman::new(counts, symbols)?);
            segment = &rest[count..];
        }
        Ok(())
    }

    fn quantization(&mut self, mut segment: &[u8]) -> Result<(), String> {
        while let Some((&kind, rest)) = segment.split_first() {
            let width = if kind >> 4 == 0 { 1 } else { 2 };
            let values = rest.get(..64 * width).filter(|_| kind & 15 < 4);
            let values = values.ok_or("a JPEG file with a damaged quantization table")?;
            let mut divisors = [0; 64];
            for (at, value) in values.chunks_exact(width).enumerate() {
                divisors[usize::from(ZIGZAG[at])] =
                    value.iter().fold(0, |sum, &byte| sum << 8 | u16::from(byte));
            }
            self.divisors[usize::from(kind & 15)] = Some(divisors);
            segment = &rest[64 * width..];
        }
        Ok(())
    }

    /// A scan and its data, which begin at `at`; where they end.
    fn scan(&mut self, segment: &[u8], bytes: &[u8], at: usize) -> Result<usize, String> {
        let frame = self.frame.as_mut().ok_or("a JPEG image without a size")?;
        self.scans += 1;
        if self.scans > MOST_SCANS {
            return Err(format!("a JPEG image of more than {MOST_SCANS} scans"));
        }
        let scan = parsed(segment, frame)?;
        for &(index, _) in &scan.components {
            let component = &mut frame.components[index];
            if component.divisors.is_none() {
                let table = self.divisors.get(component.table).copied().flatten();
                component.divisors = Some(table.ok_or("a JPEG image without its quantization table")?);
            }
        }
        let mut bits = Bits::new(bytes, at);
        scan::read(frame, &scan, &self.tables, self.restart_interval, &mut bits)?;
        self.is_damaged |= bits.is_damaged || bits.is_over;
        Ok(bits.position())
    }

    fn finish(self) -> Result<JpegFile, String> {
        let colors = self.colors()?;
        let mut frame = self.frame.filter(|_| self.scans > 0).ok_or("a JPEG file without an image")?;
        if frame.is_progressive {
            frame.components.iter_mut().for_each(super::frame::Component::put_all);
        }
        Ok(JpegFile { frame, colors, exif: self.exif, is_damaged: self.is_damaged })
    }

    /// As libjpeg guesses them.
    fn colors(&self) -> Result<Colors, String> {
        let components = self.frame.as_ref().map_or(&[][..], |frame| &frame.components);
        let ids: Vec<u8> = components.iter().map(|component| component.id).collect();
        match (&ids[..], self.adobe) {
            ([_], _) => Ok(Colors::Gray),
            ([_, _, _], Some(0)) | ([b'R', b'G', b'B'], None) if !self.is_jfif => Ok(Colors::Rgb),
            ([_, _, _], _) => Ok(Colors::Ycc),
            ([_, _, _, _], None | Some(0)) => Ok(Colors::Cmyk),
            ([_, _, _, _], _) => Ok(Colors::Ycck),
            (other, _) => Err(format!("a JPEG image of {} components", other.len())),
        }
    }
}

/// The scan that a segment announces.
fn parsed(segment: &[u8], frame: &Frame) -> Result<Scan, String> {
    let damaged = || "a JPEG image with a damaged scan".to_owned();
    let (&count, rest) = segment.split_first().ok_or_else(damaged)?;
    let (pairs, rest) = rest.split_at_checked(2 * usize::from(count)).ok_or_else(damaged)?;
    let &[from, to, bits, ..] = rest else { return Err(damaged()) };
    let component = |&[id, tables]: &[u8; 2]| {
        let index = frame.components.iter().position(|component| component.id == id)?;
        let tables = [tables >> 4, tables & 15].map(usize::from);
        (tables[0] < 4 && tables[1] < 4).then_some((index, tables))
    };
    let components: Option<Vec<_>> = pairs.as_chunks().0.iter().map(component).collect();
    let components = components.filter(|all| !all.is_empty() && all.len() <= 4).ok_or_else(damaged)?;
    if !frame.is_progressive {
        return Ok(Scan { components, band: [0, 63], bits: [0, 0] });
    }
    let (band, bits) = ([from, to].map(usize::from), [bits >> 4, bits & 15].map(u32::from));
    let is_band =
        if band[0] == 0 { band[1] == 0 } else { band[1] < 64 && band[0] <= band[1] && components.len() == 1 };
    if !is_band || bits[1] > 13 {
        return Err(damaged());
    }
    Ok(Scan { components, band, bits })
}
