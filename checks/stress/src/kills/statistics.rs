//! Statistics of many kills of one job.

use super::job::Job;
use super::killed_run::{MAX_CONSECUTIVE_KILLS, ReferenceRun};
use crate::Count;
use crate::output_snapshot::Stage;
use anyhow::{Context, Result};
use rand::Rng;
use std::path::Path;

/// Kills of one job by its progress, and the failures afterwards.
#[derive(Debug, Default)]
pub struct KillStatistics {
    /// Kills before anything was saved.
    pub before: usize,
    /// Kills when a part of the output was saved.
    pub during: usize,
    /// Kills when every file was saved.
    pub after: usize,
    /// Differences between outputs and that of the reference run.
    pub failures: Vec<String>,
}

/// Kills `job` at random moments until it was killed `kills` times.
///
/// # Errors
/// When it cannot be run even without a kill.
pub fn kill_repeatedly(job: &Job, inputs: &Path, kills: usize, rng: &mut impl Rng) -> Result<KillStatistics> {
    let reference = ReferenceRun::new(job, inputs).with_context(|| format!("{} without a kill", job.name))?;
    let mut statistics = KillStatistics::default();
    while statistics.kills() < kills {
        let (stages, ended) = reference.compare_with_killed(rng, kills - statistics.kills())?;
        let count = |stage| stages.iter().filter(|found| **found == stage).count();
        statistics.before += count(Stage::NothingSaved);
        statistics.during += count(Stage::PartlySaved);
        statistics.after += count(Stage::Complete);
        if let Err(error) = ended {
            statistics.failures.push(format!("after {stages:?}: {error:#}"));
        }
    }
    Ok(statistics)
}

impl KillStatistics {
    /// Number of kills.
    pub fn kills(&self) -> usize {
        self.before + self.during + self.after
    }

    /// The row of the table.
    pub fn count(&self, job: &Job) -> Count {
        let KillStatistics { before, during, after, failures } = self;
        let note = format!(
            "SIGKILL at a random moment, up to {MAX_CONSECUTIVE_KILLS} times, then run to the end; {before} before anything was saved, {during} during the work, {after} when all was saved"
        );
        Count { subject: job.subject.into(), tries: self.kills(), failures: failures.len(), note }
    }
}
