//! Runs one experiment by its name: `cargo reproduce szegedy/table1 --smoke`.

use std::process::ExitCode;

fn main() -> ExitCode {
    lab::reproduce(include_str!("Cargo.toml"))
}
