//! IDX files as the tests need them: right, or wrong in one way.
#![allow(dead_code)] // Each test file uses its part.

use datasets::{LabeledDigits, Mnist};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;
use std::path::Path;

/// An IDX file: the header's words, then the body.
pub fn idx(header: &[u32], body: &[u8]) -> Vec<u8> {
    let header = header.iter().flat_map(|word| word.to_be_bytes());
    header.chain(body.iter().copied()).collect()
}

/// The bytes as one gzip stream.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The pixels of images as bytes.
pub fn pixels(set: &LabeledDigits) -> Vec<u8> {
    let values = set.images.flatten_all().unwrap().to_vec1::<f32>().unwrap();
    values.iter().map(|v| (v * 255.0).round() as u8).collect()
}

/// Writes the four files, uncompressed.
pub fn write_raw(digits: &Mnist, folder: &Path) {
    for (part, set) in [("train", &digits.train), ("t10k", &digits.test)] {
        let n = set.len() as u32;
        let images = idx(&[0x803, n, 28, 28], &pixels(set));
        let digits: Vec<u8> = set.labels.iter().map(|&label| label as u8).collect();
        let labels = idx(&[0x801, n], &digits);
        fs::write(folder.join(format!("{part}-images-idx3-ubyte")), images).unwrap();
        fs::write(folder.join(format!("{part}-labels-idx1-ubyte")), labels).unwrap();
    }
}
