//! The main function of every experiment.

use crate::Run;
use crate::arguments::Arguments;
use crate::one_line::one_line;
use anyhow::{Context, Result};
use std::process::ExitCode;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;

/// Runs `experiment` with the program's arguments and writes what it made to `results/<paper>/<artefact>`.
///
/// The exit code is 0 when all went well, 2 for wrong arguments, 130 on Ctrl-C and 1 for anything else, with one line on stderr.
pub fn main(
    paper: &'static str,
    artefact: &'static str,
    about: &'static str,
    experiment: fn(&Run) -> Result<()>,
) -> ExitCode {
    let arguments = match Arguments::parse(paper, artefact, about, std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nothing can be done about an output that takes no text.
            let _ = error.print();
            return ExitCode::from(error.exit_code() as u8);
        }
    };
    report(conduct(paper, artefact, arguments, experiment))
}

fn conduct(
    paper: &'static str,
    artefact: &'static str,
    arguments: Arguments,
    experiment: fn(&Run) -> Result<()>,
) -> Result<()> {
    log_to_stderr();
    durable::on_interrupt()?;
    if let Some(threads) = arguments.threads {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build_global().context("cannot start the threads")?;
    }
    let run = Run::new(paper, artefact, arguments)?;
    experiment(&run)?;
    run.finish()
}

/// Logs warnings, or the levels of `RUST_LOG`.
fn log_to_stderr() {
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::WARN.into()).from_env_lossy();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

/// The exit code of `result`, and its error on stderr in one line.
pub(crate) fn report(result: Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", one_line(&error));
            ExitCode::FAILURE
        }
    }
}
