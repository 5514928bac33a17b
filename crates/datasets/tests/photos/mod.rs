//! Small image files for tests.

use flate2::Compression;
use flate2::write::GzEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, Rgb, RgbImage};
use std::fs::{self, File};
use std::io::{Cursor, Write};
use std::path::Path;

/// A PNG file of one color.
pub fn png(color: [u8; 3], width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(width, height, Rgb(color)).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A JPEG file with some structure.
pub fn jpeg(side: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let image = RgbImage::from_fn(side, side, |x, y| Rgb([(7 * x) as u8, (5 * y) as u8, (x * y) as u8]));
    JpegEncoder::new(&mut bytes).encode_image(&image).unwrap();
    bytes
}

/// Writes files below `root`, making their folders.
pub fn write_folder(root: &Path, files: &[(impl AsRef<Path>, Vec<u8>)]) {
    for (name, bytes) in files {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// A tar archive of these files, in this order.
pub fn tar(files: &[(impl AsRef<Path>, Vec<u8>)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append_data(&mut header, name, &bytes[..]).unwrap();
    }
    builder.into_inner().unwrap()
}

/// Writes `bytes` compressed.
pub fn write_gzip(path: &Path, bytes: &[u8]) {
    let mut encoder = GzEncoder::new(File::create(path).unwrap(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap();
}
