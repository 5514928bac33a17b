//! Trainings by a recipe, kept after every epoch, so that a run that was killed goes on.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use core_net::Net;
use core_net::train::{Course, Passed, Recipe};
use datasets::Source;
use serde::Serialize;
use tracing::info;

use crate::Progress;
use crate::checkpoint::path_of;
use crate::run::Run;
use crate::staged::{Staged, publish};

/// A trained net and how it came to be.
#[derive(Clone, Debug)]
pub struct Trained {
    /// With the parameters of the last epoch.
    pub net: Net,
    /// The learning curve, an entry for each epoch.
    pub passed: Vec<Passed>,
    /// The net after some epochs, counted from 1; of those that were asked for, the ones that came to pass.
    pub snapshots: Vec<(usize, Net)>,
}

impl Run {
    /// The net called `name`, trained by `recipe`: from its file, as far as that goes, and by `learn` from there on.
    ///
    /// `learn` passes one epoch: it calls [`Course::epoch`] and [`Course::validated`] once each, and tells the progress every example.
    /// The file is written after each epoch, and beside it the nets after the epochs of `snapshots`.
    /// It belongs to the untrained net, its weights included, to the data that the run asked for, to the recipe, the seed and to `settings`,
    /// which must hold all else that the weights depend on.
    ///
    /// # Errors
    /// When a file is damaged, of another net or recipe, or cannot be written, or `learn` fails.
    pub fn course(
        &self,
        name: &str,
        settings: &impl Serialize,
        (untrained, recipe, seed): (Net, &Recipe, u64),
        snapshots: &[usize],
        learn: impl Fn(&mut Course, &Progress) -> Result<()>,
    ) -> Result<Trained> {
        let data: Vec<String> = self.sources().iter().map(Source::digest).collect();
        let settings = (settings, recipe, seed);
        let path = path_of(self.checkpoints(), name, &settings, &untrained, Some(&data.join(" ")))?;
        let mut course = begun(&path, untrained.clone(), recipe, seed)?;
        let progress = self.progress(&format!("train {name}"), recipe.epochs);
        progress.inc(course.passed().len());
        while course.rate().is_some() {
            self.pass(&mut course, name, &learn)?;
            progress.inc(1);
            let epoch = course.passed().len();
            let mut files = Vec::new();
            if snapshots.contains(&epoch) {
                files.push(Staged::write(&of_epoch(&path, epoch), &course.net().to_safetensors())?);
            }
            files.push(Staged::write(&path, &course.to_safetensors())?);
            publish(&files)?;
        }
        self.record_weights(&path)?;
        let passed = course.passed().to_vec();
        let came = snapshots.iter().filter(|&&epoch| epoch <= passed.len());
        let load = |&epoch: &usize| Ok((epoch, untrained.clone().load(&of_epoch(&path, epoch))?));
        let snapshots = came.map(load).collect::<Result<_>>().with_context(|| {
            format!(
                "{}: a net of an earlier epoch is missing; remove the file to train again",
                path.display()
            )
        })?;
        Ok(Trained { net: course.net().clone(), passed, snapshots })
    }

    /// One epoch, and a line about it in the log.
    fn pass(
        &self,
        course: &mut Course,
        name: &str,
        learn: &impl Fn(&mut Course, &Progress) -> Result<()>,
    ) -> Result<()> {
        let before = course.passed().len();
        let progress = self.progress(&format!("{name}, epoch {}", before + 1), 0);
        learn(course, &progress)?;
        ensure!(course.passed().len() == before + 1, "{name}: expected one epoch to pass");
        let Passed { rate, loss, training_error, validation_error, seconds } = course.passed()[before];
        let epoch = before + 1;
        info!(
            "{name}: epoch {epoch}, rate {rate:e}, loss {loss:.3}, misread {:.1} % in training, {:.2} % in validation, {:.0} examples/s",
            100.0 * training_error,
            100.0 * validation_error,
            progress.steps() as f64 / seconds,
        );
        Ok(())
    }
}

fn begun(path: &Path, untrained: Net, recipe: &Recipe, seed: u64) -> Result<Course> {
    if !path.exists() {
        return Ok(Course::new(untrained, recipe.clone(), seed));
    }
    info!("go on from {}", path.display());
    Course::resumed(untrained, recipe.clone(), seed, path)
        .context("the training cannot go on; remove the file to begin it again")
}

/// Beside the training's file, `<its stem>-epoch<number>.safetensors`.
fn of_epoch(path: &Path, epoch: usize) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}-epoch{epoch}.safetensors"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_net::train::Plateau;
    use core_net::zoo::fully_connected;

    #[test]
    fn a_training_begins_where_there_is_no_file_and_a_damaged_one_is_named_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("net-0123.safetensors");
        let plateau = Plateau { patience: 1, factor: 0.1, latest: vec![] };
        let recipe = Recipe {
            epochs: 1,
            batch: 1,
            learning_rate: 0.1,
            plateau,
            momentum: 0.0,
            weight_decay: 0.0,
            dropout: 0.0,
            filter_radius: 1.0,
        };
        let begin = || begun(&path, fully_connected(&[1, 2, 2], &[3], 1), &recipe, 1);
        let course = begin().unwrap();
        std::fs::write(&path, course.to_safetensors()).unwrap();
        assert!(begin().unwrap().passed().is_empty());
        std::fs::write(&path, b"cut off").unwrap();
        let error = format!("{:#}", begin().err().unwrap());
        assert!(
            error.starts_with("the training cannot go on; remove the file to begin it again: "),
            "{error}"
        );
        assert!(error.contains("net-0123.safetensors: expected safetensors"), "{error}");
        assert_eq!(of_epoch(&path, 5).file_name().unwrap(), "net-0123-epoch5.safetensors");
    }
}
