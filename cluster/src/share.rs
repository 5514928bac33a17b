//! A job in parts, divided among the processes.

use anyhow::Result;
use cli::{Job, Part, PartStore, parts, work};
use training::ProcessGroup;

use crate::world::World;

/// Does a job, or what an earlier run left of it: every process computes every so-many-th part that is missing, rank 0 makes the outputs.
///
/// # Errors
/// When something is at fault in this process, or it does not see the folder of rank 0.
pub fn carry_out(job: &dyn Job, world: &World) -> Result<()> {
    let store = open(job, world)?;
    for stage in 0..job.stages().len() {
        let missing = missing(job, stage, &store, world)?;
        work(job, &store, missing.into_iter().skip(world.rank()).step_by(world.size()))?;
        world.wait_for_all();
    }
    if world.is_root() {
        job.finish(&store)?;
        store.discard()?;
    }
    world.wait_for_all();
    Ok(())
}

/// The folder of the parts, which rank 0 makes and locks.
fn open(job: &dyn Job, world: &World) -> Result<PartStore> {
    let (folder, origin) = (job.folder(), job.origin()?);
    let begun = if world.is_root() { Some(PartStore::begin(&folder, &origin)?) } else { None };
    world.wait_for_all();
    begun.map_or_else(|| PartStore::join(&folder, &origin), Ok)
}

/// The parts of a stage that rank 0 does not find: all processes must divide the same list.
fn missing(job: &dyn Job, stage: usize, store: &PartStore, world: &World) -> Result<Vec<Part>> {
    let mut numbers = Vec::new();
    if world.is_root() {
        for part in parts(job, stage) {
            if store.find(part)?.is_none() {
                numbers.push(part.index as u64);
            }
        }
    }
    let parts = world.told(numbers).into_iter().map(|index| Part { stage, index: index as usize });
    Ok(parts.collect())
}
