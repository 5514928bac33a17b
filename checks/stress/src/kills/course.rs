//! One course of a job in a folder of its own: killed some times, then run to its end.

use std::fs;
use std::path::Path;
use std::process::{Child, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rand::Rng;
use tempfile::TempDir;

use super::job::Job;
use crate::output_snapshot::{OutputSnapshot, Stage};

/// How many kills may follow each other before a job is let run to its end.
pub const MOST_IN_A_ROW: usize = 3;

/// How often a running program is looked at.
const GLANCE: Duration = Duration::from_millis(1);

/// What a job leaves that nothing disturbs.
pub(super) struct Reference<'a> {
    job: &'a Job,
    inputs: &'a Path,
    left: OutputSnapshot,
    printed: Vec<u8>,
    seconds: f64,
}

/// Where a program's output goes while it runs: never into the folder that is compared.
struct Bench {
    folder: TempDir,
    outputs: TempDir,
}

/// How a run ended.
enum Ended {
    Killed,
    Itself,
}

impl<'a> Reference<'a> {
    /// # Errors
    /// When the job fails, or leaves something unfinished.
    pub fn of(job: &'a Job, inputs: &'a Path) -> Result<Reference<'a>> {
        let bench = Bench::new()?;
        let start = Instant::now();
        bench.run(job, inputs, None)?;
        let seconds = start.elapsed().as_secs_f64();
        let left = OutputSnapshot::of(bench.folder.path())?;
        left.is_tidy()?;
        Ok(Reference { job, inputs, left, printed: bench.printed()?, seconds })
    }

    /// Kills a fresh run of the job at random moments, at most so many times, and lets it go to its end: how far it was at each kill.
    ///
    /// The inner error says in what the end differs.
    ///
    /// # Errors
    /// When the job cannot be run.
    pub fn course(&self, rng: &mut impl Rng, most: usize) -> Result<(Vec<Stage>, Result<()>)> {
        let bench = Bench::new()?;
        let mut stages = Vec::new();
        for _ in 0..rng.random_range(1..=most.min(MOST_IN_A_ROW)) {
            let moment = Duration::from_secs_f64(rng.random_range(0.0..self.seconds));
            match bench.run(self.job, self.inputs, Some(moment)) {
                Ok(Ended::Killed) => stages.push(self.left.stage(bench.folder.path())?),
                Ok(Ended::Itself) => return Ok((stages, self.compare(&bench))),
                Err(error) => return Ok((stages, Err(error))),
            }
        }
        let ended = bench.run(self.job, self.inputs, None);
        Ok((stages, ended.and_then(|_| self.compare(&bench))))
    }

    fn compare(&self, bench: &Bench) -> Result<()> {
        OutputSnapshot::of(bench.folder.path())?.is(&self.left)?;
        let is_same = !self.job.prints_results || bench.printed()? == self.printed;
        ensure!(is_same, "stdout is another");
        Ok(())
    }
}

impl Bench {
    fn new() -> Result<Bench> {
        Ok(Bench { folder: tempfile::tempdir()?, outputs: tempfile::tempdir()? })
    }

    /// Runs the job, until that moment where there is one.
    fn run(&self, job: &Job, inputs: &Path, moment: Option<Duration>) -> Result<Ended> {
        let [stdout, stderr] = ["stdout", "stderr"].map(|name| self.outputs.path().join(name));
        let mut command = job.command(self.folder.path(), inputs, [&stdout, &stderr])?;
        let mut child = command.spawn().with_context(|| format!("{}: cannot be started", job.name))?;
        let Some(status) = (match moment {
            Some(moment) => killed_at(&mut child, moment)?,
            None => Some(child.wait()?),
        }) else {
            return Ok(Ended::Killed);
        };
        let said = fs::read_to_string(&stderr)?;
        ensure!(status.success(), "it ended with {status}: {}", said.trim());
        Ok(Ended::Itself)
    }

    fn printed(&self) -> Result<Vec<u8>> {
        Ok(fs::read(self.outputs.path().join("stdout"))?)
    }
}

/// None when it was killed, or how it had ended before.
fn killed_at(child: &mut Child, moment: Duration) -> Result<Option<ExitStatus>> {
    let start = Instant::now();
    while start.elapsed() < moment {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        sleep(GLANCE.min(moment.saturating_sub(start.elapsed())));
    }
    child.kill()?;
    let status = child.wait()?;
    Ok(status.code().map(|_| status))
}
