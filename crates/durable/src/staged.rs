//! Files that appear whole or not at all: written under a temporary name, then renamed.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result};

use crate::interrupt::{UNFINISHED_SUFFIX, unfinished};
use crate::lock::{Hold, hold};

/// A file under its temporary name, beside the place it is meant for; dropping it removes it.
///
/// It is locked as long as it is open, so that [`sweep`] knows it from what a killed process left.
#[derive(Debug)]
pub struct Staged {
    file: File,
    temporary: PathBuf,
    target: PathBuf,
}

impl Staged {
    /// `bytes`, on the disk, under a temporary name for `target`, whose folder is made where it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made or the file cannot be written.
    pub fn write(target: &Path, bytes: &[u8]) -> Result<Staged> {
        let staged = Staged::in_memory(target, bytes)?;
        staged.file.sync_all().with_context(|| unwritable(target))?;
        Ok(staged)
    }

    /// The same, perhaps not on the disk yet.
    fn in_memory(target: &Path, bytes: &[u8]) -> Result<Staged> {
        make_folder_of(target)?;
        let mut staged = Staged::begin(target).with_context(|| unwritable(target))?;
        staged.file.write_all(bytes).with_context(|| unwritable(target))?;
        Ok(staged)
    }

    fn begin(target: &Path) -> io::Result<Staged> {
        loop {
            let temporary = temporary_name(target);
            let mut unfinished = unfinished();
            let file = match File::create_new(&temporary) {
                // A killed process had the same number.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
                file => file?,
            };
            // Where the file system knows no locks, nothing is swept either.
            if hold(&file, &temporary).unwrap_or(Hold::Held) == Hold::Held {
                unfinished.insert(temporary.clone());
                return Ok(Staged { file, temporary, target: target.to_owned() });
            }
        }
    }
}

/// Makes the folder that `target` is to lie in.
///
/// # Errors
/// When it cannot be made.
pub fn make_folder_of(target: &Path) -> Result<()> {
    let folder = folder_of(target);
    fs::create_dir_all(folder).with_context(|| format!("{}: cannot make the folder", folder.display()))
}

fn folder_of(target: &Path) -> &Path {
    target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn unwritable(target: &Path) -> String {
    format!("{}: cannot be written", target.display())
}

/// A name beside `target` that no other file of this process has.
fn temporary_name(target: &Path) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let (process, count) = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    target.with_file_name(format!(".{name}.{process}-{count}.{UNFINISHED_SUFFIX}"))
}

impl Drop for Staged {
    fn drop(&mut self) {
        // It may be published by now.
        let _ = fs::remove_file(&self.temporary);
        unfinished().remove(&self.temporary);
    }
}

/// Gives all files their names, in this order, and waits until the disk has these; Ctrl-C waits until all have them.
///
/// # Errors
///
/// When a file cannot be renamed.
pub fn publish(files: &[Staged]) -> Result<()> {
    rename(files)?;
    let folders: BTreeSet<&Path> = files.iter().map(|file| folder_of(&file.target)).collect();
    folders.into_iter().try_for_each(sync)
}

fn rename(files: &[Staged]) -> Result<()> {
    let uninterrupted = unfinished();
    let result = files.iter().try_for_each(|file| {
        fs::rename(&file.temporary, &file.target).with_context(|| unwritable(&file.target))
    });
    drop(uninterrupted);
    result
}

/// Waits until the names in a folder are on the disk, where its file system can tell.
#[cfg(unix)]
fn sync(folder: &Path) -> Result<()> {
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        synced => synced.with_context(|| unwritable(folder)),
    }
}

#[cfg(not(unix))]
fn sync(_: &Path) -> Result<()> {
    Ok(())
}

/// Writes a file that every run makes anew: whole or not at all, but it need not outlive a power cut.
///
/// # Errors
/// As [`Staged::write`] and [`publish`].
pub fn write_for_now(target: &Path, bytes: &[u8]) -> Result<()> {
    rename(&[Staged::in_memory(target, bytes)?])
}

/// Removes what killed processes left unfinished in a folder and those below it.
pub fn sweep(folder: &Path) {
    // What cannot be read or removed is in nobody's way.
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            sweep(&path);
        } else if is_left_over(&path) {
            let _ = fs::remove_file(&path);
        }
    }
}

/// Whether this is a temporary file that no process holds.
fn is_left_over(path: &Path) -> bool {
    let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    let is_temporary = is_hidden && path.extension() == Some(OsStr::new(UNFINISHED_SUFFIX));
    let is_free = |file: File| hold(&file, path).is_ok_and(|hold| hold == Hold::Held);
    is_temporary && File::options().write(true).open(path).is_ok_and(is_free)
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

    #[test]
    fn what_a_killed_process_left_goes_and_what_is_being_written_stays() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("below");
        fs::create_dir(&below).unwrap();
        let left = [folder.path().join(".table.csv.7-0.part"), below.join(".0.png.7-1.part")];
        let mine = [folder.path().join("a.part"), folder.path().join(".table1.lock")];
        left.iter().chain(&mine).for_each(|path| fs::write(path, "half").unwrap());
        let staged = Staged::write(&below.join("0.png"), b"whole").unwrap();
        sweep(folder.path());
        assert!(left.iter().all(|path| !path.exists()));
        assert!(mine.iter().all(|path| path.exists()));
        publish(&[staged]).unwrap();
        assert_eq!(names(&below), ["0.png"]);
        sweep(&folder.path().join("missing"));
    }
}
