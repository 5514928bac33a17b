//! The counts of all checks as a table in CONTRIBUTING.md.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::count::{Count, read};

const BEGIN: &str = "<!-- begin checks/stress/results -->\n";
const END: &str = "<!-- end checks/stress/results -->";

/// A check: its file, and the words for its lines.
struct Check {
    file: &'static str,
    command: &'static str,
    tries: &'static str,
    failures: &'static str,
    /// What its subjects are called where one line stands for all of them.
    together: Option<&'static str>,
}

/// In the order of the table.
const CHECKS: [Check; 5] = [
    Check {
        file: "kills",
        command: "just stress-kills",
        tries: "kills",
        failures: "other bytes afterwards",
        together: None,
    },
    Check {
        file: "mutations",
        command: "just stress-mutations",
        tries: "damaged files",
        failures: "panics",
        together: None,
    },
    Check {
        file: "digests",
        command: "just stress-digests",
        tries: "runs",
        failures: "other bytes",
        together: Some("experiments"),
    },
    Check {
        file: "mutants",
        command: "just stress-mutants",
        tries: "mutants",
        failures: "not caught",
        together: None,
    },
    Check {
        file: "coverage",
        command: "just stress-coverage",
        tries: "lines",
        failures: "never run",
        together: None,
    },
];

/// `page` with the table of the counts in `results` between its marks.
///
/// # Errors
/// When the marks or a check's file are missing.
pub fn renewed(page: &str, results: &Path) -> Result<String> {
    let parts = page.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) = parts.with_context(|| format!("expected the marks {BEGIN}{END}, found none"))?;
    Ok(format!("{before}{BEGIN}{}{END}{after}", table(results)?))
}

/// Whether the table on `page` is that of the counts in `results`.
///
/// # Errors
/// As [`renewed`]; and when it is not.
pub fn is_renewed(page: &str, results: &Path) -> Result<()> {
    ensure!(page == renewed(page, results)?, "expected the table of {}, found another", results.display());
    Ok(())
}

fn table(results: &Path) -> Result<String> {
    let mut table = "| command | of what | tries | went wrong | how |\n|---|---|---|---|---|\n".to_owned();
    for check in CHECKS {
        let path = results.join(check.file).with_extension("csv");
        let counts = read(&path)?;
        let counts = check.together.map_or(counts.clone(), |subjects| together(subjects, &counts));
        counts.iter().for_each(|count| table += &row(&check, count));
    }
    Ok(table)
}

/// One count for all with the same note.
fn together(subjects: &str, counts: &[Count]) -> Vec<Count> {
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
    let Check { command, tries: tried, failures: failed, .. } = check;
    format!("| `{command}` | {subject} | {tries} {tried} | {failures} {failed} | {note} |\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::write;

    fn results() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for check in CHECKS {
            let count = Count { subject: "tensor".into(), tries: 9, failures: 2, note: "by hand".into() };
            write(&folder.path().join(check.file).with_extension("csv"), &[count]).expect("written");
        }
        folder
    }

    #[test]
    fn the_table_between_the_marks_is_renewed_and_the_rest_stays() {
        let results = results();
        let page = format!("Before.\n{BEGIN}old\n{END}\nAfter.\n");
        assert!(is_renewed(&page, results.path()).is_err());
        let new = renewed(&page, results.path()).expect("marks and files");
        assert!(new.starts_with("Before.\n") && new.ends_with("\nAfter.\n") && !new.contains("old"));
        let row = "| `just stress-mutants` | tensor | 9 mutants | 2 not caught | by hand |\n";
        assert_eq!(new.matches(row).count(), 1, "{new}");
        is_renewed(&new, results.path()).expect("it was renewed");
    }

    #[test]
    fn experiments_stand_in_one_line() {
        let count = |subject: &str, failures, note: &str| Count {
            subject: subject.into(),
            tries: 7,
            failures,
            note: note.into(),
        };
        let counts = [count("a", 0, "x"), count("b", 2, "x"), count("c", 1, "y")];
        let found = together("experiments", &counts);
        let sum = Count { subject: "2 experiments".into(), tries: 14, failures: 2, note: "x".into() };
        assert_eq!(found, [sum, count("1 experiments", 1, "y")]);
    }

    #[test]
    fn missing_marks_and_files_are_errors() {
        let error = renewed("no marks", results().path()).expect_err("none").to_string();
        assert!(error.starts_with("expected the marks"), "{error}");
        let empty = tempfile::tempdir().expect("a folder");
        let error = renewed(&format!("{BEGIN}{END}"), empty.path()).expect_err("none").to_string();
        assert!(error.contains("kills.csv: expected the columns"), "{error}");
    }
}
