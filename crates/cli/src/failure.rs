//! How a run that failed ends: one line and an exit code.

use anyhow::Result;
use lab::one_line;
use std::fmt;
use std::process::ExitCode;

/// The exit code of wrong arguments.
const WRONG_ARGUMENTS: u8 = 2;

/// Arguments that no model could make right: what is wrong with them.
#[derive(Debug)]
pub struct WrongArguments(pub String);

impl fmt::Display for WrongArguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WrongArguments {}

/// The exit code; what went wrong stands on stderr.
pub fn report(result: Result<()>) -> ExitCode {
    let Err(error) = result else { return ExitCode::SUCCESS };
    eprintln!("error: {}", one_line(&error));
    if error.is::<WrongArguments>() { ExitCode::from(WRONG_ARGUMENTS) } else { ExitCode::FAILURE }
}
