//! Every file format that users provide: samples, damage, and the public function that reads it.

mod computed;
mod csv_tables;
mod gzip;
mod idx;
mod jpeg;
mod npy;
mod onnx;
mod paper;
mod photograph;
mod png;
mod provoked;
mod real;
mod safetensors;
mod sandbox;
mod tar;
mod toml;
mod voc_xml;

use rand_chacha::ChaCha8Rng;
use std::path::Path;

pub use provoked::PROVOKED;
pub(crate) use real::repository;
pub use sandbox::{Sandbox, feed};

/// The bytes of a file.
pub type File = Vec<u8>;

/// A format of files.
#[derive(Clone, Copy)]
pub struct Format {
    /// Usual name.
    pub name: &'static str,
    /// Name in folders and arguments.
    pub id: &'static str,
    /// Path of the file in a folder of its own, where the reader expects it.
    pub file: &'static str,
    /// Writes the other files that the reader needs.
    add_companions: fn(&Path),
    /// Undamaged files, among them real ones where the folder of data is given.
    pub samples: fn(Option<&Path>) -> Vec<File>,
    /// Damages a file.
    pub damaged: fn(&[u8], &mut ChaCha8Rng) -> File,
    /// Reads the file as the programs do and uses the content; the error says why it is refused.
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

/// For readers that need no other file.
fn no_companions(_: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::seeded;

    #[test]
    fn every_sample_is_read_and_of_its_damaged_copies_some_are_and_some_are_not() {
        for format in formats() {
            let sandbox = Sandbox::new(format);
            let samples = (format.samples)(None);
            assert!(!samples.is_empty(), "{}", format.name);
            for sample in &samples {
                assert_eq!(sandbox.read(sample), Ok(()), "{}", format.name);
            }
            let damaged =
                |seed| (format.damaged)(&samples[seed as usize % samples.len()], &mut seeded(seed, "test"));
            let read = (0..40).filter(|&seed| sandbox.read(&damaged(seed)).is_ok()).count();
            assert!((1..40).contains(&read), "{}: {read} of 40 were read", format.name);
            sandbox.check();
        }
    }
}
