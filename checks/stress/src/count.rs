//! Counts of tries and failures.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// A row of a check's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// What was checked: a command, a file format, a crate.
    pub subject: String,
    /// Number of tries.
    pub tries: usize,
    /// Number of tries that failed.
    pub failures: usize,
    /// How it was checked, and what else was found.
    pub note: String,
}

/// Reads a check's file.
///
/// # Errors
/// When it cannot be read or has other columns.
pub fn read(path: &Path) -> Result<Vec<Count>> {
    let unreadable =
        || format!("{}: expected the columns subject,tries,failures,note, found", path.display());
    let mut reader = csv::Reader::from_path(path).with_context(unreadable)?;
    reader.deserialize().collect::<Result<_, _>>().with_context(unreadable)
}

/// Writes a check's file atomically.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, counts: &[Count]) -> Result<()> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    counts.iter().try_for_each(|count| writer.serialize(count))?;
    Ok(durable::write_unsynced(path, &writer.into_inner()?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_as_they_were_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("kills.csv");
        let counts = ["attack", "top"].map(|subject| Count {
            subject: subject.into(),
            tries: 20,
            failures: 1,
            note: "a, \"b\"".into(),
        });
        write(&path, &counts).expect("written");
        assert_eq!(read(&path).expect("readable"), counts);
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn a_file_of_another_kind_is_refused_by_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("kills.csv");
        std::fs::write(&path, "row,value\na,1\n").expect("written");
        let error = format!("{:#}", read(&path).expect_err("another kind"));
        assert!(error.contains("kills.csv: expected the columns subject,tries,failures,note"), "{error}");
    }
}
