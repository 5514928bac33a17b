//! Every format that a file of a user's may have: samples of it, its damage, and the public entrance that reads it.

mod computed;
mod csv_tables;
mod gzip;
mod idx;
mod jpeg;
mod npy;
mod onnx;
mod paper;
mod photograph;
mod place;
mod png;
mod provoked;
mod real;
mod safetensors;
mod tar;
mod toml;
mod voc_xml;

use std::path::Path;

use rand_chacha::ChaCha8Rng;

pub use place::{Place, feed};
pub use provoked::PROVOKED;
pub(crate) use real::repository;

/// The bytes of a file.
pub type File = Vec<u8>;

/// A format of files.
#[derive(Clone, Copy)]
pub struct Format {
    /// What people call it.
    pub name: &'static str,
    /// What folders and arguments call it.
    pub word: &'static str,
    /// Where its reader looks for the file, below a folder of its own.
    pub file: &'static str,
    /// Writes what the reader looks for beside the file.
    beside: fn(&Path),
    /// Whole files, real ones where this folder of data is given.
    pub samples: fn(Option<&Path>) -> Vec<File>,
    /// A file damaged.
    pub damaged: fn(&[u8], &mut ChaCha8Rng) -> File,
    /// Reads the file as the programs do, and uses what comes out; else says why it is refused.
    pub read: fn(&Path) -> Result<(), String>,
}

/// All formats, in the order of the results.
pub fn formats() -> Vec<Format> {
    vec![
        idx::FORMAT,
        gzip::FORMAT,
        tar::FORMAT,
        safetensors::FORMAT,
        onnx::FORMAT,
        npy::FORMAT,
        png::FORMAT,
        jpeg::FORMAT,
        csv_tables::FORMAT,
        voc_xml::FORMAT,
        toml::FORMAT,
        paper::FORMAT,
    ]
}

/// A reader that looks for nothing beside its file.
fn alone(_: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::seeded;

    #[test]
    fn every_sample_is_read_and_of_its_damaged_copies_some_are_and_some_are_not() {
        for format in formats() {
            let place = Place::new(format);
            let samples = (format.samples)(None);
            assert!(!samples.is_empty(), "{}", format.name);
            for sample in &samples {
                assert_eq!(place.read(sample), Ok(()), "{}", format.name);
            }
            let damaged =
                |seed| (format.damaged)(&samples[seed as usize % samples.len()], &mut seeded(seed, "test"));
            let read = (0..40).filter(|&seed| place.read(&damaged(seed)).is_ok()).count();
            assert!((1..40).contains(&read), "{}: {read} of 40 were read", format.name);
            place.check();
        }
    }
}
