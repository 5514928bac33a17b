//! Damaged files of one format, read one after the other in a process of their own.

use std::io::Write;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rand::Rng;
use tensor::seeded;

use crate::data::data;
use crate::formats::{File, Format, Place, repository};
use crate::memory::Memory;

/// Where the files of the trials come from.
pub enum Trials {
    /// Samples, damaged by a seed.
    Seeds(Format, Vec<File>),
    /// Hard cases and files that once went wrong, by their paths.
    Corpus(Vec<PathBuf>),
}

impl Trials {
    /// The trials of a format by seed, without end.
    pub fn of_seeds(format: Format) -> Trials {
        Trials::Seeds(format, (format.samples)(data().as_deref()))
    }

    /// The files of the format in the corpus, sorted by their names; none where it has no folder.
    ///
    /// # Errors
    /// When its folder cannot be read.
    pub fn of_corpus(format: Format) -> Result<Trials> {
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

    /// How many files there are at least.
    pub fn samples(&self) -> usize {
        match self {
            Trials::Seeds(_, samples) => samples.len(),
            Trials::Corpus(paths) => paths.len(),
        }
    }

    /// What a trial goes by: its seed, or its file's path in the corpus.
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
                let mut rng = seeded(trial, format.word);
                let sample = &samples[rng.random_range(0..samples.len())];
                (format.damaged)(sample, &mut rng)
            }
            Trials::Corpus(paths) => std::fs::read(&paths[trial as usize]).expect("a file of the corpus"),
        }
    }
}

/// Where the hard cases of this format are kept, and what once went wrong.
pub fn corpus(format: Format) -> PathBuf {
    repository("checks/fuzz/corpus").join(format.word)
}

/// Reads the files of these trials and writes a line for each: `read`, `refused`, or what the reader's panic said;
/// at last which trial took longest, and how many milliseconds.
///
/// # Errors
/// When a whole sample is refused, or the lines cannot be written.
///
/// # Panics
/// When a reader has left or taken away files.
pub fn conduct(format: Format, trials: &Trials, range: Range<u64>, mut lines: impl Write) -> Result<()> {
    let place = Place::new(format);
    for sample in (format.samples)(data().as_deref()) {
        let read = place.read(&sample);
        ensure!(read.is_ok(), "{}: expected whole samples to be read, found {read:?}", format.name);
    }
    set_hook(Box::new(|panic| *LAST_WORDS.lock().expect("no panic within") = panic.to_string()));
    let (memory, mut slowest) = (Memory::now(), (Duration::ZERO, 0));
    for trial in range {
        let file = trials.file(trial);
        memory.allow(file.len());
        let start = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| place.read(&file)));
        slowest = slowest.max((start.elapsed(), trial));
        match outcome {
            Ok(Ok(())) => writeln!(lines, "read")?,
            Ok(Err(_)) => writeln!(lines, "refused")?,
            Err(_) => writeln!(lines, "{}", LAST_WORDS.lock().expect("no panic within").replace('\n', " "))?,
        }
    }
    drop(take_hook());
    place.check();
    Ok(writeln!(lines, "{} {}", slowest.1, slowest.0.as_millis())?)
}

/// What the last panic said, and where.
static LAST_WORDS: Mutex<String> = Mutex::new(String::new());

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::formats;

    #[test]
    fn a_trial_is_a_function_of_its_seed_and_its_format() {
        let [idx, gzip] = [0, 1].map(|index| Trials::of_seeds(formats()[index]));
        assert_eq!(idx.file(7), idx.file(7));
        assert_ne!(idx.file(7), idx.file(8));
        assert_ne!(idx.file(7), gzip.file(7));
    }

    #[test]
    fn every_format_has_files_in_the_corpus() {
        for format in formats() {
            let trials = Trials::of_corpus(format).expect("a folder");
            assert!(trials.samples() > 0, "{}", format.name);
        }
    }
}
