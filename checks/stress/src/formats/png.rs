//! PNG.

use super::{File, Format, no_companions, photograph, real};
use crate::damage::{bytes, number, one_of};
use flate2::Crc;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use std::ops::Range;

pub(super) const FORMAT: Format = Format {
    name: "PNG",
    id: "png",
    file: "image.png",
    add_companions: no_companions,
    samples: |_| {
        let fixtures = real::fixtures("crates/datasets/tests/images", ".png", 2000);
        fixtures.into_iter().chain([photograph::drawn(30, 20)]).collect()
    },
    damaged,
    read: photograph::read,
};

/// Damages bytes; or a chunk's content, with valid length and checksum; or the image size in the header.
fn damaged(file: &[u8], rng: &mut ChaCha8Rng) -> File {
    let chunks = chunks(file);
    if chunks.is_empty() || rng.random_range(0..3) == 0 {
        return bytes(file, rng);
    }
    let is_claim = rng.random();
    let content = if is_claim { chunks[0].clone() } else { one_of(&chunks, rng).clone() };
    let mut new = file[content.clone()].to_vec();
    if is_claim && new.len() >= 8 {
        let side = 4 * rng.random_range(0..2);
        let number = if rng.random() { number(rng) as u32 } else { 1 << rng.random_range(0..31) };
        new[side..side + 4].copy_from_slice(&number.to_be_bytes());
    } else {
        new = bytes(&new, rng);
    }
    let kind = &file[content.start - 4..content.start];
    let mut crc = Crc::new();
    crc.update(&[kind, &new].concat());
    let length = (new.len() as u32).to_be_bytes();
    let [before, after] = [&file[..content.start - 8], &file[content.end + 4..]];
    [before, &length, kind, &new, &crc.sum().to_be_bytes(), after].concat()
}

/// Ranges of the chunks' contents.
fn chunks(file: &[u8]) -> Vec<Range<usize>> {
    let (mut chunks, mut at) = (Vec::new(), 8);
    while let Some(length) = file.get(at..at + 4) {
        let length = u32::from_be_bytes(length.try_into().expect("four bytes")) as usize;
        let content = at + 8..at + 8 + length;
        at = content.end + 4;
        if at > file.len() {
            break;
        }
        chunks.push(content);
    }
    chunks
}
