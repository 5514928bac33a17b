//! IDX: the digits of MNIST and their labels.

use super::{File, Format, no_companions, real};
use crate::damage::bytes;
use datasets::{Mnist, read_idx_images, read_idx_labels};
use std::path::Path;
use tensor::to_f64s;

pub(super) const FORMAT: Format = Format {
    name: "IDX",
    id: "idx",
    file: "digits-idx",
    add_companions: no_companions,
    samples,
    damaged: |file, rng| bytes(file, rng),
    read,
};

/// Numbers of images and of labels.
const DIGITS: [u32; 2] = [3, 100];

/// Generated and real digits, and their labels.
pub(super) fn samples(data: Option<&Path>) -> Vec<File> {
    let drawn = Mnist::generate(1, DIGITS[0] as usize, 1).train;
    let pixels: Vec<u8> = to_f64s(&drawn.images).iter().map(|value| (value * 255.0).round() as u8).collect();
    let labels: Vec<u8> = drawn.labels.iter().map(|&label| label as u8).collect();
    let mut samples = vec![images(&pixels), file(0x801, labels.len() as u32, &[], &labels)];
    let mnist = data.map(|data| data.join("mnist"));
    let official = |name: &str, bytes| real::first_bytes(&mnist.as_ref()?.join(name), bytes);
    if let Some(real) = official("t10k-images-idx3-ubyte.gz", 16 + 784 * u64::from(DIGITS[0])) {
        samples.push(images(&real[16..]));
    }
    if let Some(real) = official("t10k-labels-idx1-ubyte.gz", 8 + u64::from(DIGITS[1])) {
        samples.push(file(0x801, DIGITS[1], &[], &real[8..]));
    }
    samples
}

fn images(pixels: &[u8]) -> File {
    file(0x803, DIGITS[0], &[28, 28], pixels)
}

fn file(magic: u32, count: u32, size: &[u32], body: &[u8]) -> File {
    let header = [magic, count].into_iter().chain(size.iter().copied()).flat_map(u32::to_be_bytes);
    header.chain(body.iter().copied()).collect()
}

pub(super) fn read(path: &Path) -> Result<(), String> {
    let images = read_idx_images(path).map(|images| assert_eq!(images.dims()[1..], [1, 28, 28]));
    images.or_else(|_| read_idx_labels(path).map(drop)).map_err(|error| error.to_string())
}
