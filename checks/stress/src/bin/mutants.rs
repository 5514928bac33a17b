//! Mutation testing: counts the small changes of a crate that its tests do not notice.

use anyhow::{Context, Result, ensure};
use clap::Parser;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use stress::{Mutants, Survivors, limit_memory, write};

/// Memory limit: a mutant may allocate without end, and a compiler needs this much.
const MEMORY: u64 = 8 << 30;

/// Have cargo-mutants change crates, and count the changes that their tests do not notice
#[derive(Parser)]
#[command(after_help = "Example:\n  cargo run -p stress --bin stress-mutants -- lbfgsb=4 tensor=16")]
struct Arguments {
    /// A crate; with =N, every N-th of its mutants
    #[arg(value_name = "CRATE[=N]", default_values = ["lbfgsb", "tensor"], value_parser = sample)]
    crates: Vec<(String, usize)>,
    /// Folder of the logs of cargo-mutants
    #[arg(long, value_name = "DIR", default_value = "target/mutants.out")]
    logs: PathBuf,
    /// File of the known survivors
    #[arg(long, value_name = "FILE", default_value = "checks/stress/survivors.csv")]
    survivors: PathBuf,
    /// File of the counts
    #[arg(short, long, value_name = "FILE", default_value = "checks/stress/results/mutants.csv")]
    output: PathBuf,
    /// Only count the outcomes of an earlier run
    #[arg(long)]
    count: bool,
}

fn sample(text: &str) -> Result<(String, usize), String> {
    let (name, every) = text.split_once('=').unwrap_or((text, "1"));
    let every = every.parse::<usize>().ok().filter(|every| *every > 0);
    Ok((name.to_owned(), every.ok_or_else(|| format!("expected CRATE or CRATE=N, found {text}"))?))
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let survivors = Survivors::read(&arguments.survivors)?;
    let (mut counts, mut unknown) = (Vec::new(), 0);
    for (name, every) in &arguments.crates {
        let logs = arguments.logs.join(name);
        if !arguments.count {
            try_mutants(name, *every, &logs)?;
        }
        let path = logs.join("mutants.out/outcomes.json");
        let outcomes = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let mutants = Mutants::from_outcomes(&outcomes).with_context(|| path.display().to_string())?;
        for name in mutants.unknown(&survivors) {
            println!("not looked at: {name}");
            unknown += 1;
        }
        counts.push(mutants.count(&subject(name, *every), &survivors));
    }
    write(&arguments.output, &counts)?;
    ensure!(
        unknown == 0,
        "expected all survivors in {}, found {unknown} others",
        arguments.survivors.display()
    );
    Ok(())
}

fn subject(name: &str, every: usize) -> String {
    if every == 1 { name.to_owned() } else { format!("{name}, one mutant in {every}") }
}

/// # Errors
/// When cargo-mutants is missing or fails itself.
fn try_mutants(name: &str, every: usize, logs: &Path) -> Result<()> {
    limit_memory(MEMORY);
    fs::create_dir_all(logs).with_context(|| logs.display().to_string())?;
    let mut command = Command::new("cargo");
    command.args(["mutants", "--package", name, "--sharding", "round-robin", "--shard"]);
    command.arg(format!("0/{every}")).arg("--output").arg(logs);
    let status = command.status().context("cargo cannot be started")?;
    // 2: some were missed; 3: some timed out.
    let has_run = matches!(status.code(), Some(0 | 2 | 3));
    ensure!(has_run, "cargo mutants ended with {status}; `cargo install cargo-mutants` brings it");
    Ok(())
}
