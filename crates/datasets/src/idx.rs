//! A strict reader of the IDX format of MNIST.
//!
//! A file is a big-endian header (magic number, count, and for images rows and columns) and one byte for each pixel or label.
//! It may be compressed by gzip: its first bytes tell, not its name.

use crate::DataError;
use crate::hex::hex;
use crate::labeled::images;
use flate2::bufread::GzDecoder;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use tensor::Tensor;

/// The most items that a file of no known count may announce.
const MOST_ITEMS: u32 = 1 << 20;

/// The images of an IDX file, compressed or not.
///
/// **Shape** `[n, 1, 28, 28]`, f32. **Range** `[0, 1]`.
///
/// # Errors
/// When the file cannot be read, has another magic number or image size, announces more than 2²⁰ images, or holds fewer or more bytes than it announces.
pub fn read_idx_images(path: &Path) -> Result<Tensor, DataError> {
    Ok(images(&Idx::read(path, Kind::Images, None)?.body))
}

/// The labels of an IDX file, compressed or not.
///
/// **Range** 0 to 9.
///
/// # Errors
/// When the file cannot be read, has another magic number, announces more than 2²⁰ labels, holds fewer or more than it announces, or one over 9.
pub fn read_idx_labels(path: &Path) -> Result<Vec<u8>, DataError> {
    Ok(Idx::read(path, Kind::Labels, None)?.body)
}

/// What an IDX file holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// 28 × 28 bytes an item.
    Images,
    /// One byte an item.
    Labels,
}

impl Kind {
    fn layout(self) -> Layout {
        match self {
            Kind::Images => {
                Layout { magic: 0x803, item_bytes: 784, items: "images", body: "bytes of pixels" }
            }
            Kind::Labels => Layout { magic: 0x801, item_bytes: 1, items: "labels", body: "labels" },
        }
    }

    /// The header of a file of `count` items.
    pub fn header(self, count: u32) -> Vec<u8> {
        let words = [self.layout().magic, count, 28, 28];
        let words = match self {
            Kind::Images => &words[..],
            Kind::Labels => &words[..2],
        };
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }
}

struct Layout {
    magic: u32,
    item_bytes: u64,
    items: &'static str,
    /// What a body is counted in.
    body: &'static str,
}

/// An IDX file, checked.
pub(crate) struct Idx {
    header: Vec<u8>,
    /// The pixels or labels.
    pub body: Vec<u8>,
}

impl Idx {
    /// Reads a file that must hold `count` items, or any number where `None`.
    pub fn read(path: &Path, kind: Kind, count: Option<u32>) -> Result<Idx, DataError> {
        let file = File::open(path).map_err(DataError::io(path, "a file that can be opened"))?;
        let mut file = BufReader::with_capacity(1 << 16, file);
        let start = file.fill_buf().map_err(|e| unreadable(path, e))?;
        if !start.starts_with(&[0x1f, 0x8b]) {
            return Idx::from_stream(path, kind, count, &mut file);
        }
        let mut stream = GzDecoder::new(file);
        let idx = Idx::from_stream(path, kind, count, &mut stream)?;
        let mut rest = stream.into_inner();
        let rest = rest.fill_buf().map_err(|e| unreadable(path, e))?;
        if !rest.is_empty() {
            let (expected, found) = ("one gzip stream", "more bytes after its end".into());
            return Err(DataError::Gzip { path: path.to_owned(), expected, found });
        }
        Ok(idx)
    }

    /// The SHA-256 of the uncompressed file, in hexadecimal.
    pub fn sha256(&self) -> String {
        hex(&Sha256::new().chain_update(&self.header).chain_update(&self.body).finalize())
    }

    /// Reads an uncompressed stream; `path` is for messages.
    pub fn from_stream(
        path: &Path,
        kind: Kind,
        count: Option<u32>,
        stream: &mut impl Read,
    ) -> Result<Idx, DataError> {
        let header = read_header(path, kind, stream)?;
        let announced = check_header(path, kind, count, &header)?;
        let body = read_body(path, kind, announced, stream)?;
        if kind == Kind::Labels {
            check_labels(path, &body)?;
        }
        Ok(Idx { header, body })
    }
}

fn read_header(path: &Path, kind: Kind, stream: &mut impl Read) -> Result<Vec<u8>, DataError> {
    let expected = kind.header(0).len() as u64;
    let mut header = Vec::new();
    let read = stream.take(expected).read_to_end(&mut header);
    let found = read.map_err(|e| unreadable(path, e))? as u64;
    if found < expected {
        let (path, items) = (path.to_owned(), "bytes of header");
        return Err(DataError::Truncated { path, items, expected, found });
    }
    Ok(header)
}

/// The number of items that `header` announces, when all it says is right.
fn check_header(path: &Path, kind: Kind, count: Option<u32>, header: &[u8]) -> Result<u32, DataError> {
    let path = path.to_owned();
    let word = |i: usize| u32::from_be_bytes(header[4 * i..4 * i + 4].try_into().expect("4 bytes"));
    let announced = word(1);
    if word(0) != kind.layout().magic {
        return Err(DataError::Magic { path, expected: kind.layout().magic, found: word(0) });
    }
    if kind == Kind::Images && [word(2), word(3)] != [28, 28] {
        return Err(DataError::Size { path, expected: [28, 28], found: [word(2), word(3)] });
    }
    if count.map_or(announced > MOST_ITEMS, |count| announced != count) {
        return Err(DataError::Count {
            path,
            items: kind.layout().items,
            expected: count.map_or(format!("at most {MOST_ITEMS}"), |count| count.to_string()),
            found: announced,
        });
    }
    Ok(announced)
}

/// Exactly the items announced; memory grows with what the file holds, not with what it announces.
fn read_body(path: &Path, kind: Kind, announced: u32, stream: &mut impl Read) -> Result<Vec<u8>, DataError> {
    let expected = u64::from(announced) * kind.layout().item_bytes;
    let mut body = Vec::new();
    let read = stream.take(expected + 1).read_to_end(&mut body);
    let found = read.map_err(|e| unreadable(path, e))? as u64;
    let (path, items) = (path.to_owned(), kind.layout().body);
    if found < expected {
        return Err(DataError::Truncated { path, items, expected, found });
    }
    if found > expected {
        return Err(DataError::Trailing { path, items, expected });
    }
    Ok(body)
}

fn check_labels(path: &Path, labels: &[u8]) -> Result<(), DataError> {
    match labels.iter().position(|&label| label > 9) {
        None => Ok(()),
        Some(index) => Err(DataError::Label { path: path.to_owned(), index, found: labels[index] }),
    }
}

/// A failed read: the compressed stream is damaged, or the operating system refused.
fn unreadable(path: &Path, found: io::Error) -> DataError {
    let path = path.to_owned();
    match found.raw_os_error() {
        None => DataError::Gzip { path, expected: "a whole gzip stream", found: found.to_string() },
        Some(_) => DataError::Io { path, expected: "a file that can be read", found },
    }
}
