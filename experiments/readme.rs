//! Renews the tables of README.md from the results, or checks them.

use std::process::ExitCode;

fn main() -> ExitCode {
    lab::readme()
}
