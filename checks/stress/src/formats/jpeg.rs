//! JPEG.

use super::{File, Format, no_companions, photograph, real};
use crate::damage::{bytes, number, one_of};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use std::path::Path;

pub(super) const FORMAT: Format = Format {
    name: "JPEG",
    id: "jpeg",
    file: "image.jpg",
    add_companions: no_companions,
    samples,
    damaged,
    read: photograph::read,
};

/// Gray, rotated and CMYK images, and real photographs.
fn samples(data: Option<&Path>) -> Vec<File> {
    let mut samples = real::fixtures("crates/datasets/tests/images", ".jpg", 2000);
    let archive = data.map(|data| data.join("tiny-imagenet-100/val.tar.gz"));
    let members = archive.and_then(|archive| real::members(&archive, 6)).unwrap_or_default();
    samples.extend(members.into_iter().map(|member| member[512..].to_vec()));
    samples
}

/// Damages bytes, or the fields of a segment: image size, components, tables.
fn damaged(file: &[u8], rng: &mut ChaCha8Rng) -> File {
    let segments = segments(file);
    if segments.is_empty() || rng.random_range(0..3) == 0 {
        return bytes(file, rng);
    }
    let mut file = file.to_vec();
    for _ in 0..rng.random_range(1..=2) {
        let at = *one_of(&segments, rng);
        let field = (at + rng.random_range(4..24)).min(file.len() - 2);
        match rng.random_range(0..3) {
            0 => file[field..field + 2].copy_from_slice(&(number(rng) as u16).to_be_bytes()),
            1 => file[field] = rng.random(),
            // Another kind of frame, table or scan.
            _ => file[at + 1] = rng.random_range(0xc0..=0xff),
        }
    }
    file
}

/// Starts of the segments before the first scan's data; that of the frame, which has most fields, three times.
fn segments(file: &[u8]) -> Vec<usize> {
    let (mut segments, mut at) = (Vec::new(), 2);
    while let Some(&[0xff, kind, high, low]) = file.get(at..at + 4) {
        segments.extend(vec![at; if (0xc0..=0xc3).contains(&kind) { 3 } else { 1 }]);
        if kind == 0xda {
            break;
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
    segments
}
