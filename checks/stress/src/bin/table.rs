//! Copies the counts into CONTRIBUTING.md, or checks them there.

use anyhow::{Context, Result};
use clap::Parser;
use std::path::PathBuf;
use stress::{check_page, updated_page};

/// Update the table of CONTRIBUTING.md from checks/stress/results/
#[derive(Parser)]
struct Arguments {
    /// Change nothing; fail where the table is out of date
    #[arg(long)]
    check: bool,
    #[arg(value_name = "PAGE", default_value = "CONTRIBUTING.md")]
    page: PathBuf,
    #[arg(value_name = "RESULTS", default_value = "checks/stress/results")]
    results: PathBuf,
}

fn main() -> Result<()> {
    let Arguments { check, page, results } = Arguments::parse();
    let name = || page.display().to_string();
    let old = std::fs::read_to_string(&page).with_context(name)?;
    if check {
        return check_page(&old, &results).with_context(name);
    }
    let new = updated_page(&old, &results).with_context(name)?;
    std::fs::write(&page, new).with_context(name)
}
