//! Counts the lines of the numeric crates that no test runs.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use stress::{lines, write};

/// Crates that compute.
const NUMERIC: [&str; 8] =
    ["tensor", "lbfgsb", "core-net", "adversarial", "correspondence", "deconv", "occlusion", "unit-analysis"];

/// What each of them must reach, in percent.
const LEAST: f64 = 90.0;

/// Count the lines of the numeric crates that tests run
#[derive(Parser)]
struct Arguments {
    /// What `cargo llvm-cov --lcov` found
    #[arg(value_name = "REPORT")]
    report: PathBuf,
    /// The counts
    #[arg(short, long, value_name = "FILE", default_value = "checks/stress/results/coverage.csv")]
    output: PathBuf,
}

fn main() -> Result<()> {
    let Arguments { report, output } = Arguments::parse();
    let text = std::fs::read_to_string(&report).with_context(|| report.display().to_string())?;
    let mut counts = Vec::new();
    let mut low = Vec::new();
    for name in NUMERIC {
        let lines = lines(&text, &PathBuf::from("crates").join(name))?;
        println!("{name}: {:.1} % of {} lines", lines.percent(), lines.all);
        counts.push(lines.count(name));
        low.extend((lines.percent() < LEAST).then_some(name));
    }
    write(&output, &counts)?;
    ensure!(
        low.is_empty(),
        "expected at least {LEAST} % of the lines of every crate, found less in {}",
        low.join(", ")
    );
    Ok(())
}
