//! Kills programs at random moments, runs them again, and compares what they leave with an undisturbed run.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use stress::kills::{JOBS, Job, Tally, make_inputs, tally};
use stress::write;
use tensor::seeded;

/// Fewer kills say nothing of where they fall.
const MANY: usize = 30;

/// Kill training, a table, attack, top and occlude at random moments and compare what they leave in the end
#[derive(Parser)]
struct Arguments {
    /// How many kills in all
    #[arg(long, value_name = "N", default_value_t = 100)]
    kills: usize,
    /// Only this job: training, table, attack, top or occlude
    #[arg(long, value_name = "JOB", value_parser = job)]
    only: Option<Job>,
    /// Of the moments
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Where kills.csv goes
    #[arg(long, value_name = "DIR", default_value = "checks/stress/results")]
    results: PathBuf,
}

fn main() -> ExitCode {
    match conduct(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", lab::one_line(&error));
            ExitCode::FAILURE
        }
    }
}

fn conduct(arguments: Arguments) -> Result<()> {
    let Arguments { kills, only, seed, results } = arguments;
    let inputs = tempfile::tempdir()?;
    make_inputs(inputs.path()).context("the jobs' inputs")?;
    let jobs = only.map_or(JOBS.to_vec(), |job| vec![job]);
    let mut tallies = Vec::new();
    for (index, job) in jobs.iter().enumerate() {
        // As evenly as it goes.
        let kills = kills / jobs.len() + usize::from(index < kills % jobs.len());
        let tally = tally(job, inputs.path(), kills, &mut seeded(seed, job.name))?;
        println!("{}: {}", job.name, said(&tally));
        tallies.push(tally);
    }
    std::fs::create_dir_all(&results).with_context(|| results.display().to_string())?;
    let counts: Vec<_> = jobs.iter().zip(&tallies).map(|(job, tally)| tally.count(job)).collect();
    write(&results.join("kills.csv"), &counts)?;
    check(&tallies)
}

fn job(name: &str) -> Result<Job, String> {
    let names = JOBS.map(|job| job.name).join(", ");
    JOBS.into_iter().find(|job| job.name == name).ok_or_else(|| format!("expected one of {names}"))
}

fn said(Tally { before, amid, end, failures }: &Tally) -> String {
    let found = failures.iter().fold(String::new(), |found, failure| found + "\n  " + failure);
    let wrong = failures.len();
    format!(
        "killed {before} times before anything was kept, {amid} amid the work, {end} when all was there; {wrong} ends differ{found}"
    )
}

/// # Errors
/// When an end differs, or too few kills fell where they are hardest to recover from.
fn check(tallies: &[Tally]) -> Result<()> {
    let sum = |count: fn(&Tally) -> usize| tallies.iter().map(count).sum::<usize>();
    let (kills, amid) = (sum(Tally::kills), sum(|tally| tally.amid));
    let failures = sum(|tally| tally.failures.len());
    ensure!(failures == 0, "expected the results of an undisturbed run, found {failures} others");
    ensure!(
        kills < MANY || 3 * amid >= kills,
        "expected a third of {kills} kills amid the work, found {amid}"
    );
    Ok(())
}
