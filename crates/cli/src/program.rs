//! What the program does from its first to its last moment.

use crate::arguments::{Arguments, Command};
use crate::failure::{WrongArguments, report};
use crate::job::carry_out;
use anyhow::{Context, Result, bail};
use clap::Parser;
use std::num::NonZeroUsize;
use std::process::ExitCode;

/// With more threads, each takes memory and none computes.
const THREADS_OF_A_CORE: usize = 4;

/// This many are always allowed.
const MOST_THREADS: usize = 16;

/// Does what the command line says; the exit code.
pub fn main() -> ExitCode {
    match Arguments::try_parse() {
        Ok(arguments) => report(conduct(arguments)),
        Err(error) => {
            // Nothing can be done about an output that takes no text.
            let _ = error.print();
            ExitCode::from(error.exit_code() as u8)
        }
    }
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
