//! Kills programs at random moments, runs them again, and compares their output with that of an undisturbed run.

use anyhow::{Context, Result, ensure};
use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;
use stress::kills::{JOBS, Job, KillStatistics, kill_repeatedly, make_inputs};
use stress::write;
use tensor::seeded;

/// With fewer kills, their distribution over the run is not checked.
const MANY: usize = 30;

/// Kill training, a table, attack, top and occlude at random moments and compare their output with that of an undisturbed run
#[derive(Parser)]
struct Arguments {
    /// Number of kills, over all jobs
    #[arg(long, value_name = "N", default_value_t = 100)]
    kills: usize,
    /// Only this job: training, table, attack, top or occlude
    #[arg(long, value_name = "JOB", value_parser = job)]
    only: Option<Job>,
    /// Seed of the moments
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Folder of kills.csv
    #[arg(long, value_name = "DIR", default_value = "checks/stress/results")]
    results: PathBuf,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", lab::one_line(&error));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    let Arguments { kills, only, seed, results } = arguments;
    let inputs = tempfile::tempdir()?;
    make_inputs(inputs.path()).context("the jobs' inputs")?;
    let jobs = only.map_or(JOBS.to_vec(), |job| vec![job]);
    let (mut all, mut counts) = (Vec::new(), Vec::new());
    for (index, job) in jobs.iter().enumerate() {
        // As evenly as possible.
        let kills = kills / jobs.len() + usize::from(index < kills % jobs.len());
        let statistics = kill_repeatedly(job, inputs.path(), kills, &mut seeded(seed, job.name))?;
        println!("{}: {}", job.name, summary(&statistics));
        counts.push(statistics.count(job));
        all.push(statistics);
    }
    std::fs::create_dir_all(&results).with_context(|| results.display().to_string())?;
    write(&results.join("kills.csv"), &counts)?;
    check(&all)
}

fn job(name: &str) -> Result<Job, String> {
    let names = JOBS.map(|job| job.name).join(", ");
    JOBS.into_iter().find(|job| job.name == name).ok_or_else(|| format!("expected one of {names}"))
}

fn summary(KillStatistics { before, during, after, failures }: &KillStatistics) -> String {
    let found = failures.iter().fold(String::new(), |found, failure| found + "\n  " + failure);
    let wrong = failures.len();
    format!(
        "killed {before} times before anything was saved, {during} during the work, {after} when all was saved; {wrong} outputs differ{found}"
    )
}

/// # Errors
/// When an output differs, or too few kills fell where they are hardest to recover from.
fn check(statistics: &[KillStatistics]) -> Result<()> {
    let sum = |count: fn(&KillStatistics) -> usize| statistics.iter().map(count).sum::<usize>();
    let (kills, during) = (sum(KillStatistics::kills), sum(|statistics| statistics.during));
    let failures = sum(|statistics| statistics.failures.len());
    ensure!(failures == 0, "expected the output of an undisturbed run, found {failures} others");
    ensure!(
        kills < MANY || 3 * during >= kills,
        "expected a third of {kills} kills during the work, found {during}"
    );
    Ok(())
}
