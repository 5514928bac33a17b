//! Damaged files for every reader: each is read or refused, and nothing else happens.
//!
//! A failure is named with its seed; `--only FORMAT --from SEED --tries 1` repeats it, and `--save` puts its file into the corpus.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use stress::{Count, Format, PROVOKED, Tally, Trials, conduct, corpus, formats, supervise, write};

/// Have every reader read thousands of damaged files
#[derive(Parser)]
struct Arguments {
    /// Write no results; fail where a reader does or fewer than 10,000 files are tried
    #[arg(long)]
    check: bool,
    /// The format alone: idx, gzip, tar, safetensors, onnx, npy, png, jpeg, csv, voc-xml, toml or paper
    #[arg(long, value_name = "FORMAT")]
    only: Option<String>,
    /// The first seed
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    from: u64,
    /// How many files of each format
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    tries: u64,
    /// Put the files that fail into checks/fuzz/corpus
    #[arg(long)]
    save: bool,
    #[arg(value_name = "RESULTS", default_value = "checks/stress/results/mutations.csv")]
    results: PathBuf,
    /// As its own child: conduct the trials of a format
    #[arg(long, hide = true)]
    trials: Option<String>,
    /// As its own child: those of the corpus
    #[arg(long, hide = true)]
    corpus: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let Some(word) = &arguments.trials {
        let format = named(word)?;
        let trials = if arguments.corpus { Trials::of_corpus(format)? } else { Trials::of_seeds(format) };
        return conduct(format, &trials, arguments.from..arguments.from + arguments.tries, std::io::stdout());
    }
    let formats = match &arguments.only {
        Some(word) => vec![named(word)?],
        None => formats(),
    };
    let counts =
        formats.into_iter().map(|format| tried(format, &arguments)).collect::<Result<Vec<Count>>>()?;
    if !arguments.check && arguments.only.is_none() {
        write(&arguments.results, &counts)?;
    }
    let failures: usize = counts.iter().map(|count| count.failures).sum();
    ensure!(failures == 0, "expected every file to be read or refused, found {failures} that were neither");
    let few = counts.iter().find(|count| arguments.check && count.tries < 10_000);
    ensure!(few.is_none(), "expected at least 10,000 files of each format, found {few:?}");
    Ok(())
}

fn named(word: &str) -> Result<Format> {
    formats().into_iter().chain([PROVOKED]).find(|format| format.word == word).with_context(|| {
        let words: Vec<&str> = formats().iter().map(|format| format.word).collect();
        format!("expected {}, found {word}", words.join(", "))
    })
}

/// The trials of a format: first the hard cases that are kept, then as many as were asked for.
fn tried(format: Format, arguments: &Arguments) -> Result<Count> {
    let past = Trials::of_corpus(format)?;
    let relapses = supervise(format, &past, 0..past.samples() as u64)?;
    let trials = Trials::of_seeds(format);
    let tally = supervise(format, &trials, arguments.from..arguments.from + arguments.tries)?;
    say(format, &past, &relapses);
    say(format, &trials, &tally);
    if arguments.save {
        save(format, &trials, &tally)?;
    }
    let Tally { read, refused, .. } = tally;
    let many = tally.tries() >= 1000;
    ensure!(
        !many || (read > 0 && refused > 0),
        "{}: expected both, found {read} read, {refused} refused",
        format.name
    );
    let note = format!("damaged copies of {} whole files: {refused} refused, {read} read", trials.samples());
    let failures = tally.failures.len() + relapses.failures.len();
    Ok(Count { subject: format.name.into(), tries: tally.tries(), failures, note })
}

fn say(format: Format, trials: &Trials, tally: &Tally) {
    let Tally { read, refused, failures, slowest: (slowest, ms) } = tally;
    for (trial, how) in failures {
        println!("{}: {}: {how}", format.name, trials.name(*trial));
    }
    if matches!(trials, Trials::Seeds(..)) {
        let failed = failures.len();
        println!(
            "{}: {refused} refused, {read} read, {failed} failed; seed {slowest} took {ms} ms",
            format.name
        );
    }
}

fn save(format: Format, trials: &Trials, tally: &Tally) -> Result<()> {
    for (trial, _) in &tally.failures {
        let path = corpus(format).join(format!("seed-{trial}"));
        std::fs::write(&path, trials.file(*trial)).with_context(|| path.display().to_string())?;
    }
    Ok(())
}
