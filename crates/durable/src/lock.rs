//! The right to make a file or a folder: one process at a time has it.
//!
//! Only the process that holds a lock removes its file.
//! It may do so after another process has opened that file and before the other locks it: the other then opens the path again.

use crate::Error;
use crate::file_lock::{FileLock, is_at, try_lock};
use crate::folder::make_parent;
use crate::interrupt::unfinished;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;

/// Name of the lock file of [`Lock::try_acquire_in`].
pub const FOLDER_LOCK: &str = "lock";

/// The right to make a file or a folder, until it is dropped.
///
/// The lock is an operating system's lock on a file with the number of the process.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    file: File,
}

/// Result of an attempt to acquire a lock.
#[derive(Debug)]
pub enum LockAttempt {
    /// This process has the lock.
    Acquired(Lock),
    /// Another process has it: "process 123".
    HeldBy(String),
}

impl Lock {
    /// Tries to acquire the lock of `target`: a file `.NAME.lock` beside it, whose folder is made where it is missing.
    ///
    /// Where the file system knows no locks, a line on stderr says so.
    ///
    /// # Errors
    /// When the folder of `target` cannot be made or written.
    pub fn try_acquire(target: &Path) -> Result<LockAttempt, Error> {
        make_parent(target)?;
        acquire(&beside(target), target)
    }

    /// Tries to acquire the lock of an existing folder: a file in it.
    ///
    /// # Errors
    /// When the folder is missing or cannot be written.
    pub fn try_acquire_in(folder: &Path) -> Result<LockAttempt, Error> {
        acquire(&folder.join(FOLDER_LOCK), folder)
    }

    /// Removes the lock file that a killed process left of a `target` that is made already.
    pub fn remove_leftover(target: &Path) {
        // Whoever holds it removes it, and where nothing may be written nothing was left.
        if beside(target).exists() {
            drop(Lock::try_acquire(target));
        }
    }

    /// Waits until no process has the lock of `target`.
    ///
    /// # Errors
    /// When the lock's file cannot be opened or locked.
    pub fn wait_for_release(target: &Path) -> Result<(), Error> {
        let waited =
            OpenOptions::new().read(true).write(true).open(beside(target)).and_then(|file| file.lock());
        match waited {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            waited => waited.map_err(|found| Error::Wait { path: target.to_owned(), found }),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Ctrl-C waits: the next process to make the file must not lose it.
        let mut unfinished = unfinished();
        if is_at(&self.file, &self.path) {
            let _ = fs::remove_file(&self.path);
        }
        unfinished.remove(&self.path);
    }
}

/// Tries to lock the file `path` for `target`.
fn acquire(path: &Path, target: &Path) -> Result<LockAttempt, Error> {
    let refused = Error::file(target);
    loop {
        // Ctrl-C waits: it would miss a file that is not among the unfinished ones yet.
        let mut unfinished = unfinished();
        let mut file = open(path).map_err(&refused)?;
        match try_lock(&file, path) {
            Ok(FileLock::Acquired) => {}
            Ok(FileLock::Busy) => return Ok(LockAttempt::HeldBy(holder(path))),
            Ok(FileLock::Replaced) => continue,
            Err(error) if error.kind() == ErrorKind::Unsupported => {
                eprintln!("{}: cannot be locked; let no other run write it", target.display());
            }
            Err(error) => return Err(refused(error)),
        }
        unfinished.insert(path.to_owned());
        drop(unfinished);
        let written = file.set_len(0).and_then(|()| write!(file, "{}", process::id()));
        let lock = Lock { path: path.to_owned(), file };
        return written.map_err(refused).map(|()| LockAttempt::Acquired(lock));
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

/// `.NAME.lock` beside NAME.
fn beside(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.lock"))
}

/// The process that the file names; it may not have written its number yet.
fn holder(path: &Path) -> String {
    let number = fs::read_to_string(path).unwrap_or_default();
    if number.is_empty() { "another process".to_owned() } else { format!("process {number}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acquired(target: &Path) -> Lock {
        match Lock::try_acquire(target).unwrap() {
            LockAttempt::Acquired(lock) => lock,
            LockAttempt::HeldBy(holder) => panic!("{holder} holds it"),
        }
    }

    #[test]
    fn one_at_a_time_has_the_lock_and_the_other_learns_who() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("new/table1");
        let lock = acquired(&target);
        let LockAttempt::HeldBy(holder) = Lock::try_acquire(&target).unwrap() else { panic!("two have it") };
        assert_eq!(holder, format!("process {}", process::id()));
        assert!(unfinished().contains(&beside(&target)));
        drop(lock);
        assert!(!unfinished().contains(&beside(&target)));
        assert_eq!(fs::read_dir(folder.path().join("new")).unwrap().count(), 0);
        drop(acquired(&target));
    }

    #[test]
    fn the_lock_of_a_folder_lies_in_it_and_may_go_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("parts");
        let error = Lock::try_acquire_in(&below).unwrap_err();
        assert_eq!(error.to_string(), format!("{}: cannot be written", below.display()));
        assert_eq!(error.into_io().kind(), ErrorKind::NotFound);
        fs::create_dir(&below).unwrap();
        let LockAttempt::Acquired(lock) = Lock::try_acquire_in(&below).unwrap() else { panic!("free") };
        assert!(matches!(Lock::try_acquire_in(&below).unwrap(), LockAttempt::HeldBy(_)));
        assert!(below.join(FOLDER_LOCK).exists());
        fs::remove_dir_all(&below).unwrap();
        drop(lock);
        assert!(!below.exists() && unfinished().iter().all(|path| !path.starts_with(&below)));
    }

    #[test]
    fn a_file_left_by_a_killed_process_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("net.safetensors");
        fs::write(beside(&target), "123456789").unwrap();
        let _lock = acquired(&target);
        assert_eq!(fs::read_to_string(beside(&target)).unwrap(), process::id().to_string());
    }

    #[test]
    fn a_file_left_beside_what_was_made_is_removed_and_one_that_is_held_stays() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("net.safetensors");
        fs::write(beside(&target), "123456789").unwrap();
        Lock::remove_leftover(&target);
        assert!(!beside(&target).exists());
        let lock = acquired(&target);
        Lock::remove_leftover(&target);
        assert!(beside(&target).exists());
        drop(lock);
        Lock::remove_leftover(&target);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_was_removed_or_replaced_is_no_lock_and_the_other_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("table1");
        let path = beside(&target);
        let file = open(&path).unwrap();
        fs::remove_file(&path).unwrap();
        assert_eq!(try_lock(&file, &path).unwrap(), FileLock::Replaced);
        let lock = acquired(&target);
        fs::remove_file(&path).unwrap();
        let other = acquired(&target);
        drop(lock);
        assert!(path.exists(), "the other's file was removed");
        drop(other);
        assert!(!path.exists());
    }

    #[test]
    fn many_threads_have_it_one_at_a_time() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("net");
        let (inside, acquisitions) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = || {
            for _ in 0..50 {
                let lock = loop {
                    match Lock::try_acquire(&target).unwrap() {
                        LockAttempt::Acquired(lock) => break lock,
                        LockAttempt::HeldBy(_) => Lock::wait_for_release(&target).unwrap(),
                    }
                };
                assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                acquisitions.fetch_add(1, Ordering::SeqCst);
                inside.fetch_sub(1, Ordering::SeqCst);
                drop(lock);
            }
        };
        std::thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(work))));
        assert_eq!(acquisitions.into_inner(), 200);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
