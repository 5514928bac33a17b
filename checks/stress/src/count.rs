//! How often something was tried, and how often it went wrong.

use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// One line of a check's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// What was put to the test: a command, a file format, a crate.
    pub subject: String,
    /// How often.
    pub tries: usize,
    /// How many of the tries ended otherwise than they must.
    pub failures: usize,
    /// What was done each time, and what else was found, in a few words.
    pub note: String,
}

/// The lines of a check's file.
///
/// # Errors
/// When it cannot be read or is of another kind.
pub fn read(path: &Path) -> Result<Vec<Count>> {
    let unreadable =
        || format!("{}: expected the columns subject,tries,failures,note, found", path.display());
    let mut reader = csv::Reader::from_path(path).with_context(unreadable)?;
    reader.deserialize().collect::<Result<_, _>>().with_context(unreadable)
}

/// Writes a check's file, whole or not at all.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, counts: &[Count]) -> Result<()> {
    let unwritable = || format!("{}: cannot be written", path.display());
    let temporary = path.with_extension("csv.part");
    let mut writer = csv::Writer::from_path(&temporary).with_context(unwritable)?;
    counts.iter().try_for_each(|count| writer.serialize(count)).with_context(unwritable)?;
    writer.flush().with_context(unwritable)?;
    std::fs::rename(&temporary, path).with_context(unwritable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_as_they_were_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("kills.csv");
        let count = |subject: &str| Count {
            subject: subject.into(),
            tries: 20,
            failures: 1,
            note: "a, \"b\"".into(),
        };
        write(&path, &[count("attack"), count("top")]).expect("written");
        assert_eq!(read(&path).expect("readable"), [count("attack"), count("top")]);
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
