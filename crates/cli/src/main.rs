//! The program `glassbox`.

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
