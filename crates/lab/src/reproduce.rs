//! `cargo reproduce <paper>/<artefact>`: finds the experiment and runs its binary.

use crate::program::report;
use anyhow::{Context, Result};
use std::env;
use std::ffi::{OsStr, OsString};
use std::process::{Command, ExitCode};

/// Runs the experiment that the first argument names, with the other arguments, and ends with its exit code.
///
/// `manifest` is the text of the Cargo.toml whose `[[bin]]` entries with a path in a folder are the experiments.
/// Without a known name it lists them; the exit code is then 2.
pub fn reproduce(manifest: &str) -> ExitCode {
    let experiments = experiments(manifest);
    let mut arguments = env::args_os().skip(1);
    let first = arguments.next();
    let asked = |name: &str| first.as_deref() == Some(OsStr::new(name));
    if asked("--help") || asked("-h") {
        println!("{}", usage(&experiments));
        return ExitCode::SUCCESS;
    }
    if let Some((_, binary)) = experiments.iter().find(|(name, _)| asked(name)) {
        return run(binary, arguments).unwrap_or_else(|error| report(Err(error)));
    }
    if let Some(name) = &first {
        let name = name.display();
        eprintln!("error: expected an experiment, found {name}\n");
    }
    eprintln!("{}", usage(&experiments));
    ExitCode::from(2)
}

/// Builds and runs a binary of the package of experiments.
fn run(binary: &str, arguments: impl Iterator<Item = OsString>) -> Result<ExitCode> {
    // Ctrl-C reaches the experiment too, which says so and ends; we wait for it.
    ctrlc::set_handler(|| {}).context("cannot listen for Ctrl-C")?;
    let cargo = env::var_os("CARGO").unwrap_or("cargo".into());
    let mut command = Command::new(&cargo);
    // What cargo told this program of itself: build scripts that look at it would run again, and all that depends on them.
    for (name, _) in env::vars_os().filter(|(name, _)| is_of_a_package(name)) {
        command.env_remove(name);
    }
    let status = command
        .args(["launch", "-p", "experiments", "--bin", binary, "--"])
        .args(arguments)
        .status()
        .with_context(|| format!("{}: cannot be run", cargo.display()))?;
    // No code where a signal ended it.
    Ok(ExitCode::from(status.code().map_or(1, |code| code as u8)))
}

/// Whether cargo sets the variable to say which package a program belongs to.
fn is_of_a_package(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
}

fn usage(experiments: &[(&str, &str)]) -> String {
    let names = experiments.iter().map(|(name, _)| format!("\n  {name}"));
    format!(
        "Reproduce one table or figure of a paper.\n\nUsage: cargo reproduce <EXPERIMENT> [--smoke|--full] [--seed N] [--data DIR] [--limit N] …\n       cargo reproduce <EXPERIMENT> --help\n\nExperiments:{}",
        names.collect::<Vec<_>>().concat()
    )
}

/// The name on the command line, `szegedy/table1`, and the binary, `szegedy-table1`, of every experiment:
/// the `[[bin]]` entries whose path lies in a folder, as `<paper>/<artefact>.rs` does.
fn experiments(manifest: &str) -> Vec<(&str, &str)> {
    let entries = manifest.split("\n[").filter(|entry| entry.starts_with("[bin]]"));
    let experiment = |entry| {
        let name = value(entry, "path")?.strip_suffix(".rs")?;
        name.contains('/').then_some(())?;
        Some((name, value(entry, "name")?))
    };
    entries.filter_map(experiment).collect()
}

/// The text of `key = "text"`.
fn value<'a>(entry: &'a str, key: &str) -> Option<&'a str> {
    let mut lines = entry.lines().filter_map(|line| line.split_once('='));
    let (_, value) = lines.find(|(name, _)| name.trim() == key)?;
    Some(value.trim().trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = r#"[package]
name = "experiments"

[[bin]]
name = "reproduce"
path = "reproduce.rs"

[[bin]]
name = "szegedy-table1"
path = "szegedy/table1.rs"

[[bin]]
path = "zeiler_fergus/fig2.rs"
name = "zeiler-fergus-fig2"

[dependencies]
csv = "1"
"#;

    #[test]
    fn experiments_are_the_binaries_in_a_papers_folder() {
        let expected = [("szegedy/table1", "szegedy-table1"), ("zeiler_fergus/fig2", "zeiler-fergus-fig2")];
        assert_eq!(experiments(MANIFEST), expected);
    }

    #[test]
    fn the_usage_lists_every_experiment() {
        let usage = usage(&experiments(MANIFEST));
        assert!(usage.ends_with("\n  szegedy/table1\n  zeiler_fergus/fig2"), "{usage}");
    }
}
