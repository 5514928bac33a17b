//! Damaged files for every reader: each must be read or refused.
//!
//! A failure is named with its seed; `--only FORMAT --from SEED --tries 1` repeats it, and `--save` adds its file to the corpus.

use anyhow::{Context, Result, ensure};
use clap::Parser;
use std::path::PathBuf;
use stress::{
    Count, Format, PROVOKED, TrialStatistics, Trials, corpus, formats, run_trials, supervise, write,
};

/// Have every reader read thousands of damaged files
#[derive(Parser)]
struct Arguments {
    /// Write no results; fail where a reader does or fewer than 10,000 files are tried
    #[arg(long)]
    check: bool,
    /// Only this format: idx, gzip, tar, safetensors, onnx, npy, png, jpeg, csv, voc-xml, toml or paper
    #[arg(long, value_name = "FORMAT")]
    only: Option<String>,
    /// The first seed
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    from: u64,
    /// Number of files of each format
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    tries: u64,
    /// Add the files that fail to checks/fuzz/corpus
    #[arg(long)]
    save: bool,
    #[arg(value_name = "RESULTS", default_value = "checks/stress/results/mutations.csv")]
    results: PathBuf,
    /// As a child process: run the trials of a format
    #[arg(long, hide = true)]
    trials: Option<String>,
    /// As a child process: run those of the corpus
    #[arg(long, hide = true)]
    corpus: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let Some(id) = &arguments.trials {
        let format = format_by_id(id)?;
        let trials = if arguments.corpus { Trials::from_corpus(format)? } else { Trials::from_seeds(format) };
        let range = arguments.from..arguments.from + arguments.tries;
        return run_trials(format, &trials, range, std::io::stdout());
    }
    let formats = match &arguments.only {
        Some(id) => vec![format_by_id(id)?],
        None => formats(),
    };
    let counts =
        formats.into_iter().map(|format| test_format(format, &arguments)).collect::<Result<Vec<Count>>>()?;
    if !arguments.check && arguments.only.is_none() {
        write(&arguments.results, &counts)?;
    }
    let failures: usize = counts.iter().map(|count| count.failures).sum();
    ensure!(failures == 0, "expected every file to be read or refused, found {failures} that were neither");
    let few = counts.iter().find(|count| arguments.check && count.tries < 10_000);
    ensure!(few.is_none(), "expected at least 10,000 files of each format, found {few:?}");
    Ok(())
}

fn format_by_id(id: &str) -> Result<Format> {
    formats().into_iter().chain([PROVOKED]).find(|format| format.id == id).with_context(|| {
        let ids: Vec<&str> = formats().iter().map(|format| format.id).collect();
        format!("expected {}, found {id}", ids.join(", "))
    })
}

/// Runs the trials of a format: first those of the corpus, then those by seed.
fn test_format(format: Format, arguments: &Arguments) -> Result<Count> {
    let corpus = Trials::from_corpus(format)?;
    let past = supervise(format, &corpus, 0..corpus.samples() as u64)?;
    let trials = Trials::from_seeds(format);
    let statistics = supervise(format, &trials, arguments.from..arguments.from + arguments.tries)?;
    report(format, &corpus, &past);
    report(format, &trials, &statistics);
    if arguments.save {
        save(format, &trials, &statistics)?;
    }
    let TrialStatistics { read, refused, .. } = statistics;
    let (many, name) = (statistics.tries() >= 1000, format.name);
    ensure!(
        !many || (read > 0 && refused > 0),
        "{name}: expected both, found {read} read, {refused} refused"
    );
    let note = format!("damaged copies of {} whole files: {refused} refused, {read} read", trials.samples());
    let failures = statistics.failures.len() + past.failures.len();
    Ok(Count { subject: format.name.into(), tries: statistics.tries(), failures, note })
}

fn report(format: Format, trials: &Trials, statistics: &TrialStatistics) {
    let TrialStatistics { read, refused, failures, slowest: (slowest, ms) } = statistics;
    for (trial, how) in failures {
        println!("{}: {}: {how}", format.name, trials.name(*trial));
    }
    if matches!(trials, Trials::Seeds(..)) {
        let (name, failed) = (format.name, failures.len());
        println!("{name}: {refused} refused, {read} read, {failed} failed; seed {slowest} took {ms} ms");
    }
}

fn save(format: Format, trials: &Trials, statistics: &TrialStatistics) -> Result<()> {
    for (trial, _) in &statistics.failures {
        let path = corpus(format).join(format!("seed-{trial}"));
        std::fs::write(&path, trials.file(*trial)).with_context(|| path.display().to_string())?;
    }
    Ok(())
}
