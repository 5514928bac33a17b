//! Work in parts, which are stored on the disk until all is done: a killed run resumes.
//!
//! ```text
//! what a command makes of its arguments         attack.rs, occlude.rs, top.rs, transfer.rs
//! the folder of its parts                       part_store.rs
//! what they follow from                         origin.rs
//! numbers in them, to the last bit              f64_bits.rs
//! ```

mod f64_bits;
mod origin;
mod part_store;

use crate::output::progress_of;
use anyhow::Result;
pub use f64_bits::F64Bits;
pub use origin::{File, MADE_WITH, Origin, file};
pub use part_store::PartStore;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// A part of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The stage that it belongs to.
    pub stage: usize,
    /// Its number among the stage's parts.
    pub index: usize,
}

/// Work in parts, by one process or by several that share a disk.
///
/// Its results have the same bytes in whatever order its parts are computed, and whoever computes them.
pub trait Job: Sync {
    /// What it is called.
    fn name(&self) -> &'static str;

    /// The folder in which its parts are kept until its outputs are there.
    fn folder(&self) -> PathBuf;

    /// All inputs of its results, as JSON.
    ///
    /// # Errors
    /// When a file cannot be read.
    fn origin(&self) -> Result<String>;

    /// How many parts each of its stages has; a part needs all parts of the stages before its own.
    fn stages(&self) -> Vec<usize>;

    /// How many parts are best computed at a time, each by a thread that waits for the others' kernels as little as possible.
    fn at_once(&self) -> usize {
        1
    }

    /// How many images a part is about, for the progress bar.
    fn images(&self, _: Part) -> usize {
        1
    }

    /// Counts evaluations of nets as they run, where a part takes many.
    fn evaluations(&self) -> Option<Arc<AtomicUsize>> {
        None
    }

    /// A part's result, which follows from the job and from the parts of earlier stages alone.
    ///
    /// # Errors
    /// When an image is at fault, or a part of an earlier stage is missing.
    fn part(&self, part: Part, earlier: &PartStore) -> Result<Vec<u8>>;

    /// Makes the outputs of all parts, whole or not at all, and says on stdout what is to be said.
    ///
    /// # Errors
    /// When a part is missing, or an output cannot be written.
    fn finish(&self, parts: &PartStore) -> Result<()>;
}

/// The parts of a stage.
pub fn parts(job: &dyn Job, stage: usize) -> impl Iterator<Item = Part> + use<> {
    (0..job.stages()[stage]).map(move |index| Part { stage, index })
}

/// Runs a job in this process, resuming an earlier run.
///
/// # Errors
/// When something is at fault, another run is at work on it, or a job of another origin was interrupted here.
pub fn carry_out(job: &dyn Job) -> Result<()> {
    let store = PartStore::begin(&job.folder(), &job.origin()?)?;
    if let Err(error) = go_through(job, &store) {
        if store.is_empty() {
            // What went wrong is said, whether the empty folder can be removed or not.
            let _ = store.discard();
        }
        return Err(error);
    }
    store.discard()
}

fn go_through(job: &dyn Job, store: &PartStore) -> Result<()> {
    for stage in 0..job.stages().len() {
        work(job, store, parts(job, stage))?;
    }
    job.finish(store)
}

/// Computes and stores the missing ones of some parts of one stage.
///
/// # Errors
/// When an image is at fault, or a part cannot be written.
pub fn work(job: &dyn Job, store: &PartStore, parts: impl Iterator<Item = Part>) -> Result<()> {
    let parts: Vec<Part> = parts.collect();
    let mut missing = Vec::new();
    for &part in &parts {
        if store.find(part)?.is_none() {
            missing.push(part);
        }
    }
    let there = parts.len() - missing.len();
    if there > 0 {
        eprintln!("{}: {there} of {} parts are there", store.path().display(), parts.len());
    }
    let images = |parts: &[Part]| parts.iter().map(|&part| job.images(part)).sum::<usize>();
    let bar = progress_of(job.name(), images(&parts), job.evaluations());
    bar.inc((images(&parts) - images(&missing)) as u64);
    let workers = job.at_once().min(missing.len()).max(1);
    let next = AtomicUsize::new(0);
    let failure = Mutex::new(None);
    let take = || {
        let has_failed = failure.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        if has_failed { None } else { missing.get(next.fetch_add(1, Ordering::Relaxed)).copied() }
    };
    let work = || {
        while let Some(part) = take() {
            match job.part(part, store).and_then(|result| store.write(part, &result)) {
                Ok(()) => bar.inc(job.images(part) as u64),
                Err(error) => {
                    failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                }
            }
        }
    };
    if workers == 1 {
        work();
    } else {
        thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
    }
    bar.finish_and_clear();
    failure.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
}

/// A part's result as bytes.
pub fn to_bytes(result: &impl Serialize) -> Result<Vec<u8>> {
    Ok(serde_json::to_vec(result)?)
}

/// A part's result, read back.
///
/// # Errors
/// When the part is missing.
pub fn read<T: DeserializeOwned>(store: &PartStore, part: Part) -> Result<T> {
    Ok(serde_json::from_slice(&store.read(part)?)?)
}

/// The results of a stage, read back one after the other.
pub fn read_all<T: DeserializeOwned>(
    job: &dyn Job,
    store: &PartStore,
    stage: usize,
) -> impl Iterator<Item = Result<T>> {
    parts(job, stage).map(move |part| read(store, part))
}
