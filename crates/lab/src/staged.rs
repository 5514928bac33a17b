//! Files that appear whole or not at all: written under a temporary name, then renamed.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result};

use crate::interrupt::{UNFINISHED_SUFFIX, unfinished};

/// A file under its temporary name, beside the place it is meant for; dropping it removes it.
#[derive(Debug)]
pub(crate) struct Staged {
    temporary: PathBuf,
    target: PathBuf,
}

impl Staged {
    /// `bytes`, on the disk, under a temporary name for `target`, whose folder is made where it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made or the file cannot be written.
    pub fn write(target: &Path, bytes: &[u8]) -> Result<Staged> {
        let folder = target.parent().unwrap_or(Path::new(""));
        if !folder.as_os_str().is_empty() {
            fs::create_dir_all(folder)
                .with_context(|| format!("{}: cannot make the folder", folder.display()))?;
        }
        let staged = Staged { temporary: temporary_name(target), target: target.to_owned() };
        unfinished().insert(staged.temporary.clone());
        File::create(&staged.temporary)
            .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
            .with_context(|| format!("{}: cannot be written", target.display()))?;
        Ok(staged)
    }
}

/// A name beside `target` that no other file of this or another process has.
fn temporary_name(target: &Path) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let (process, count) = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    target.with_file_name(format!(".{name}.{process}-{count}.{UNFINISHED_SUFFIX}"))
}

impl Drop for Staged {
    fn drop(&mut self) {
        // It may never have been written, or be published by now.
        let _ = fs::remove_file(&self.temporary);
        unfinished().remove(&self.temporary);
    }
}

/// Gives all files their names, in this order; Ctrl-C waits until all have them.
///
/// # Errors
///
/// When a file cannot be renamed.
pub(crate) fn publish(files: &[Staged]) -> Result<()> {
    let uninterrupted = unfinished();
    let result = files.iter().try_for_each(|file| {
        fs::rename(&file.temporary, &file.target)
            .with_context(|| format!("{}: cannot be written", file.target.display()))
    });
    drop(uninterrupted);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_has_its_name_only_when_it_is_published() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("new/table.csv");
        let staged = Staged::write(&target, b"whole").unwrap();
        assert!(!target.exists());
        assert!(unfinished().contains(&staged.temporary));
        let temporary = staged.temporary.clone();
        publish(&[staged]).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"whole");
        assert!(!unfinished().contains(&temporary));
        assert_eq!(names(target.parent().unwrap()), ["table.csv"]);
    }

    #[test]
    fn an_old_file_stays_until_the_new_one_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("table.csv");
        fs::write(&target, "old").unwrap();
        drop(Staged::write(&target, b"new").unwrap());
        assert_eq!(fs::read(&target).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["table.csv"]);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let error = Staged::write(&file.join("table.csv"), b"").unwrap_err();
        let expected = format!("{}: cannot make the folder", file.display());
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn a_name_taken_by_a_folder_is_an_error_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("table.csv");
        fs::create_dir(&target).unwrap();
        let staged = Staged::write(&target, b"whole").unwrap();
        let error = publish(&[staged]).unwrap_err();
        let expected = format!("{}: cannot be written", target.display());
        assert_eq!(error.to_string(), expected);
        assert_eq!(names(folder.path()), ["table.csv"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_folder_that_takes_no_files_is_an_error_that_names_the_file() {
        // Read-only even for a superuser.
        let error = Staged::write(Path::new("/proc/table.csv"), b"").unwrap_err();
        assert_eq!(error.to_string(), "/proc/table.csv: cannot be written");
    }
}
