//! One job in a folder of its own: killed a few times, then run to its end.

use super::job::Job;
use crate::output_snapshot::{OutputSnapshot, Stage};
use anyhow::{Context, Result, ensure};
use rand::Rng;
use std::fs;
use std::path::Path;
use std::process::{Child, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Maximum number of kills before a job is run to its end.
pub const MAX_CONSECUTIVE_KILLS: usize = 3;

/// Time between two looks at a running program.
const POLL_INTERVAL: Duration = Duration::from_millis(1);

/// The output and the duration of a job that is not killed.
pub(super) struct ReferenceRun<'a> {
    job: &'a Job,
    inputs: &'a Path,
    output: OutputSnapshot,
    stdout: Vec<u8>,
    seconds: f64,
}

/// The folder that a job runs in, and beside it one for stdout and stderr, which is not compared.
struct RunFolders {
    folder: TempDir,
    streams: TempDir,
}

/// How a run ended.
enum RunEnd {
    Killed,
    Finished,
}

impl<'a> ReferenceRun<'a> {
    /// # Errors
    /// When the job fails, or leaves temporary files.
    pub fn new(job: &'a Job, inputs: &'a Path) -> Result<ReferenceRun<'a>> {
        let folders = RunFolders::new()?;
        let start = Instant::now();
        folders.run(job, inputs, None)?;
        let seconds = start.elapsed().as_secs_f64();
        let output = OutputSnapshot::from_folder(folders.folder.path())?;
        output.check_complete()?;
        Ok(ReferenceRun { job, inputs, output, stdout: folders.stdout()?, seconds })
    }

    /// Kills a fresh run of the job at random moments, at most `max_kills` times, and then runs it to its end.
    /// Returns the job's progress at each kill, and an inner error where its output differs from the reference.
    ///
    /// # Errors
    /// When the job cannot be run.
    pub fn compare_with_killed(
        &self,
        rng: &mut impl Rng,
        max_kills: usize,
    ) -> Result<(Vec<Stage>, Result<()>)> {
        let folders = RunFolders::new()?;
        let mut stages = Vec::new();
        for _ in 0..rng.random_range(1..=max_kills.min(MAX_CONSECUTIVE_KILLS)) {
            let moment = Duration::from_secs_f64(rng.random_range(0.0..self.seconds));
            match folders.run(self.job, self.inputs, Some(moment)) {
                Ok(RunEnd::Killed) => stages.push(self.output.stage(folders.folder.path())?),
                Ok(RunEnd::Finished) => return Ok((stages, self.compare(&folders))),
                Err(error) => return Ok((stages, Err(error))),
            }
        }
        let ended = folders.run(self.job, self.inputs, None);
        Ok((stages, ended.and_then(|_| self.compare(&folders))))
    }

    fn compare(&self, folders: &RunFolders) -> Result<()> {
        OutputSnapshot::from_folder(folders.folder.path())?.compare(&self.output)?;
        let is_same = !self.job.prints_results || folders.stdout()? == self.stdout;
        ensure!(is_same, "stdout differs");
        Ok(())
    }
}

impl RunFolders {
    fn new() -> Result<RunFolders> {
        Ok(RunFolders { folder: tempfile::tempdir()?, streams: tempfile::tempdir()? })
    }

    /// Runs the job, and kills it at the given moment.
    fn run(&self, job: &Job, inputs: &Path, moment: Option<Duration>) -> Result<RunEnd> {
        let [stdout, stderr] = ["stdout", "stderr"].map(|name| self.streams.path().join(name));
        let mut command = job.command(self.folder.path(), inputs, [&stdout, &stderr])?;
        let mut child = command.spawn().with_context(|| format!("{}: cannot be started", job.name))?;
        let Some(status) = (match moment {
            Some(moment) => kill_at(&mut child, moment)?,
            None => Some(child.wait()?),
        }) else {
            return Ok(RunEnd::Killed);
        };
        let message = fs::read_to_string(&stderr)?;
        ensure!(status.success(), "it ended with {status}: {}", message.trim());
        Ok(RunEnd::Finished)
    }

    fn stdout(&self) -> Result<Vec<u8>> {
        Ok(fs::read(self.streams.path().join("stdout"))?)
    }
}

/// None where the child was killed; its status where it had ended before.
fn kill_at(child: &mut Child, moment: Duration) -> Result<Option<ExitStatus>> {
    let start = Instant::now();
    while start.elapsed() < moment {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        sleep(POLL_INTERVAL.min(moment.saturating_sub(start.elapsed())));
    }
    child.kill()?;
    let status = child.wait()?;
    Ok(status.code().map(|_| status))
}
