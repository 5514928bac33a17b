//! Tables in Markdown pages, made from the results they show.
//!
//! Between `<!-- begin results/szegedy/table1/table.csv -->` and `<!-- end results/szegedy/table1/table.csv -->` stands that file as a table,
//! between the same marks of `results/` what was run and how much of it agrees.

use crate::layout::Layout;
use crate::program::report;
use crate::records;
use crate::report::{Paper, overview};
use anyhow::{Context, Result, bail, ensure};
use clap::Parser;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Renew the tables of Markdown pages from results/*/*/table.csv
#[derive(Debug, Parser)]
#[command(
    bin_name = "cargo run -p experiments --bin readme --",
    disable_version_flag = true,
    after_help = "Examples:\n  cargo run -p experiments --bin readme              renew README.md and results/README.md\n  cargo run -p experiments --bin readme -- --check   are they as the results say?"
)]
struct Arguments {
    /// Change nothing; fail where a page is not as the results say
    #[arg(long)]
    check: bool,
    /// The pages; the results' paths are relative to their folders
    #[arg(value_name = "PAGE", default_values = ["README.md", "results/README.md"])]
    pages: Vec<PathBuf>,
}

/// Renews the tables of Markdown pages from the results, or with `--check` says which page is out of date.
///
/// The exit code is 0 when all is well, 2 for wrong arguments and 1 for anything else, with one line on stderr.
pub fn readme(papers: &[Paper]) -> ExitCode {
    let arguments = Arguments::parse();
    report(durable::on_interrupt().and_then(|()| {
        let mut pages = arguments.pages.iter();
        pages.try_for_each(|page| renew(page, papers, arguments.check))
    }))
}

/// # Errors
/// When the page or a table cannot be read or the page not written; with `check`, when it is out of date.
fn renew(page: &Path, papers: &[Paper], check: bool) -> Result<()> {
    let path = page.display();
    let old = fs::read_to_string(page).with_context(|| format!("{path}: cannot be read"))?;
    let folder = page.parent().unwrap_or(Path::new(""));
    let new = renewed(&old, folder, papers).with_context(|| path.to_string())?;
    if new == old {
        return Ok(());
    }
    ensure!(!check, "{path}: expected the tables of the results, found others; `just readme` renews them");
    Ok(durable::write(page, new.as_bytes())?)
}

/// `page` with the tables in `folder` between its marks.
fn renewed(page: &str, folder: &Path, papers: &[Paper]) -> Result<String> {
    let mut new = String::new();
    let mut rest = page;
    while let Some((before, file, after)) = mark(rest, "begin") {
        let Some((_, end, next)) = mark(after, "end") else {
            bail!("expected a mark <!-- end {file} -->, found none");
        };
        ensure!(end == file, "expected the mark <!-- end {file} -->, found <!-- end {end} -->");
        new += &rest[..before];
        let place = folder.join(file);
        let table = if file.ends_with('/') { overview(&place, papers)? } else { table(&place)? };
        new += &section(file, &table);
        rest = next;
    }
    Ok(new + rest)
}

/// Where the first mark of `kind` in `text` begins, the file it names, and what follows it.
fn mark<'a>(text: &'a str, kind: &str) -> Option<(usize, &'a str, &'a str)> {
    let open = format!("<!-- {kind} ");
    let start = text.find(&open)?;
    let (file, after) = text[start + open.len()..].split_once(" -->")?;
    Some((start, file, after))
}

fn section(file: &str, table: &str) -> String {
    format!("<!-- begin {file} -->\n{table}<!-- end {file} -->")
}

/// The table in the file at `path`: ours with its interval, the paper's in parentheses, and the verdict.
fn table(path: &Path) -> Result<String> {
    let mut layout = Layout::default();
    for record in records::read(path)? {
        layout.put(&record.row, &record.column, record.text());
    }
    Ok(layout.markdown())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table_formats::COLUMNS;

    const FILE: &str = "results/szegedy/table1/table.csv";

    /// A folder with a page whose table is out of date.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let lines = [
            &COLUMNS.join(","),
            "FC10(1),train error,21.5,21.1,21.9,60000,21.2,agrees,",
            "FC10(1),average minimum distortion,0.15,0.14,0.16,256,0.14,differs,above",
            "FC10(1),refined,0.148,,,,,,",
            "FC10(1e-2),train error,,,,,10,not run,no time",
        ];
        fs::write(file, lines.join("\n") + "\n").unwrap();
        let page = format!("Before.\n<!-- begin {FILE} -->\nold\n<!-- end {FILE} -->\nAfter.\n");
        fs::write(folder.path().join("README.md"), page).unwrap();
        folder
    }

    #[test]
    fn the_table_between_the_marks_is_renewed_and_the_rest_stays() {
        let folder = folder();
        let page = folder.path().join("README.md");
        renew(&page, &[], false).unwrap();
        let expected = format!(
            "Before.
<!-- begin {FILE} -->
|  | train error | average minimum distortion | refined |
|---|---|---|---|
| FC10(1) | 21.5 % [21.1, 21.9] (21.2 %) agrees | 0.150 [0.140, 0.160] (0.14) differs | 0.148 |
| FC10(1e-2) | (10 %) not run |  |  |
<!-- end {FILE} -->
After.
"
        );
        assert_eq!(fs::read_to_string(&page).unwrap(), expected);
        renew(&page, &[], true).unwrap();
    }

    #[test]
    fn a_check_fails_on_an_old_page_and_changes_nothing() {
        let folder = folder();
        let page = folder.path().join("README.md");
        let old = fs::read(&page).unwrap();
        let error = renew(&page, &[], true).unwrap_err().to_string();
        assert!(error.contains("expected the tables of the results, found others"), "{error}");
        assert_eq!(fs::read(&page).unwrap(), old);
    }

    #[test]
    fn marks_that_do_not_pair_and_files_that_are_missing_or_no_tables_are_errors() {
        let folder = folder();
        fs::write(folder.path().join("a.csv"), "row,value\n").unwrap();
        let other_columns = format!("a.csv: expected the columns {}, found row,value", COLUMNS.join(","));
        let begin = format!("<!-- begin {FILE} -->");
        let cases = [
            (begin.clone(), "expected a mark <!-- end results/szegedy/table1/table.csv -->, found none"),
            (format!("{begin}<!-- end b -->"), "found <!-- end b -->"),
            ("<!-- begin no.csv --><!-- end no.csv -->".to_owned(), "no.csv: cannot be read"),
            ("<!-- begin a.csv --><!-- end a.csv -->".to_owned(), &other_columns),
        ];
        for (page, expected) in cases {
            let error = renewed(&page, folder.path(), &[]).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
