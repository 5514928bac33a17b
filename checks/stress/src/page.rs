//! The counts of all checks as a table in CONTRIBUTING.md.

use crate::count::{Count, read};
use anyhow::{Context, Result, ensure};
use std::path::Path;

const BEGIN: &str = "<!-- begin checks/stress/results -->\n";
const END: &str = "<!-- end checks/stress/results -->";

/// A check: the name of its file and recipe, and the words for its rows.
struct Check {
    name: &'static str,
    tries: &'static str,
    failures: &'static str,
    /// Name of the subjects where one row sums them up.
    merged_subjects: Option<&'static str>,
}

/// In the order of the table.
const CHECKS: [Check; 5] = [
    Check { name: "kills", tries: "kills", failures: "other bytes afterwards", merged_subjects: None },
    Check { name: "mutations", tries: "damaged files", failures: "panics", merged_subjects: None },
    Check { name: "digests", tries: "runs", failures: "other bytes", merged_subjects: Some("experiments") },
    Check { name: "mutants", tries: "mutants", failures: "not caught", merged_subjects: None },
    Check { name: "coverage", tries: "lines", failures: "never run", merged_subjects: None },
];

/// Replaces the table between the marks of `page` by that of the counts in `results`.
///
/// # Errors
/// When the marks or a check's file are missing.
pub fn updated_page(page: &str, results: &Path) -> Result<String> {
    let parts = page.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) = parts.with_context(|| format!("expected the marks {BEGIN}{END}, found none"))?;
    Ok(format!("{before}{BEGIN}{}{END}{after}", table(results)?))
}

/// Checks that the table on `page` is that of the counts in `results`.
///
/// # Errors
/// As [`updated_page`], and when the table is another.
pub fn check_page(page: &str, results: &Path) -> Result<()> {
    ensure!(
        page == updated_page(page, results)?,
        "expected the table of {}, found another",
        results.display()
    );
    Ok(())
}

fn table(results: &Path) -> Result<String> {
    let mut table = "| command | of what | tries | went wrong | how |\n|---|---|---|---|---|\n".to_owned();
    for check in CHECKS {
        let path = results.join(check.name).with_extension("csv");
        let counts = read(&path)?;
        let counts = check.merged_subjects.map_or(counts.clone(), |subjects| merge(subjects, &counts));
        counts.iter().for_each(|count| table += &row(&check, count));
    }
    Ok(table)
}

/// Sums up the counts with the same note.
fn merge(subjects: &str, counts: &[Count]) -> Vec<Count> {
    let same = counts.chunk_by(|a, b| a.note == b.note);
    let sum = |counts: &[Count]| Count {
        subject: format!("{} {subjects}", counts.len()),
        tries: counts.iter().map(|count| count.tries).sum(),
        failures: counts.iter().map(|count| count.failures).sum(),
        note: counts[0].note.clone(),
    };
    same.map(sum).collect()
}

fn row(check: &Check, count: &Count) -> String {
    let Count { subject, tries, failures, note } = count;
    let Check { name, tries: tried, failures: failed, .. } = check;
    format!("| `just stress-{name}` | {subject} | {tries} {tried} | {failures} {failed} | {note} |\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::write;

    fn results() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for check in CHECKS {
            let count = Count { subject: "tensor".into(), tries: 9, failures: 2, note: "by hand".into() };
            write(&folder.path().join(check.name).with_extension("csv"), &[count]).expect("written");
        }
        folder
    }

    #[test]
    fn the_table_between_the_marks_is_renewed_and_the_rest_stays() {
        let results = results();
        let page = format!("Before.\n{BEGIN}old\n{END}\nAfter.\n");
        assert!(check_page(&page, results.path()).is_err());
        let new = updated_page(&page, results.path()).expect("marks and files");
        assert!(new.starts_with("Before.\n") && new.ends_with("\nAfter.\n") && !new.contains("old"));
        let row = "| `just stress-mutants` | tensor | 9 mutants | 2 not caught | by hand |\n";
        assert_eq!(new.matches(row).count(), 1, "{new}");
        check_page(&new, results.path()).expect("it was updated_page");
    }

    #[test]
    fn experiments_are_merged_into_one_row() {
        let count = |subject: &str, failures, note: &str| Count {
            subject: subject.into(),
            tries: 7,
            failures,
            note: note.into(),
        };
        let counts = [count("a", 0, "x"), count("b", 2, "x"), count("c", 1, "y")];
        let found = merge("experiments", &counts);
        let sum = Count { subject: "2 experiments".into(), tries: 14, failures: 2, note: "x".into() };
        assert_eq!(found, [sum, count("1 experiments", 1, "y")]);
    }

    #[test]
    fn missing_marks_and_files_are_errors() {
        let error = updated_page("no marks", results().path()).expect_err("none").to_string();
        assert!(error.starts_with("expected the marks"), "{error}");
        let empty = tempfile::tempdir().expect("a folder");
        let error = updated_page(&format!("{BEGIN}{END}"), empty.path()).expect_err("none").to_string();
        assert!(error.contains("kills.csv: expected the columns"), "{error}");
    }
}
