//! Trials in processes that may die: their parent counts, and goes on behind the trial that killed one.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::spawn;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::formats::Format;
use crate::trials::Trials;

/// How long a trial may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// After so many failures nothing more is learned.
const MOST_FAILURES: usize = 20;

/// What became of the trials.
#[derive(Debug, Default)]
pub struct Tally {
    /// Files that were read.
    pub read: usize,
    /// Files that were refused.
    pub refused: usize,
    /// Trials that ended otherwise, and how.
    pub failures: Vec<(u64, String)>,
    /// The trial that took longest, and its milliseconds.
    pub slowest: (u64, u64),
}

impl Tally {
    /// How many trials there were.
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

/// Conducts the trials of a format in this program, started again with `--trials`.
///
/// # Errors
/// When it cannot be started, or refuses a whole sample.
pub fn supervise(format: Format, trials: &Trials, range: Range<u64>) -> Result<Tally> {
    let mut tally = Tally::default();
    let mut next = range.start;
    while next < range.end && tally.failures.len() < MOST_FAILURES {
        next = watch(format, trials, next..range.end, &mut tally)?;
    }
    Ok(tally)
}

/// Counts what one process says, until it is done or dead; then the trial after that.
fn watch(format: Format, trials: &Trials, range: Range<u64>, tally: &mut Tally) -> Result<u64> {
    let words = tempfile::NamedTempFile::new().context("a temporary file")?;
    let mut child = start(format, trials, &range, words.reopen()?)?;
    let lines = lines(&mut child);
    let mut next = range.start;
    let end = loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) if next < range.end => {
                tally.count(next, &line);
                next += 1;
            }
            Ok(line) => {
                let slowest = line
                    .split_once(' ')
                    .and_then(|(trial, ms)| Some((trial.parse().ok()?, ms.parse().ok()?)));
                let slowest: (u64, u64) =
                    slowest.with_context(|| format!("{}: unlike a last line: {line}", format.name))?;
                tally.slowest = if slowest.1 >= tally.slowest.1 { slowest } else { tally.slowest };
            }
            Err(RecvTimeoutError::Timeout) => {
                child.kill()?;
                break format!("no end after {} s", PATIENCE.as_secs());
            }
            Err(RecvTimeoutError::Disconnected) => break "ended".to_owned(),
        }
    };
    let status = child.wait()?;
    if status.success() && next == range.end {
        return Ok(next);
    }
    let words = std::fs::read_to_string(words.path())?;
    anyhow::ensure!(next > range.start || status.code().is_none(), "{}: {}", format.name, words.trim());
    tally.failures.push((
        next,
        format!("{end}, {status}: {}", words.lines().find(|line| !line.is_empty()).unwrap_or("no words")),
    ));
    Ok(next + 1)
}

fn start(format: Format, trials: &Trials, range: &Range<u64>, words: File) -> Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    let [from, tries] = [range.start, range.end - range.start].map(|number| number.to_string());
    command.args(["--trials", format.word, "--from", &from, "--tries", &tries]);
    if matches!(trials, Trials::Corpus(_)) {
        command.arg("--corpus");
    }
    // One thread: memory and order are those of the file alone.
    command.env("RAYON_NUM_THREADS", "1");
    command.stdout(Stdio::piped()).stderr(words).spawn().context("this program cannot be started again")
}

/// The lines that a child writes, as they come.
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
