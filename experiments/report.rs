//! Puts all results into one page, or checks it.

use experiments::{szegedy, zeiler_fergus};
use std::process::ExitCode;

fn main() -> ExitCode {
    lab::report(&[zeiler_fergus::PAPER, szegedy::PAPER])
}
