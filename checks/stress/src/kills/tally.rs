//! What came of many kills of one job.

use std::path::Path;

use anyhow::{Context, Result};
use rand::Rng;

use super::course::{MOST_IN_A_ROW, Reference};
use super::job::Job;
use crate::Count;
use crate::output_snapshot::Stage;

/// Kills of one job, by how far it had come, and what was wrong afterwards.
#[derive(Debug, Default)]
pub struct Tally {
    /// Before anything was kept.
    pub before: usize,
    /// When something was kept, but not all.
    pub amid: usize,
    /// When every file was there.
    pub end: usize,
    /// In what ends differed from that of an undisturbed run.
    pub failures: Vec<String>,
}

/// Kills `job` so many times, at moments that are random over the time that it takes.
///
/// # Errors
/// When it cannot be run even without a kill.
pub fn tally(job: &Job, inputs: &Path, kills: usize, rng: &mut impl Rng) -> Result<Tally> {
    let reference = Reference::of(job, inputs).with_context(|| format!("{} without a kill", job.name))?;
    let mut tally = Tally::default();
    while tally.kills() < kills {
        let (stages, ended) = reference.course(rng, kills - tally.kills())?;
        let count = |stage| stages.iter().filter(|found| **found == stage).count();
        tally.before += count(Stage::Before);
        tally.amid += count(Stage::Amid);
        tally.end += count(Stage::End);
        if let Err(error) = ended {
            tally.failures.push(format!("after {stages:?}: {error:#}"));
        }
    }
    Ok(tally)
}

impl Tally {
    /// How often it was killed.
    pub fn kills(&self) -> usize {
        self.before + self.amid + self.end
    }

    /// Its line in the table.
    pub fn count(&self, job: &Job) -> Count {
        let Tally { before, amid, end, failures } = self;
        let note = format!(
            "SIGKILL at a random moment, up to {MOST_IN_A_ROW} in a row, then run again to the end; {before} before anything was kept, {amid} amid the work, {end} when all was there"
        );
        Count { subject: job.subject.into(), tries: self.kills(), failures: failures.len(), note }
    }
}
