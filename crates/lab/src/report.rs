//! The page that holds both reproductions: every table beside the paper's, every figure, and what they were made from.

mod artefact;
mod evidence;
mod overview;
mod page;
mod preview;
mod summary;
mod table;
mod words;

use crate::program;
use crate::table_formats;
use anyhow::{Context, Result, ensure};
use clap::Parser;
use evidence::Evidence;
pub(crate) use overview::overview;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

/// Bytes that the page may have.
const MOST: usize = 15_000_000;

/// A paper, and what of it is reproduced.
#[derive(Clone, Copy, Debug)]
pub struct Paper {
    /// Its folder in the results.
    pub name: &'static str,
    /// Authors, year and title.
    pub citation: &'static str,
    /// Where it can be read.
    pub url: &'static str,
    /// What is to be known before its verdicts are read.
    pub caveat: &'static str,
    /// The figure at the top of the page.
    pub teaser: Teaser,
    /// In the order in which they are to be looked at.
    pub artefacts: &'static [Artefact],
}

impl Paper {
    /// Authors and year.
    fn authors(&self) -> &'static str {
        self.citation.split(',').next().unwrap_or(self.citation)
    }
}

/// A table or figure.
#[derive(Clone, Copy, Debug)]
pub struct Artefact {
    /// Its folder in that of the paper; a run's command ends in it.
    pub name: &'static str,
    /// As the paper calls it.
    pub title: &'static str,
    /// What it shows, in a sentence without its full stop.
    pub shows: &'static str,
    /// The pictures to be looked at.
    pub figures: &'static [Figure],
}

/// The teaser figure of a paper: parts of a picture.
#[derive(Clone, Copy, Debug)]
pub struct Teaser {
    /// The artefact's folder.
    pub artefact: &'static str,
    /// The picture among its results.
    pub figure: Figure,
    /// Left, top, width and height of each part in its pixels, in rows of equal size.
    pub parts: &'static [&'static [[u32; 4]]],
}

/// A picture among the results.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// Its file, or that of a plot without its ending.
    pub file: &'static str,
    /// What is to be seen, for those who cannot see it.
    pub alt: &'static str,
}

/// Put all results into one page: results/index.html
#[derive(Debug, Parser)]
#[command(
    bin_name = "cargo run -p experiments --bin report --",
    disable_version_flag = true,
    after_help = "Examples:\n  cargo run -p experiments --bin report              write results/index.html\n  cargo run -p experiments --bin report -- --check   is it as the results say?"
)]
struct Arguments {
    /// Change nothing; fail where the page is not as the results say
    #[arg(long)]
    check: bool,
    /// A folder with a folder of results for each artefact
    #[arg(long, value_name = "DIR", default_value = "results")]
    results: PathBuf,
}

/// Writes `index.html` into the folder of results, or with `--check` says that it is out of date.
///
/// The exit code is 0 when all is well, 2 for wrong arguments and 1 for anything else, with one line on stderr.
pub fn report(papers: &[Paper]) -> ExitCode {
    let arguments = Arguments::parse();
    program::report(durable::on_interrupt().and_then(|()| write(&arguments, papers)))
}

/// # Errors
/// When results cannot be read, are not as their manifests say, or were made of generated data; when the page cannot be written, or with `check` differs.
fn write(arguments: &Arguments, papers: &[Paper]) -> Result<()> {
    let path = arguments.results.join("index.html");
    let place = path.display();
    let found = papers.iter().map(|paper| evidence::read_paper(&arguments.results, paper));
    let found: Vec<Vec<Evidence>> = found.collect::<Result<_>>()?;
    let page = page::page(&arguments.results, &found.iter().zip(papers).collect::<Vec<_>>())?;
    ensure!(page.len() < MOST, "{place}: expected a page below {MOST} bytes, found {}", page.len());
    if fs::read_to_string(&path).is_ok_and(|old| old == page) {
        table_formats::say(&format!("{place}: is as the results say"));
        return Ok(());
    }
    ensure!(
        !arguments.check,
        "{place}: expected what the results say, found another page; `just report` renews it"
    );
    durable::write(&path, page.as_bytes()).context("the report cannot be written")?;
    table_formats::say(&format!("{place}: {:.1} MB", page.len() as f64 / 1e6));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::sha256;
    use crate::one_line;
    use std::path::Path;

    const FIGURE: Figure = Figure { file: "a.png", alt: "nothing but <white>" };
    const PAPER: Paper = Paper {
        name: "szegedy",
        citation: "Szegedy et al. 2013, Intriguing properties",
        url: "https://arxiv.org/abs/1312.6199",
        caveat: "Other data.",
        teaser: Teaser { artefact: "table2", figure: FIGURE, parts: &[&[[0, 0, 4, 4], [4, 4, 4, 4]]] },
        artefacts: &[
            Artefact { name: "table2", title: "Table 2", shows: "What one misreads", figures: &[FIGURE] },
            Artefact { name: "table3", title: "Table 3", shows: "Two halves", figures: &[] },
        ],
    };
    const TABLE: &str = "\
row,column,value,low,high,n,paper,verdict,note
FC10(1e-4),FC10(1e-2),11.3281,8.00407,15.7956,256,11.7,agrees,
FC10(1e-4),FC10(1),,,,,22.7,not run,no time
FC10(1e-4),more,2,,,7,,,\"as it is, <so>\"
";

    /// A folder of results as a run leaves it, with this table.
    fn results(table: &str, generated: bool) -> tempfile::TempDir {
        let results = tempfile::tempdir().unwrap();
        let folder = results.path().join("szegedy/table2");
        fs::create_dir_all(&folder).unwrap();
        let picture = figures::png(&image::RgbImage::from_pixel(9, 8, image::Rgb([255; 3]))).unwrap();
        let files = [("table.csv", table.as_bytes()), ("a.png", &picture)];
        let digests = files.map(|(name, bytes)| format!("\"{name}\": \"{}\"", sha256(bytes)));
        files.iter().for_each(|(name, bytes)| fs::write(folder.join(name), bytes).unwrap());
        let manifest = format!(
            r#"{{"size": "default", "seeds": [1], "arguments": ["--seed", "1"], "commit": {{"id": "0123456789abcdef", "changed": false}},
            "data": {{"name": "MNIST", "generated": {generated}}}, "machine": {{"processor": "a", "cores": 2}},
            "started": "2026-01-02T03:04:05Z", "seconds": 130.0, "files": {{{}}}}}"#,
            digests.join(", ")
        );
        fs::write(folder.join("manifest.json"), manifest).unwrap();
        results
    }

    fn written(results: &Path, check: bool) -> Result<String> {
        write(&Arguments { check, results: results.to_owned() }, &[PAPER])?;
        Ok(fs::read_to_string(results.join("index.html")).unwrap())
    }

    #[test]
    fn a_cell_stands_beside_the_papers_with_interval_n_data_and_the_way_to_run_it_again() {
        let page = written(results(TABLE, false).path(), false).unwrap();
        for part in [
            "11.3 %</span> <span class=\"interval\">[8.0, 15.8]</span> <span class=\"n\">n = 256</span> <span class=\"paper\">paper 11.7 %</span> <span class=\"verdict\">agrees</span>",
            "<b>1 of 1</b>",
            "no time: <a href=\"#szegedy-table2\">Table 2</a> (1 cell)",
            "cargo reproduce szegedy/table2 --seed 1",
            "<dd>MNIST</dd>",
            "2 min on 2 cores",
            "<code>0123456789</code>",
            "href=\"szegedy/table2/manifest.json\"",
            "alt=\"nothing but &lt;white&gt;\"",
            "as it is, &lt;so&gt;",
            "No results yet.",
        ] {
            assert!(page.contains(part), "{part}");
        }
    }

    #[test]
    fn the_page_asks_for_no_other_file() {
        let page = written(results(TABLE, false).path(), false).unwrap();
        assert!(page.matches("src=\"data:").count() >= 2);
        assert_eq!(page.matches("src=").count(), page.matches("src=\"data:").count());
        assert!(!page.contains("<link") && !page.contains("<script") && !page.contains("url("));
    }

    #[test]
    fn a_check_fails_until_the_page_is_written_and_then_holds() {
        let results = results(TABLE, false);
        let error = one_line(&written(results.path(), true).unwrap_err());
        assert!(error.ends_with("found another page; `just report` renews it"), "{error}");
        written(results.path(), false).unwrap();
        written(results.path(), true).unwrap();
    }

    #[test]
    fn what_is_not_to_be_trusted_is_refused() {
        let changed = results(TABLE, false);
        fs::write(changed.path().join("szegedy/table2/table.csv"), TABLE.replace("11.3", "11.7")).unwrap();
        let cases = [
            (changed, "table.csv: expected the SHA-256"),
            (results(TABLE, true), "expected real data, found generated data"),
            (
                results(&TABLE.replace("256,11.7", ",11.7"), false),
                "expected n beside every value, found none at FC10(1e-4), FC10(1e-2)",
            ),
        ];
        for (results, expected) in cases {
            let error = one_line(&written(results.path(), false).unwrap_err());
            assert!(error.contains(expected), "{error}");
            assert!(!results.path().join("index.html").exists());
        }
    }
}
