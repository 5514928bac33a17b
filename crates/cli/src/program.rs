//! What the program does from its first to its last moment.

use crate::arguments::{Arguments, Command};
use crate::failure::{WrongArguments, report};
use crate::job::carry_out;
use crate::occlude::Scale;
use anyhow::{Context, Result, bail};
use clap::{Parser, ValueEnum};
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::process::ExitCode;

/// With more threads, each takes memory and none computes.
const THREADS_OF_A_CORE: usize = 4;

/// This many are always allowed.
const MOST_THREADS: usize = 16;

/// Does what the command line says; the exit code.
pub fn main() -> ExitCode {
    match Arguments::try_parse_from(with_score_scale(std::env::args_os())) {
        Ok(arguments) => report(conduct(arguments)),
        Err(error) => {
            // Nothing can be done about an output that takes no text.
            let _ = error.print();
            ExitCode::from(error.exit_code() as u8)
        }
    }
}

/// The command line, with `--score-scale` where `occlude` has a word behind `--scale`, which takes the numbers that bytes are multiplied by.
fn with_score_scale(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.collect();
    let is_word = |text: &str| Scale::from_str(text, true).is_ok();
    if !arguments.iter().any(|argument| argument == "occlude") {
        return arguments;
    }
    for index in 0..arguments.len() {
        let next = arguments.get(index + 1).and_then(|next| next.to_str());
        if arguments[index] == "--scale" && next.is_some_and(is_word) {
            arguments[index] = "--score-scale".into();
        }
        let word = arguments[index].to_str().and_then(|text| text.strip_prefix("--scale="));
        if let Some(word) = word.filter(|word| is_word(word)) {
            arguments[index] = format!("--score-scale={word}").into();
        }
    }
    arguments
}

fn conduct(arguments: Arguments) -> Result<()> {
    start_threads(arguments.threads)?;
    match arguments.command {
        Command::Card(card) => card.run(),
        Command::Inspect(inspect) => inspect.run(),
        Command::Run(run) => run.run(),
        Command::Project(project) => project.run(),
        Command::InParts(command) => carry_out(&*command.job()?),
        Command::Norms(norms) => norms.run(),
        Command::Report(report) => report.run(),
    }
}

/// Lets so many threads compute, or else one for each core.
///
/// # Errors
/// When they cannot be started.
pub fn start_threads(threads: Option<NonZeroUsize>) -> Result<()> {
    let Some(threads) = threads else { return Ok(()) };
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let most = MOST_THREADS.max(THREADS_OF_A_CORE * cores);
    if threads.get() > most {
        bail!(WrongArguments(format!(
            "--threads: expected at most {most} on {cores} cores, found {threads}"
        )));
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.get());
    pool.build_global().context("cannot start the threads")
}
