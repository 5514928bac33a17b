//! The state of a fit by L-BFGS, in a file beside the weights that it will yield.

use crate::Progress;
use crate::digest::sha256;
use crate::one_line::one_line;
use indicatif::MultiProgress;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use tracing::info;
use training::{FitCheckpoint, FitMonitor};

/// Hexadecimal digits of the digest that the file begins with.
const DIGITS: usize = 64;

/// The file of a fit that is under way; with it, one that was killed resumes.
///
/// It begins with the SHA-256 of its own name and of the state that follows: a file that is damaged or of another net is never used.
#[derive(Clone, Debug)]
pub struct FitFile {
    path: PathBuf,
    bars: MultiProgress,
}

impl FitFile {
    /// `<the weights' stem>.fit`; a message is printed past the bars.
    pub(crate) fn new(weights: &Path, bars: MultiProgress) -> FitFile {
        FitFile { path: weights.with_extension("fit"), bars }
    }

    /// A monitor that moves `progress` by one step an iteration and saves the fit's state in this file.
    pub fn monitor(self, progress: &Progress) -> FitMonitor {
        let (progress, mut done) = (progress.clone(), 0);
        let observer = move |iteration: u64, _| {
            progress.inc((iteration - done) as usize);
            done = iteration;
        };
        FitMonitor { observer: Some(Box::new(observer)), checkpoint: Some(Box::new(self)) }
    }

    /// Removes the file, once the weights are in theirs.
    pub(crate) fn remove(&self) {
        // A file that stays is in nobody's way.
        let _ = fs::remove_file(&self.path);
    }

    fn digest(&self, state: &[u8]) -> String {
        let name = self.path.file_name().unwrap_or_default().as_encoded_bytes();
        sha256(&[name, b"\n", state].concat())
    }

    fn say(&self, text: &str) {
        self.bars.suspend(|| eprintln!("{}: {text}", self.path.display()));
    }
}

impl FitCheckpoint for FitFile {
    fn load(&self) -> Option<Vec<u8>> {
        let bytes = match fs::read(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return None,
            bytes => bytes.unwrap_or_default(),
        };
        match bytes.split_at_checked(DIGITS) {
            Some((digest, state)) if digest == self.digest(state).as_bytes() => {
                info!("resume from {}", self.path.display());
                Some(state.to_vec())
            }
            _ => {
                self.reject("expected the state of this training, found a damaged file or that of another");
                None
            }
        }
    }

    fn save(&self, state: &[u8]) {
        let bytes = [self.digest(state).as_bytes(), state].concat();
        if let Err(error) = durable::write(&self.path, &bytes) {
            self.say(&format!("the training goes on without a checkpoint: {}", one_line(&error.into())));
        }
    }

    fn reject(&self, reason: &str) {
        self.say(&format!("{reason}; the training starts from the beginning"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_loaded_as_it_was_saved_and_one_that_is_damaged_or_of_another_net_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| FitFile::new(&folder.path().join(name), MultiProgress::new());
        let (mine, other) = (file("net-0123.safetensors"), file("net-4567.safetensors"));
        assert_eq!(mine.load(), None);
        mine.save(b"first");
        mine.save(b"state");
        assert_eq!(mine.load().unwrap(), b"state");
        fs::copy(&mine.path, &other.path).unwrap();
        assert_eq!(other.load(), None);
        let whole = fs::read(&mine.path).unwrap();
        for damaged in [&whole[..20], &whole[..whole.len() - 1], b""] {
            fs::write(&mine.path, damaged).unwrap();
            assert_eq!(mine.load(), None);
        }
        [mine, other].iter().for_each(FitFile::remove);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
