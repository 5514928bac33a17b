//! Renews the tables of README.md and results/README.md from the results, or checks them.

use experiments::{szegedy, zeiler_fergus};
use std::process::ExitCode;

fn main() -> ExitCode {
    lab::readme(&[zeiler_fergus::PAPER, szegedy::PAPER])
}
