//! The folder of a training: what it goes on from, and what it leaves.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use cli::lock_folder;
use core_net::Net;
use durable::{Lock, StagedFile, publish, remove_leftovers};
use tensor::with_slice;
use training::{Recipe, ProcessGroup, TrainingRun};

use crate::world::World;

/// The training after its last finished epoch; it stays, so that a run with nothing left to do ends at once.
const COURSE: &str = "course.safetensors";

/// The net at its end, and the learning curve.
const NET: &str = "net.safetensors";
const CURVE: &str = "learning.csv";

/// The folder, which every process sees.
pub struct Files {
    folder: PathBuf,
    _lock: Option<Lock>,
}

impl Files {
    /// Has rank 0 make and lock it.
    ///
    /// # Errors
    /// When it cannot, or another run is at work there.
    pub fn open(folder: &Path, world: &World) -> Result<Self> {
        let unwritable = || format!("{}: expected a folder that can be made, found", folder.display());
        let lock = if world.is_root() {
            fs::create_dir_all(folder).with_context(unwritable)?;
            let lock = lock_folder(folder)?;
            remove_leftovers(folder);
            Some(lock)
        } else {
            None
        };
        world.wait_for_all();
        Ok(Self { folder: folder.to_owned(), _lock: lock })
    }

    /// The training so far.
    ///
    /// # Errors
    /// When the file is damaged, or of another net, recipe or seed.
    pub fn begun(&self, untrained: &Net, recipe: &Recipe, seed: u64) -> Result<TrainingRun> {
        let path = self.folder.join(COURSE);
        let (net, recipe) = (untrained.clone(), recipe.clone());
        if !path.exists() {
            return Ok(TrainingRun::new(net, recipe, seed));
        }
        TrainingRun::resumed(net, recipe, seed, &path).with_context(|| {
            format!("{}: another training; remove it, or name another folder with -o", path.display())
        })
    }

    /// Has rank 0 write the training after an epoch.
    ///
    /// # Errors
    /// When the processes have come to hold different weights, or the file cannot be written.
    pub fn keep(&self, course: &TrainingRun, world: &World) -> Result<()> {
        all_agree(course.net(), world)?;
        if world.is_root() {
            self.write(COURSE, &course.to_safetensors())?;
        }
        // Nobody begins an epoch that a restart would have to repeat.
        world.wait_for_all();
        Ok(())
    }

    /// Has rank 0 write the net and the learning curve.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn finish(&self, course: &TrainingRun, world: &World) -> Result<()> {
        if world.is_root() {
            self.write(CURVE, &curve(course)?)?;
            self.write(NET, &course.net().to_safetensors())?;
        }
        world.wait_for_all();
        Ok(())
    }

    /// Writes a file whole or not at all.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.folder.join(name);
        let write = || publish(&[StagedFile::with_contents(&path, bytes)?]);
        let unwritable = || format!("{}: expected a file that can be written, found", path.display());
        write().map_err(durable::Error::into_io).with_context(unwritable)
    }
}

/// The learning curve, without the times: the same bytes whenever it is learned.
fn curve(course: &TrainingRun) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(vec![]);
    table.write_record(["epoch", "rate", "loss", "training_error", "validation_error"])?;
    for (epoch, passed) in (1..).zip(course.passed()) {
        table.serialize((epoch, passed.rate, passed.loss, passed.training_error, passed.validation_error))?;
    }
    Ok(table.into_inner()?)
}

/// Whether every process has the same parameters, to the last bit: they step by the same sums, which MPI does not promise.
fn all_agree(net: &Net, world: &World) -> Result<()> {
    let own = checksum(net);
    let said = world.told(vec![own])[0];
    let mut differing = [f64::from(u8::from(own != said))];
    world.total(&mut differing);
    ensure!(
        differing == [0.0],
        "expected the weights of rank 0 in every process, found others in {} of {}: the sums of this MPI differ among processes",
        differing[0],
        world.size()
    );
    Ok(())
}

/// FNV-1a over the parameters' bits.
fn checksum(net: &Net) -> u64 {
    net.parameters().into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, (_, parameter)| {
        with_slice::<f32, _>(parameter, |values| {
            values.iter().fold(hash, |hash, value| {
                (hash ^ u64::from(value.to_bits())).wrapping_mul(0x0000_0100_0000_01b3)
            })
        })
    })
}
