//! Compares the bytes of experiments' results among numbers of threads, batch sizes and builds.

use anyhow::{Context, Result, ensure};
use clap::Parser;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use stress::{Count, OutputSnapshot, experiments, write};

const THREADS: [usize; 3] = [1, 2, 4];
const BATCHES: [usize; 2] = [1, 256];

/// Run every experiment at smoke size on 1, 2 and 4 threads, in batches of 1 and 256, and compare the results
#[derive(Parser)]
#[command(
    after_help = "Example:\n  cargo build --workspace --bins && cargo build --release --workspace --bins\n  cargo run -p stress --bin stress-digests -- --also target/release"
)]
struct Arguments {
    /// Only these experiments, by the names of their programs
    #[arg(value_name = "NAME")]
    experiments: Vec<String>,
    /// Folder of another build of the programs, to be compared too
    #[arg(long, value_name = "DIR")]
    also: Vec<PathBuf>,
    /// File of the counts
    #[arg(short, long, value_name = "FILE", default_value = "checks/stress/results/digests.csv")]
    output: PathBuf,
}

fn main() -> ExitCode {
    match compare(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// # Errors
/// When a run fails, or leaves other bytes than the first of its experiment.
fn compare(arguments: &Arguments) -> Result<()> {
    let own = std::env::current_exe().context("this program's path")?;
    let own = own.parent().context("this program's folder")?;
    let names = if arguments.experiments.is_empty() { experiments() } else { arguments.experiments.clone() };
    let mut counts = Vec::new();
    for name in names {
        let own = THREADS.into_iter().flat_map(|threads| BATCHES.map(|batch| (own, threads, batch)));
        let also = arguments.also.iter().map(|folder| (&**folder, 2, 256));
        let (mut first, mut tries, mut failures) = (None, 0, 0);
        for (folder, threads, batch) in own.chain(also) {
            let output = output_of(&folder.join(&name), threads, batch)?;
            tries += 1;
            if let Err(differing) = output.compare(first.get_or_insert_with(|| output.clone())) {
                println!("{name}, {threads} threads, batches of {batch}, {}: {differing}", folder.display());
                failures += 1;
            }
        }
        println!("{name}: {tries} runs, {failures} left other bytes");
        counts.push(Count { subject: name, tries, failures, note: note(arguments.also.len()) });
    }
    write(&arguments.output, &counts)?;
    let differing: usize = counts.iter().map(|count| count.failures).sum();
    ensure!(differing == 0, "expected the same bytes from every run, found others from {differing}");
    Ok(())
}

fn note(also: usize) -> String {
    let built = if also == 0 { "" } else { ", and built with `--release`" };
    format!("smoke size, 1, 2 and 4 threads in batches of 1 and 256{built}")
}

/// Runs the program in a fresh folder.
fn output_of(program: &Path, threads: usize, batch: usize) -> Result<OutputSnapshot> {
    let folder = tempfile::tempdir().context("a temporary folder")?;
    let results = folder.path().join("results");
    let mut command = Command::new(program);
    command.args(["--smoke", "--threads", &threads.to_string(), "--batch", &batch.to_string()]);
    command.arg("--results").arg(&results).arg("--checkpoints").arg(folder.path().join("checkpoints"));
    let output = command.stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("{}: cannot be started", program.display()))?;
    let error = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{}: {}", program.display(), error.trim_end());
    Ok(OutputSnapshot::from_folder(&results)?.without_manifests())
}
