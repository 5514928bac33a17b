//! Trials: damaged files of one format, read in turn.

use crate::formats::{File, Format, Sandbox, repository};
use crate::memory::MemoryLimit;
use anyhow::{Context, Result, ensure};
use rand::Rng;
use std::io::Write;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tensor::seeded;
use test_support::data_folder;

/// The files of trials.
pub enum Trials {
    /// Samples, each damaged by a seed.
    Seeds(Format, Vec<File>),
    /// Paths of hard cases and of past failures.
    Corpus(Vec<PathBuf>),
}

impl Trials {
    /// Unlimited trials of a format, one for each seed.
    pub fn from_seeds(format: Format) -> Trials {
        Trials::Seeds(format, (format.samples)(data_folder().as_deref()))
    }

    /// The files of a format in the corpus, sorted by name; none where it has no folder.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn from_corpus(format: Format) -> Result<Trials> {
        let folder = corpus(format);
        if !folder.exists() {
            return Ok(Trials::Corpus(vec![]));
        }
        let unreadable = || format!("{}: expected a folder of hard cases", folder.display());
        let entries = std::fs::read_dir(&folder).with_context(unreadable)?;
        let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
        paths.sort();
        Ok(Trials::Corpus(paths))
    }

    /// Number of samples, or of files in the corpus.
    pub fn samples(&self) -> usize {
        match self {
            Trials::Seeds(_, samples) => samples.len(),
            Trials::Corpus(paths) => paths.len(),
        }
    }

    /// Name of a trial: its seed, or its path in the corpus.
    pub fn name(&self, trial: u64) -> String {
        match self {
            Trials::Seeds(..) => format!("seed {trial}"),
            Trials::Corpus(paths) => paths[trial as usize].display().to_string(),
        }
    }

    /// The file of a trial.
    ///
    /// # Panics
    /// When a file of the corpus cannot be read.
    pub fn file(&self, trial: u64) -> File {
        match self {
            Trials::Seeds(format, samples) => {
                let mut rng = seeded(trial, format.id);
                let sample = &samples[rng.random_range(0..samples.len())];
                (format.damaged)(sample, &mut rng)
            }
            Trials::Corpus(paths) => std::fs::read(&paths[trial as usize]).expect("a file of the corpus"),
        }
    }
}

/// Folder of the hard cases and past failures of a format.
pub fn corpus(format: Format) -> PathBuf {
    repository("checks/fuzz/corpus").join(format.id)
}

/// Reads the files of trials and writes a line for each: `read`, `refused`, or the message of the reader's panic;
/// the last line names the slowest trial and its milliseconds.
///
/// # Errors
/// When a whole sample is refused, or the lines cannot be written.
///
/// # Panics
/// When a reader has created or removed files.
pub fn run_trials(format: Format, trials: &Trials, range: Range<u64>, mut lines: impl Write) -> Result<()> {
    let sandbox = Sandbox::new(format);
    for sample in (format.samples)(data_folder().as_deref()) {
        let read = sandbox.read(&sample);
        ensure!(read.is_ok(), "{}: expected undamaged samples to be read, found {read:?}", format.name);
    }
    set_hook(Box::new(|panic| *LAST_PANIC.lock().expect("no panic within") = panic.to_string()));
    let (memory_limit, mut slowest) = (MemoryLimit::new(), (Duration::ZERO, 0));
    for trial in range {
        let file = trials.file(trial);
        memory_limit.set_for(file.len());
        let start = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| sandbox.read(&file)));
        slowest = slowest.max((start.elapsed(), trial));
        match outcome {
            Ok(Ok(())) => writeln!(lines, "read")?,
            Ok(Err(_)) => writeln!(lines, "refused")?,
            Err(_) => writeln!(lines, "{}", LAST_PANIC.lock().expect("no panic within").replace('\n', " "))?,
        }
    }
    drop(take_hook());
    sandbox.check();
    Ok(writeln!(lines, "{} {}", slowest.1, slowest.0.as_millis())?)
}

/// Message and location of the last panic.
static LAST_PANIC: Mutex<String> = Mutex::new(String::new());

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::formats;

    #[test]
    fn a_trial_is_a_function_of_its_seed_and_its_format() {
        let [idx, gzip] = [0, 1].map(|index| Trials::from_seeds(formats()[index]));
        assert_eq!(idx.file(7), idx.file(7));
        assert_ne!(idx.file(7), idx.file(8));
        assert_ne!(idx.file(7), gzip.file(7));
    }

    #[test]
    fn every_format_has_files_in_the_corpus() {
        for format in formats() {
            let trials = Trials::from_corpus(format).expect("a folder");
            assert!(trials.samples() > 0, "{}", format.name);
        }
    }
}
