//! Trainings by a recipe, saved after every epoch, so that a killed run resumes.

use crate::Progress;
use crate::checkpoint::path_of;
use crate::run::Run;
use anyhow::{Context, Result, ensure};
use core_net::Net;
use datasets::Source;
use durable::{StagedFile, publish};
use serde::Serialize;
use std::path::{Path, PathBuf};
use tracing::info;
use training::{EpochRecord, Recipe, TrainingRun};

/// A trained net with its learning curve.
#[derive(Clone, Debug)]
pub struct TrainedNet {
    /// With the parameters of the last epoch.
    pub net: Net,
    /// The learning curve, an entry for each epoch.
    pub epochs: Vec<EpochRecord>,
    /// The net after those of the requested epochs that were reached, counted from 1.
    pub snapshots: Vec<(usize, Net)>,
}

impl Run {
    /// Trains the net called `name` by `recipe`, resuming from its file where there is one.
    ///
    /// `train_epoch` calls [`TrainingRun::epoch`] and [`TrainingRun::validated`] once each and advances the progress by every example.
    /// The file is written after each epoch, and beside it the nets after the epochs of `snapshots`.
    /// It belongs to the untrained net, its weights included, to the data that the run asked for, to the recipe, the seed and to `settings`,
    /// which must hold all else that the weights depend on.
    ///
    /// # Errors
    /// When a file is damaged, of another net or recipe, or cannot be written, or `train_epoch` fails.
    pub fn trained(
        &self,
        name: &str,
        settings: &impl Serialize,
        (untrained, recipe, seed): (Net, &Recipe, u64),
        snapshots: &[usize],
        train_epoch: impl Fn(&mut TrainingRun, &Progress) -> Result<()>,
    ) -> Result<TrainedNet> {
        let data: Vec<String> = self.sources().iter().map(Source::digest).collect();
        let settings = (settings, recipe, seed);
        let path = path_of(self.checkpoints(), name, &settings, &untrained, Some(&data.join(" ")))?;
        let resume_or_start = || resume_or_start(&path, untrained.clone(), recipe, seed);
        let mut training = resume_or_start()?;
        let has_ended = training.rate().is_none();
        self.make_once().make_unless(has_ended, &path, || {
            // Another run may have trained further.
            training = resume_or_start()?;
            let progress = self.progress(&format!("train {name}"), recipe.epochs);
            progress.inc(training.epochs().len());
            while training.rate().is_some() {
                self.pass(&mut training, name, &train_epoch)?;
                progress.inc(1);
                keep(&training, &path, snapshots)?;
            }
            Ok(())
        })?;
        self.record_weights(&path)?;
        let epochs = training.epochs().to_vec();
        let reached = snapshots.iter().filter(|&&epoch| epoch <= epochs.len());
        let load = |&epoch: &usize| Ok((epoch, untrained.clone().load(&epoch_path(&path, epoch))?));
        let snapshots = reached.map(load).collect::<Result<_>>().with_context(|| {
            format!(
                "{}: a net of an earlier epoch is missing; remove the file to train again",
                path.display()
            )
        })?;
        Ok(TrainedNet { net: training.net().clone(), epochs, snapshots })
    }

    /// One epoch, and a line about it in the log.
    fn pass(
        &self,
        training: &mut TrainingRun,
        name: &str,
        train_epoch: &impl Fn(&mut TrainingRun, &Progress) -> Result<()>,
    ) -> Result<()> {
        let before = training.epochs().len();
        let progress = self.progress(&format!("{name}, epoch {}", before + 1), 0);
        train_epoch(training, &progress)?;
        ensure!(training.epochs().len() == before + 1, "{name}: expected one epoch");
        let EpochRecord { rate, loss, training_error, validation_error, seconds } = training.epochs()[before];
        let epoch = before + 1;
        info!(
            "{name}: epoch {epoch}, rate {rate:e}, loss {loss:.3}, misclassified {:.1} % in training, {:.2} % in validation, {:.0} examples/s",
            100.0 * training_error,
            100.0 * validation_error,
            progress.steps() as f64 / seconds,
        );
        Ok(())
    }
}

fn resume_or_start(path: &Path, untrained: Net, recipe: &Recipe, seed: u64) -> Result<TrainingRun> {
    if !path.exists() {
        return Ok(TrainingRun::new(untrained, recipe.clone(), seed));
    }
    info!("go on from {}", path.display());
    TrainingRun::resumed(untrained, recipe.clone(), seed, path)
        .context("the training cannot go on; remove the file to begin it again")
}

/// Writes the training's file, and the net of its last epoch before it where that one is wanted.
fn keep(training: &TrainingRun, path: &Path, snapshots: &[usize]) -> Result<()> {
    let epoch = training.epochs().len();
    let mut files = Vec::new();
    if snapshots.contains(&epoch) {
        files.push(StagedFile::with_contents(&epoch_path(path, epoch), &training.net().to_safetensors())?);
    }
    files.push(StagedFile::with_contents(path, &training.to_safetensors())?);
    Ok(publish(&files)?)
}

/// Beside the training's file, `<its stem>-epoch<number>.safetensors`.
fn epoch_path(path: &Path, epoch: usize) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}-epoch{epoch}.safetensors"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_net::zoo::fully_connected;
    use tensor::tensor_of;
    use training::Plateau;

    use crate::arguments::Arguments;

    fn recipe(epochs: usize) -> Recipe {
        let plateau = Plateau { patience: 1, factor: 0.1, latest: vec![] };
        Recipe {
            epochs,
            batch: 1,
            learning_rate: 0.1,
            plateau,
            momentum: 0.0,
            weight_decay: 0.0,
            dropout: 0.0,
            filter_radius: 1.0,
        }
    }

    #[test]
    fn a_training_begins_where_there_is_no_file_and_a_damaged_one_is_named_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("net-0123.safetensors");
        let recipe = recipe(1);
        let begin = || resume_or_start(&path, fully_connected(&[1, 2, 2], &[3], 1), &recipe, 1);
        let training = begin().unwrap();
        std::fs::write(&path, training.to_safetensors()).unwrap();
        assert!(begin().unwrap().epochs().is_empty());
        std::fs::write(&path, b"cut off").unwrap();
        let error = format!("{:#}", begin().err().unwrap());
        assert!(
            error.starts_with("the training cannot go on; remove the file to begin it again: "),
            "{error}"
        );
        assert!(error.contains("net-0123.safetensors: expected safetensors"), "{error}");
        assert_eq!(epoch_path(&path, 5).file_name().unwrap(), "net-0123-epoch5.safetensors");
    }

    /// Three epochs in `folder`; after each, `meddle` may do what another process could, with the training's file.
    fn train(folder: &Path, meddle: impl Fn(usize, &Path)) -> Result<TrainedNet> {
        let words = ["tiny", "--checkpoints", folder.to_str().unwrap()].map(Into::into);
        let run = Run::new("example", "tiny", Arguments::parse("example", "tiny", "", words)?)?;
        let recipe = recipe(3);
        let untrained = fully_connected(&[1, 2, 2], &[3], 1);
        run.trained("net", &(), (untrained, &recipe, 1), &[2], |training, _| {
            let load = |some: &[usize], _: &mut _| -> Result<_> {
                let images = tensor_of(vec![0.5f32; 4 * some.len()], &[some.len(), 1, 2, 2]);
                Ok((images, vec![1; some.len()]))
            };
            let statistics = training.epoch(2, load, |_| ())?;
            training.validated(statistics, 0.5);
            let files = std::fs::read_dir(folder)?.map(|entry| entry.unwrap().path());
            let is_training = |path: &PathBuf| {
                path.extension().is_some_and(|ending| ending == "safetensors")
                    && !path.to_string_lossy().contains("-epoch")
            };
            files.filter(is_training).for_each(|path| meddle(training.epochs().len(), &path));
            Ok(())
        })
    }

    #[test]
    fn a_file_that_vanishes_during_a_training_is_written_anew() {
        let [vanishing, undisturbed] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let expected = train(undisturbed.path(), |_, _| ()).unwrap();
        let found = train(vanishing.path(), |epoch, path| {
            if epoch == 2 {
                std::fs::remove_file(path).unwrap();
            }
        });
        let parameters = |trained: &TrainedNet| trained.net.to_safetensors();
        assert_eq!(parameters(&found.unwrap()), parameters(&expected));
        assert_eq!(std::fs::read_dir(vanishing.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_folder_that_takes_no_more_is_named_and_the_epoch_before_goes_on_to_the_same_end() {
        let [disturbed, undisturbed] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let expected = train(undisturbed.path(), |_, _| ()).unwrap();
        let in_the_way = |path: &Path| epoch_path(path, 2);
        let error = train(disturbed.path(), |epoch, path| {
            if epoch == 2 {
                std::fs::create_dir(in_the_way(path)).unwrap();
            }
        });
        let error = format!("{:#}", error.unwrap_err());
        assert!(error.contains("-epoch2.safetensors: cannot be written: "), "{error}");
        let entries = std::fs::read_dir(disturbed.path()).unwrap().map(|entry| entry.unwrap().path());
        // The training's file stays.
        assert_eq!(entries.filter(|path| std::fs::remove_dir(path).is_err()).count(), 1);
        let found = train(disturbed.path(), |epoch, _| assert!(epoch > 1, "began anew")).unwrap();
        assert_eq!(found.net.to_safetensors(), expected.net.to_safetensors());
    }
}
