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

use crate::output::progress;
use anyhow::Result;
pub use f64_bits::F64Bits;
pub use origin::{File, MADE_WITH, Origin, file};
pub use part_store::PartStore;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::PathBuf;

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
pub trait Job {
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
    let bar = progress(job.name(), parts.len());
    bar.inc(there as u64);
    for part in missing {
        store.write(part, &job.part(part, store)?)?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
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
