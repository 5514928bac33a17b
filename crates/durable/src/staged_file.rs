//! Files that appear whole or not at all: written under a temporary name, then renamed.

use crate::Error;
use crate::file_lock::{FileLock, try_lock};
use crate::folder::{make_parent, parent, sync};
use crate::interrupt::{UNFINISHED_SUFFIX, unfinished};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A file under a temporary name, until it is [published](publish); dropping it removes it.
///
/// It is locked as long as it is open, so that [`remove_leftovers`] leaves it alone.
/// What is written to it is not buffered.
#[derive(Debug)]
pub struct StagedFile {
    file: File,
    temporary: PathBuf,
    target: PathBuf,
}

impl StagedFile {
    /// An empty file for `target`, in the same folder, which must exist.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn new(target: &Path) -> Result<StagedFile, Error> {
        StagedFile::new_in(parent(target), target)
    }

    /// An empty file for `target`, in another folder of the same disk.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn new_in(folder: &Path, target: &Path) -> Result<StagedFile, Error> {
        loop {
            let temporary = temporary_name(folder);
            let mut unfinished = unfinished();
            let file = match File::create_new(&temporary) {
                // Of a process with the same number, killed or on another machine.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
                file => file.map_err(Error::file(target))?,
            };
            // Where the file system knows no locks, leftovers are not removed either.
            if try_lock(&file, &temporary).unwrap_or(FileLock::Acquired) == FileLock::Acquired {
                unfinished.insert(temporary.clone());
                return Ok(StagedFile { file, temporary, target: target.to_owned() });
            }
        }
    }

    /// A file for `target` with these bytes; the folder of `target` is made where it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made or the file cannot be written.
    pub fn with_contents(target: &Path, bytes: &[u8]) -> Result<StagedFile, Error> {
        make_parent(target)?;
        let mut staged = StagedFile::new(target)?;
        staged.write_all(bytes).map_err(Error::file(target))?;
        Ok(staged)
    }
}

impl Write for StagedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for StagedFile {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.file.seek(position)
    }
}

impl Drop for StagedFile {
    fn drop(&mut self) {
        // It may be published already.
        let _ = fs::remove_file(&self.temporary);
        unfinished().remove(&self.temporary);
    }
}

/// A hidden name that no other file of this process has.
fn temporary_name(folder: &Path) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let (process, count) = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    folder.join(format!(".{process}-{count}.{UNFINISHED_SUFFIX}"))
}

/// Gives all files their names, in this order; contents and names outlive a power cut.
///
/// Ctrl-C waits until all have their names.
///
/// # Errors
/// When a file cannot be synchronized with the disk, or renamed.
pub fn publish(files: &[StagedFile]) -> Result<(), Error> {
    files.iter().try_for_each(|staged| staged.file.sync_all().map_err(Error::file(&staged.target)))?;
    publish_unsynced(files)?;
    let folders: BTreeSet<&Path> = files.iter().map(|staged| parent(&staged.target)).collect();
    folders.into_iter().try_for_each(sync)
}

/// [`publish`] without waiting for the disk: for files that can be made again after a power cut.
///
/// # Errors
/// When a file cannot be renamed.
pub fn publish_unsynced(files: &[StagedFile]) -> Result<(), Error> {
    let uninterrupted = unfinished();
    let rename = |staged: &StagedFile| {
        fs::rename(&staged.temporary, &staged.target).map_err(Error::file(&staged.target))
    };
    let renamed = files.iter().try_for_each(rename);
    drop(uninterrupted);
    renamed
}

/// Writes one file whole or not at all; it outlives a power cut.
///
/// # Errors
/// As [`StagedFile::with_contents`] and [`publish`].
pub fn write(target: &Path, bytes: &[u8]) -> Result<(), Error> {
    publish(&[StagedFile::with_contents(target, bytes)?])
}

/// Writes one file whole or not at all, without waiting for the disk.
///
/// # Errors
/// As [`StagedFile::with_contents`] and [`publish_unsynced`].
pub fn write_unsynced(target: &Path, bytes: &[u8]) -> Result<(), Error> {
    publish_unsynced(&[StagedFile::with_contents(target, bytes)?])
}

/// Removes the temporary files of killed processes in a folder and those below it.
pub fn remove_leftovers(folder: &Path) {
    // What cannot be read or removed is in nobody's way.
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_leftovers(&path);
        } else if is_leftover(&path) {
            let _ = fs::remove_file(&path);
        }
    }
}

/// Whether this is a temporary file that no process has locked.
fn is_leftover(path: &Path) -> bool {
    let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    let is_temporary = is_hidden && path.extension() == Some(OsStr::new(UNFINISHED_SUFFIX));
    let is_free = |file: File| try_lock(&file, path).is_ok_and(|lock| lock == FileLock::Acquired);
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
        let staged = StagedFile::with_contents(&target, b"whole").unwrap();
        assert!(!target.exists());
        assert!(unfinished().contains(&staged.temporary));
        let temporary = staged.temporary.clone();
        publish(&[staged]).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"whole");
        assert!(!unfinished().contains(&temporary));
        assert_eq!(names(target.parent().unwrap()), ["table.csv"]);
    }

    #[test]
    fn a_stream_may_be_staged_in_another_folder_and_makes_none() {
        let folder = tempfile::tempdir().unwrap();
        let [parts, target] = ["parts", "map.npy"].map(|name| folder.path().join(name));
        let error = StagedFile::new_in(&parts, &target).unwrap_err();
        assert_eq!(error.to_string(), format!("{}: cannot be written", target.display()));
        fs::create_dir(&parts).unwrap();
        let mut staged = StagedFile::new_in(&parts, &target).unwrap();
        [b"wh", b"ol"].into_iter().for_each(|bytes| staged.write_all(bytes).unwrap());
        assert_eq!((names(&parts).len(), names(folder.path())), (1, vec!["parts".to_owned()]));
        publish_unsynced(&[staged]).unwrap();
        assert_eq!((names(&parts).len(), fs::read(&target).unwrap()), (0, b"whol".to_vec()));
    }

    #[test]
    fn an_old_file_stays_until_the_new_one_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("table.csv");
        fs::write(&target, "old").unwrap();
        drop(StagedFile::with_contents(&target, b"new").unwrap());
        assert_eq!(fs::read(&target).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["table.csv"]);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let error = StagedFile::with_contents(&file.join("table.csv"), b"").unwrap_err();
        let expected = format!("{}: cannot make the folder", file.display());
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn a_name_taken_by_a_folder_is_an_error_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("table.csv");
        fs::create_dir(&target).unwrap();
        let staged = StagedFile::with_contents(&target, b"whole").unwrap();
        let error = publish(&[staged]).unwrap_err();
        let expected = format!("{}: cannot be written", target.display());
        assert_eq!(error.to_string(), expected);
        assert_eq!(names(folder.path()), ["table.csv"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_folder_that_takes_no_files_is_an_error_that_names_the_file() {
        // Read-only even for a superuser.
        let error = StagedFile::with_contents(Path::new("/proc/table.csv"), b"").unwrap_err();
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
        let staged = StagedFile::with_contents(&below.join("0.png"), b"whole").unwrap();
        remove_leftovers(folder.path());
        assert!(left.iter().all(|path| !path.exists()));
        assert!(mine.iter().all(|path| path.exists()));
        publish(&[staged]).unwrap();
        assert_eq!(names(&below), ["0.png"]);
        remove_leftovers(&folder.path().join("missing"));
    }
}
