//! What the program does from its first to its last moment.

use crate::arguments::{Arguments, Command};
use crate::failure::report;
use crate::job::carry_out;
use anyhow::{Context, Result};
use clap::Parser;
use std::num::NonZeroUsize;
use std::process::ExitCode;

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
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.get());
    pool.build_global().context("cannot start the threads")
}
