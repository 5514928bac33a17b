//! The folder of a training run: its checkpoint and its results.

use crate::communicator::Communicator;
use anyhow::{Context, Result, ensure};
use cli::lock_folder;
use core_net::Net;
use durable::{Lock, StagedFile, publish, remove_leftovers};
use std::fs;
use std::path::{Path, PathBuf};
use tensor::with_slice;
use training::{ProcessGroup, Recipe, TrainingRun};

/// The training run after its last finished epoch; it is kept, so that a run with nothing left to do ends at once.
const CHECKPOINT: &str = "course.safetensors";

/// The net at its end, and the learning curve.
const NET: &str = "net.safetensors";
const CURVE: &str = "learning.csv";

/// The folder, which every process sees.
pub struct TrainingFolder {
    folder: PathBuf,
    _lock: Option<Lock>,
}

impl TrainingFolder {
    /// Creates and locks the folder in rank 0.
    ///
    /// # Errors
    /// When it cannot, or another run is at work there.
    pub fn open(folder: &Path, communicator: &Communicator) -> Result<Self> {
        let unwritable = || format!("{}: expected a folder that can be made, found", folder.display());
        let lock = if communicator.is_root() {
            fs::create_dir_all(folder).with_context(unwritable)?;
            let lock = lock_folder(folder)?;
            remove_leftovers(folder);
            Some(lock)
        } else {
            None
        };
        communicator.barrier();
        Ok(Self { folder: folder.to_owned(), _lock: lock })
    }

    /// The training run, resumed from its checkpoint if there is one.
    ///
    /// # Errors
    /// When the file is damaged, or of another net, recipe or seed.
    pub fn resume(&self, untrained: &Net, recipe: &Recipe, seed: u64) -> Result<TrainingRun> {
        let path = self.folder.join(CHECKPOINT);
        let (net, recipe) = (untrained.clone(), recipe.clone());
        if !path.exists() {
            return Ok(TrainingRun::new(net, recipe, seed));
        }
        TrainingRun::resumed(net, recipe, seed, &path).with_context(|| {
            format!("{}: another training; remove it, or name another folder with -o", path.display())
        })
    }

    /// Writes the checkpoint after an epoch in rank 0.
    ///
    /// # Errors
    /// When the weights differ between processes, or the file cannot be written.
    pub fn keep(&self, training: &TrainingRun, communicator: &Communicator) -> Result<()> {
        all_agree(training.net(), communicator)?;
        if communicator.is_root() {
            self.write(CHECKPOINT, &training.to_safetensors())?;
        }
        // No process starts an epoch that a restart would have to repeat.
        communicator.barrier();
        Ok(())
    }

    /// Writes the net and the learning curve in rank 0.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn finish(&self, training: &TrainingRun, communicator: &Communicator) -> Result<()> {
        if communicator.is_root() {
            self.write(CURVE, &curve(training)?)?;
            self.write(NET, &training.net().to_safetensors())?;
        }
        communicator.barrier();
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

/// The learning curve, without the times: the same bytes in every run.
fn curve(training: &TrainingRun) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(vec![]);
    table.write_record(["epoch", "rate", "loss", "training_error", "validation_error"])?;
    for (number, epoch) in (1..).zip(training.epochs()) {
        table.serialize((number, epoch.rate, epoch.loss, epoch.training_error, epoch.validation_error))?;
    }
    Ok(table.into_inner()?)
}

/// Checks that every process has the same parameters, to the last bit: MPI does not guarantee that all get the same sums.
fn all_agree(net: &Net, communicator: &Communicator) -> Result<()> {
    let own = checksum(net);
    let root = communicator.broadcast(vec![own])[0];
    let mut differing = [f64::from(u8::from(own != root))];
    communicator.all_reduce_f64(&mut differing);
    ensure!(
        differing == [0.0],
        "expected the weights of rank 0 in every process, found others in {} of {}: the sums of this MPI differ among processes",
        differing[0],
        communicator.size()
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
