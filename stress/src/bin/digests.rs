//! Whether an experiment leaves the same bytes for any number of threads, any batch, and built with other optimizations.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, ensure};
use clap::Parser;
use stress::{Count, digest_of_results, experiments, write};

const THREADS: [usize; 3] = [1, 2, 4];
const BATCHES: [usize; 2] = [1, 256];

/// Run every experiment at smoke size on 1, 2 and 4 threads, in batches of 1 and 256, and compare what it leaves
#[derive(Parser)]
#[command(
    after_help = "Example:\n  cargo build --workspace --bins && cargo build --release --workspace --bins\n  cargo run -p stress --bin stress-digests -- --also target/release"
)]
struct Arguments {
    /// Only these experiments, by their programs' names
    #[arg(value_name = "NAME")]
    experiments: Vec<String>,
    /// The same programs, built otherwise: they run too
    #[arg(long, value_name = "DIR")]
    also: Vec<PathBuf>,
    /// The counts
    #[arg(short, long, value_name = "FILE", default_value = "stress/results/digests.csv")]
    output: PathBuf,
}

fn main() -> ExitCode {
    match compare(&Arguments::parse()) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(differing) => {
            eprintln!("error: expected the same bytes from every run, found others from {differing}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// How many runs left other bytes than the first of their experiment.
fn compare(arguments: &Arguments) -> Result<usize> {
    let own = std::env::current_exe().context("this program's place")?;
    let own = own.parent().context("this program's folder")?;
    let names = if arguments.experiments.is_empty() { experiments() } else { arguments.experiments.clone() };
    let mut counts = Vec::new();
    for name in names {
        let mut digests = Vec::new();
        for threads in THREADS {
            for batch in BATCHES {
                digests.push(digest(&own.join(&name), threads, batch)?);
            }
        }
        for folder in &arguments.also {
            digests.push(digest(&folder.join(&name), 2, 256)?);
        }
        let failures = digests.iter().filter(|digest| **digest != digests[0]).count();
        println!("{name}: {} runs, {failures} left other bytes", digests.len());
        let note = note(arguments.also.len());
        counts.push(Count { subject: name, tries: digests.len(), failures, note });
    }
    write(&arguments.output, &counts)?;
    Ok(counts.iter().map(|count| count.failures).sum())
}

fn note(also: usize) -> String {
    let built = if also == 0 { "" } else { ", and built with `--release`" };
    format!("smoke size, 1, 2 and 4 threads in batches of 1 and 256{built}")
}

/// What the program leaves in a fresh folder.
fn digest(program: &Path, threads: usize, batch: usize) -> Result<String> {
    let folder = tempfile::tempdir().context("a temporary folder")?;
    let results = folder.path().join("results");
    let mut command = Command::new(program);
    command.args(["--smoke", "--threads", &threads.to_string(), "--batch", &batch.to_string()]);
    command.arg("--results").arg(&results).arg("--checkpoints").arg(folder.path().join("checkpoints"));
    let output = command.stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("{}: cannot be started", program.display()))?;
    let error = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{}: {}", program.display(), error.trim_end());
    digest_of_results(&results)
}
