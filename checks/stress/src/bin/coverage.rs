//! Counts the lines of the numeric crates that no test runs.

use anyhow::{Context, Result, ensure};
use clap::Parser;
use std::path::PathBuf;
use stress::{line_coverage, write};

/// The numeric crates.
const NUMERIC: [&str; 10] = [
    "tensor",
    "lbfgsb",
    "statistics",
    "core-net",
    "training",
    "adversarial",
    "correspondence",
    "deconv",
    "occlusion",
    "unit-analysis",
];

/// Minimum coverage of each, in percent.
const MINIMUM: f64 = 90.0;

/// Count the lines of the numeric crates that tests run
#[derive(Parser)]
struct Arguments {
    /// Report of `cargo llvm-cov --lcov`
    #[arg(value_name = "REPORT")]
    report: PathBuf,
    /// File of the counts
    #[arg(short, long, value_name = "FILE", default_value = "checks/stress/results/coverage.csv")]
    output: PathBuf,
}

fn main() -> Result<()> {
    let Arguments { report, output } = Arguments::parse();
    let text = std::fs::read_to_string(&report).with_context(|| report.display().to_string())?;
    let mut counts = Vec::new();
    let mut low = Vec::new();
    for name in NUMERIC {
        let lines = line_coverage(&text, &PathBuf::from("crates").join(name))?;
        println!("{name}: {:.1} % of {} lines", lines.percent(), lines.total);
        counts.push(lines.count(name));
        low.extend((lines.percent() < MINIMUM).then_some(name));
    }
    write(&output, &counts)?;
    ensure!(
        low.is_empty(),
        "expected at least {MINIMUM} % of the lines of every crate, found less in {}",
        low.join(", ")
    );
    Ok(())
}
