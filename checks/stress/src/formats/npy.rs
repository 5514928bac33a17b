//! NumPy's arrays.

use super::{File, Format, no_companions, real};
use crate::damage::{bytes, text};
use datasets::read_npy;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use tensor::to_f64s;

pub(super) const FORMAT: Format = Format {
    name: "npy",
    id: "npy",
    file: "x.npy",
    add_companions: no_companions,
    samples: |_| {
        let mut samples = real::fixtures("crates/onnx/tests/fixtures/operators", ".npy", 700);
        let header = "{'descr': '>f8', 'fortran_order': True, 'shape': (2, 3), }\n";
        samples.push(file(header.as_bytes(), &[0x3f; 48]));
        samples
    },
    damaged,
    read: |path| {
        let array = read_npy(path).map_err(|error| error.to_string())?.values;
        assert_eq!(to_f64s(&array).len(), array.elem_count());
        Ok(())
    },
};

/// Words of the header.
const WORDS: &str = include_str!("../../dictionaries/npy.txt");

/// Damages bytes, or the header's text with a valid length.
fn damaged(sample: &[u8], rng: &mut ChaCha8Rng) -> File {
    if rng.random_range(0..3) == 0 {
        return bytes(sample, rng);
    }
    let length = usize::from(u16::from_le_bytes([sample[8], sample[9]]));
    let (header, scalars) = sample[10..].split_at(length);
    file(&text(header, WORDS, rng), scalars)
}

/// A file with this header: version 1, or 2 for long headers.
fn file(header: &[u8], scalars: &[u8]) -> File {
    let start = match u16::try_from(header.len()) {
        Ok(length) => [&[1, 0][..], &length.to_le_bytes()].concat(),
        Err(_) => [&[2, 0][..], &(header.len() as u32).to_le_bytes()].concat(),
    };
    [b"\x93NUMPY", &start[..], header, scalars].concat()
}
