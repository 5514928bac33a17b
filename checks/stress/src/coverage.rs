//! Line coverage from a report of `cargo llvm-cov --lcov`.

use crate::Count;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;

/// Start of the unit tests of a file, which are not counted.
const TESTS: &str = "#[cfg(test)]";

/// Line coverage of code outside tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineCoverage {
    /// Number of executable lines.
    pub total: usize,
    /// Number of lines that no test runs.
    pub missed: usize,
}

impl LineCoverage {
    /// Covered lines in percent.
    pub fn percent(self) -> f64 {
        100.0 * (self.total - self.missed) as f64 / self.total.max(1) as f64
    }

    /// The row of the table.
    pub fn count(self, subject: &str) -> Count {
        let note =
            format!("{:.1} % of the lines run in tests; tests themselves are not counted", self.percent());
        Count { subject: subject.into(), tries: self.total, failures: self.missed, note }
    }
}

/// Line coverage of the crate in a folder.
///
/// # Errors
/// When the report cannot be parsed, a file of the crate cannot be read, or the report names none.
pub fn line_coverage(report: &str, folder: &Path) -> Result<LineCoverage> {
    let folder = folder.canonicalize().with_context(|| folder.display().to_string())?;
    let mut sum = LineCoverage::default();
    for record in report.split("end_of_record") {
        let Some(file) = record.lines().find_map(|line| line.strip_prefix("SF:")).map(Path::new) else {
            continue;
        };
        if file.starts_with(folder.join("src")) && file.file_name().is_some_and(|name| name != "tests.rs") {
            let of_file = lines_of_file(record, file)?;
            sum = LineCoverage { total: sum.total + of_file.total, missed: sum.missed + of_file.missed };
        }
    }
    ensure!(sum.total > 0, "expected lines of {}, found none", folder.display());
    Ok(sum)
}

fn lines_of_file(record: &str, file: &Path) -> Result<LineCoverage> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let code = text.lines().position(|line| line == TESTS).unwrap_or(usize::MAX);
    let mut lines = LineCoverage::default();
    for line in record.lines().filter_map(|line| line.strip_prefix("DA:")) {
        let mut numbers = line.split(',').map(str::parse::<usize>);
        let (Some(Ok(number)), Some(Ok(times))) = (numbers.next(), numbers.next()) else {
            anyhow::bail!("expected DA:line,times, found DA:{line}");
        };
        if number <= code {
            lines.total += 1;
            lines.missed += usize::from(times == 0);
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("src")).expect("made");
        fs::write(folder.path().join("src/lib.rs"), "a\nb\nc\n#[cfg(test)]\ntests\n").expect("written");
        fs::write(folder.path().join("src/tests.rs"), "tests\n").expect("written");
        folder
    }

    #[test]
    fn lines_of_the_crate_count_and_those_of_its_tests_and_of_other_crates_do_not() {
        let folder = folder();
        let src = folder.path().canonicalize().expect("a folder").join("src");
        let src = src.display();
        let report = format!(
            "SF:{src}/lib.rs\nFN:1,x\nDA:1,7\nDA:2,0\nDA:3,1\nDA:5,0\nend_of_record\nSF:{src}/tests.rs\nDA:1,0\nend_of_record\nSF:/other.rs\nDA:1,0\nend_of_record\n"
        );
        let lines = line_coverage(&report, folder.path()).expect("a report");
        assert_eq!(lines, LineCoverage { total: 3, missed: 1 });
        let Count { tries, failures, note, .. } = lines.count("x");
        assert_eq!((tries, failures), (3, 1));
        assert!(note.starts_with("66.7 % of the lines"), "{note}");
    }

    #[test]
    fn reports_of_other_crates_and_of_another_kind_are_errors() {
        let folder = folder();
        let error = |report: &str| line_coverage(report, folder.path()).unwrap_err().to_string();
        let other = error("SF:/other.rs\nDA:1,0\nend_of_record\n");
        assert!(other.starts_with("expected lines of"), "{other}");
        let file = folder.path().canonicalize().expect("a folder").join("src/lib.rs");
        let text = error(&format!("SF:{}\nDA:x\n", file.display()));
        assert_eq!(text, "expected DA:line,times, found DA:x");
    }
}
