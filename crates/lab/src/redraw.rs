//! Plots drawn again from their files.

use crate::digest::{files_below, sha256};
use crate::program::report;
use crate::table_formats;
use anyhow::{Context, Result, ensure};
use clap::Parser;
use durable::{StagedFile, publish};
use figures::{ENDING, Plot};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Draw every plot of the results again from its numbers, without computing them anew
#[derive(Debug, Parser)]
#[command(
    bin_name = "cargo run -p experiments --bin plots --",
    disable_version_flag = true,
    after_help = "Examples:\n  cargo run -p experiments --bin plots              draw all plots of results/ again\n  cargo run -p experiments --bin plots -- --check   are they as their numbers say?"
)]
struct Arguments {
    /// Change nothing; fail where a plot is not as its numbers say
    #[arg(long)]
    check: bool,
    /// A folder with a folder of results for each artefact
    #[arg(long, value_name = "DIR", default_value = "results")]
    results: PathBuf,
}

/// Draws the plots of all results again from `NAME.plot.json`, or with `--check` says which one differs.
///
/// The exit code is 0 when all is well, 2 for wrong arguments and 1 for anything else, with one line on stderr.
pub fn redraw() -> ExitCode {
    let arguments = Arguments::parse();
    report(durable::on_interrupt().and_then(|()| redraw_all(&arguments.results, arguments.check)))
}

/// # Errors
/// When there is no plot, one cannot be read, drawn or written; with `check`, when one differs.
fn redraw_all(results: &Path, check: bool) -> Result<()> {
    let mut plots = files_below(results)?;
    plots.retain(|path| path.to_string_lossy().ends_with(ENDING));
    ensure!(!plots.is_empty(), "{}: expected plots (*{ENDING}), found none", results.display());
    let mut changed = 0;
    for path in &plots {
        changed += redraw_one(path, check)?;
    }
    table_formats::say(&format!("{}: {} plots, {changed} files drawn anew", results.display(), plots.len()));
    Ok(())
}

/// How many of its files changed.
fn redraw_one(path: &Path, check: bool) -> Result<usize> {
    let place = path.display();
    let json = fs::read(path).with_context(|| format!("{place}: cannot be read"))?;
    let plot: Plot = serde_json::from_slice(&json)
        .with_context(|| format!("{place}: expected a plot, found another file"))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let files = plot.files(name.trim_end_matches(ENDING)).with_context(|| place.to_string())?;
    let mut changed = BTreeMap::new();
    for (name, bytes) in &files {
        let path = path.with_file_name(name);
        let old = fs::read(&path).unwrap_or_default();
        if old != *bytes {
            ensure!(
                !check,
                "{}: expected what its numbers say, found another picture; `just plots` draws it again",
                path.display()
            );
            changed.insert(name.as_str(), [sha256(&old), sha256(bytes)]);
        }
    }
    let manifest = renewed_manifest(&path.with_file_name("manifest.json"), &changed)?;
    let drawn = files.iter().filter(|(name, _)| changed.contains_key(name.as_str()));
    let staged = drawn
        .chain(&manifest)
        .map(|(name, bytes)| StagedFile::with_contents(&path.with_file_name(name), bytes));
    publish(&staged.collect::<Result<Vec<_>, _>>()?)?;
    Ok(changed.len())
}

/// The manifest with the digests of what changed, where there is one and anything did.
fn renewed_manifest(path: &Path, changed: &BTreeMap<&str, [String; 2]>) -> Result<Option<(String, Vec<u8>)>> {
    if changed.is_empty() || !path.exists() {
        return Ok(None);
    }
    let mut text = fs::read_to_string(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    for (name, [old, new]) in changed {
        text = text.replace(&format!("\"{name}\": \"{old}\""), &format!("\"{name}\": \"{new}\""));
    }
    Ok(Some(("manifest.json".to_owned(), text.into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use figures::{Axis, Chart, Line, Scale};

    fn plot() -> Plot {
        let axis = || Axis { name: "an axis".into(), scale: Scale::Linear, range: None };
        let points = vec![[0.1, 0.3], [1.0, f64::NAN], [2.0, 1.0 / 3.0], [3.0, 0.5]];
        let interval = vec![[0.2, 0.4]; 4];
        let lines = vec![Line { entry: 0, points, interval }];
        let chart = Chart { title: "A title".into(), x: axis(), y: axis(), lines, level: Some(0.05) };
        Plot { columns: 1, panel: [200, 300], legend: vec!["one".into()], charts: vec![chart] }
    }

    /// A folder of results as a run leaves it.
    fn results() -> (tempfile::TempDir, PathBuf) {
        let results = tempfile::tempdir().unwrap();
        let folder = results.path().join("paper/artefact");
        fs::create_dir_all(&folder).unwrap();
        let mut digests = vec![];
        for (name, bytes) in plot().files("a").unwrap() {
            digests.push(format!("\"{name}\": \"{}\"", sha256(&bytes)));
            fs::write(folder.join(name), bytes).unwrap();
        }
        fs::write(folder.join("manifest.json"), format!("{{{}}}", digests.join(", "))).unwrap();
        (results, folder)
    }

    #[test]
    fn a_plot_is_drawn_again_with_the_same_bytes() {
        let (results, folder) = results();
        let read =
            || ["a.plot.json", "a.svg", "a.png", "manifest.json"].map(|n| fs::read(folder.join(n)).unwrap());
        let before = read();
        redraw_all(results.path(), true).unwrap();
        fs::remove_file(folder.join("a.svg")).unwrap();
        redraw_all(results.path(), false).unwrap();
        assert!(before == read());
    }

    #[test]
    fn a_changed_number_is_told_and_drawn_and_the_manifest_follows() {
        let (results, folder) = results();
        let path = folder.join("a.plot.json");
        let changed = fs::read_to_string(&path).unwrap().replace("[0.1,0.3]", "[0.1,0.9]");
        fs::write(&path, changed).unwrap();
        let error = redraw_all(results.path(), true).unwrap_err().to_string();
        assert!(error.contains("a.svg: expected what its numbers say"), "{error}");
        redraw_all(results.path(), false).unwrap();
        redraw_all(results.path(), true).unwrap();
        let manifest = fs::read_to_string(folder.join("manifest.json")).unwrap();
        for name in ["a.svg", "a.png"] {
            assert!(manifest.contains(&sha256(&fs::read(folder.join(name)).unwrap())), "{name}");
        }
    }

    #[test]
    fn no_plots_and_files_that_are_none_are_refused() {
        let (results, folder) = results();
        fs::write(folder.join("a.plot.json"), "{}").unwrap();
        let error = crate::one_line(&redraw_all(results.path(), false).unwrap_err());
        assert!(error.contains("a.plot.json: expected a plot"), "{error}");
        fs::remove_file(folder.join("a.plot.json")).unwrap();
        let error = redraw_all(results.path(), false).unwrap_err().to_string();
        assert!(error.ends_with("expected plots (*.plot.json), found none"), "{error}");
    }
}
