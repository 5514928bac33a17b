//! A job in parts, divided among the processes.

use crate::communicator::Communicator;
use anyhow::Result;
use cli::{Job, Part, PartStore, parts, work};
use training::ProcessGroup;

/// Runs a job, or resumes it: with N processes each computes every N-th missing part, and rank 0 makes the outputs.
///
/// # Errors
/// When a part fails in this process, or it does not see the folder of rank 0.
pub fn run(job: &dyn Job, communicator: &Communicator) -> Result<()> {
    let store = open(job, communicator)?;
    for stage in 0..job.stages().len() {
        let missing = missing(job, stage, &store, communicator)?;
        work(job, &store, missing.into_iter().skip(communicator.rank()).step_by(communicator.size()))?;
        communicator.barrier();
    }
    if communicator.is_root() {
        job.finish(&store)?;
        store.discard()?;
    }
    communicator.barrier();
    Ok(())
}

/// The folder of the parts, which rank 0 makes and locks.
fn open(job: &dyn Job, communicator: &Communicator) -> Result<PartStore> {
    let (folder, origin) = (job.folder(), job.origin()?);
    let begun = if communicator.is_root() { Some(PartStore::begin(&folder, &origin)?) } else { None };
    communicator.barrier();
    begun.map_or_else(|| PartStore::join(&folder, &origin), Ok)
}

/// The parts of a stage that rank 0 does not find: all processes must divide the same list.
fn missing(job: &dyn Job, stage: usize, store: &PartStore, communicator: &Communicator) -> Result<Vec<Part>> {
    let mut numbers = Vec::new();
    if communicator.is_root() {
        for part in parts(job, stage) {
            if store.find(part)?.is_none() {
                numbers.push(part.index as u64);
            }
        }
    }
    let parts =
        communicator.broadcast(numbers).into_iter().map(|index| Part { stage, index: index as usize });
    Ok(parts.collect())
}
