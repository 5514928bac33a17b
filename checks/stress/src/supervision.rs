//! Trials in child processes: the parent counts their outcomes, and starts another child after a trial that killed one.

use crate::formats::Format;
use crate::trials::Trials;
use anyhow::{Context, Result};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::spawn;
use std::time::Duration;

/// Timeout of one trial, generous for busy machines.
const TRIAL_TIMEOUT: Duration = Duration::from_mins(1);

/// Number of failures after which no more trials are run.
const MAX_FAILURES: usize = 20;

/// Outcomes of trials.
#[derive(Debug, Default)]
pub struct TrialStatistics {
    /// Number of files that were read.
    pub read: usize,
    /// Number of files that were refused.
    pub refused: usize,
    /// Trials that failed, and how.
    pub failures: Vec<(u64, String)>,
    /// The slowest trial, and its milliseconds.
    pub slowest: (u64, u64),
}

impl TrialStatistics {
    /// Number of trials.
    pub fn tries(&self) -> usize {
        self.read + self.refused + self.failures.len()
    }

    fn count(&mut self, trial: u64, line: &str) {
        match line {
            "read" => self.read += 1,
            "refused" => self.refused += 1,
            panic => self.failures.push((trial, panic.to_owned())),
        }
    }
}

/// Runs the trials of a format in child processes: this program with `--trials`.
///
/// # Errors
/// When it cannot be started, or refuses a whole sample.
pub fn supervise(format: Format, trials: &Trials, range: Range<u64>) -> Result<TrialStatistics> {
    let mut statistics = TrialStatistics::default();
    let mut next = range.start;
    while next < range.end && statistics.failures.len() < MAX_FAILURES {
        next = supervise_child(format, trials, next..range.end, &mut statistics)?;
    }
    Ok(statistics)
}

/// Counts the outcomes that one child prints until it ends, and returns the next trial.
fn supervise_child(
    format: Format,
    trials: &Trials,
    range: Range<u64>,
    statistics: &mut TrialStatistics,
) -> Result<u64> {
    let stderr = tempfile::NamedTempFile::new().context("a temporary file")?;
    let mut child = start(format, trials, &range, stderr.reopen()?)?;
    let lines = lines(&mut child);
    let mut next = range.start;
    let end = loop {
        match lines.recv_timeout(TRIAL_TIMEOUT) {
            Ok(line) if next < range.end => {
                statistics.count(next, &line);
                next += 1;
            }
            Ok(line) => {
                let numbers = line.split_once(' ');
                let slowest = numbers.and_then(|(trial, ms)| Some((trial.parse().ok()?, ms.parse().ok()?)));
                let slowest: (u64, u64) = slowest.with_context(|| {
                    format!("{}: expected the slowest trial and its milliseconds, found {line}", format.name)
                })?;
                statistics.slowest =
                    if slowest.1 >= statistics.slowest.1 { slowest } else { statistics.slowest };
            }
            Err(RecvTimeoutError::Timeout) => {
                child.kill()?;
                break format!("no end after {} s", TRIAL_TIMEOUT.as_secs());
            }
            Err(RecvTimeoutError::Disconnected) => break "ended".to_owned(),
        }
    };
    let status = child.wait()?;
    if status.success() && next == range.end {
        return Ok(next);
    }
    let message = std::fs::read_to_string(stderr.path())?;
    anyhow::ensure!(next > range.start || status.code().is_none(), "{}: {}", format.name, message.trim());
    let first = message.lines().find(|line| !line.is_empty()).unwrap_or("nothing on stderr");
    statistics.failures.push((next, format!("{end}, {status}: {first}")));
    Ok(next + 1)
}

fn start(format: Format, trials: &Trials, range: &Range<u64>, stderr: File) -> Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    let [from, tries] = [range.start, range.end - range.start].map(|number| number.to_string());
    command.args(["--trials", format.id, "--from", &from, "--tries", &tries]);
    if matches!(trials, Trials::Corpus(_)) {
        command.arg("--corpus");
    }
    // One thread, so that memory depends on the file alone.
    command.env("RAYON_NUM_THREADS", "1");
    command.stdout(Stdio::piped()).stderr(stderr).spawn().context("this program cannot be started again")
}

/// The lines that a child prints.
fn lines(child: &mut Child) -> Receiver<String> {
    let output = BufReader::new(child.stdout.take().expect("it is piped"));
    let (sender, receiver) = channel();
    spawn(move || {
        for line in output.lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}
