//! MNIST from its four files, or generated digits in its place.

use crate::digits;
use crate::idx::{Idx, Kind};
use crate::{DataError, LabeledDigits, Set, Source};
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// The official number of training images.
const TRAIN: u32 = 60_000;
/// The official number of test images.
const TEST: u32 = 10_000;

/// The four files, in the order of [`Source::Files`]'s digests.
pub(crate) const FILES: [(&str, Kind, u32); 4] = [
    ("train-images-idx3-ubyte", Kind::Images, TRAIN),
    ("train-labels-idx1-ubyte", Kind::Labels, TRAIN),
    ("t10k-images-idx3-ubyte", Kind::Images, TEST),
    ("t10k-labels-idx1-ubyte", Kind::Labels, TEST),
];

/// Handwritten digits: a training set, a test set and their provenance.
#[derive(Clone, Debug)]
pub struct Mnist {
    /// The images to train on: 60,000 in the real set.
    pub train: LabeledDigits,
    /// The images to test on: 10,000 in the real set.
    pub test: LabeledDigits,
    /// Where the images come from; every output names it.
    pub source: Source,
}

impl Mnist {
    /// The 60,000 training and 10,000 test images in `folder`, from the four official file names with or without `.gz`.
    ///
    /// # Errors
    /// When a file is missing, cannot be read, or is not exactly an IDX file of the official count, size and labels.
    pub fn read(folder: &Path) -> Result<Mnist, DataError> {
        let read = |&(name, kind, count): &(&'static str, Kind, u32)| {
            Idx::read(&locate(folder, name)?, kind, Some(count))
        };
        let files: Vec<Result<Idx, DataError>> = FILES.par_iter().map(read).collect();
        let files = files.into_iter().collect::<Result<Vec<Idx>, _>>()?;
        Ok(Mnist::from_files(folder, files))
    }

    /// The digits of the four files.
    pub(crate) fn from_files(folder: &Path, files: Vec<Idx>) -> Mnist {
        let digests: Vec<String> = files.par_iter().map(Idx::sha256).collect();
        let names = FILES.iter().map(|file| file.0.to_owned());
        let mut bodies = files.into_iter().map(|file| file.body);
        let mut next = || bodies.next().expect("four files");
        Mnist {
            train: LabeledDigits::from_pixels(&next(), next()),
            test: LabeledDigits::from_pixels(&next(), next()),
            source: Source::Files {
                set: Set::Mnist,
                folder: folder.to_owned(),
                digests: names.zip(digests).collect(),
            },
        }
    }

    /// Whether any of MNIST's files lies in `folder`: if so, what is wrong with the others is an error, never a reason to draw digits instead.
    pub fn is_present(folder: &Path) -> bool {
        FILES.iter().any(|file| locate(folder, file.0).is_ok())
    }

    /// Whether all of MNIST's files lie in `folder`.
    pub fn is_whole(folder: &Path) -> bool {
        FILES.iter().all(|file| locate(folder, file.0).is_ok())
    }

    /// Drawn digits in the place of MNIST: `train` and `test` images of strokes with random shape, slant, distortion, width and noise.
    ///
    /// Image i of either part depends on `seed` and i alone: neither on how many are drawn nor on the number of threads.
    pub fn generate(seed: u64, train: usize, test: usize) -> Mnist {
        Mnist {
            train: digits::generate(seed, "train", train),
            test: digits::generate(seed, "test", test),
            source: Source::Generated { set: Set::Mnist, seed },
        }
    }
}

/// The file of this name in `folder`, compressed or not; compressed where there are both.
fn locate(folder: &Path, name: &'static str) -> Result<PathBuf, DataError> {
    let compressed = folder.join(format!("{name}.gz"));
    let raw = folder.join(name);
    if compressed.is_file() {
        Ok(compressed)
    } else if raw.is_file() {
        Ok(raw)
    } else {
        Err(DataError::Missing { path: folder.to_owned(), expected: name })
    }
}
