//! Who may make a file or a folder: one process at a time, by a lock that is gone with its process, however that ends.
//!
//! A lock is an operating system's lock on a file `.NAME.lock` beside its target, which holds the number of the process.
//! Only who holds it removes the file; who has locked a file therefore looks whether it still has its name,
//! since the one that held it before may have removed it between opening and locking.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;

use anyhow::{Context, Result};

use crate::interrupt::unfinished;
use crate::staged::make_folder_of;

/// The right to make a file or a folder; dropping it gives it back.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    file: File,
}

/// What came of asking for a lock.
#[derive(Debug)]
pub enum LockAttempt {
    /// The lock is held from now on.
    Acquired(Lock),
    /// Another holds it: "process 123".
    HeldBy(String),
}

impl Lock {
    /// The lock of `target`, or who holds it.
    ///
    /// Where the file system knows no locks, a line on stderr says so.
    ///
    /// # Errors
    /// When the folder of `target` cannot be written.
    pub fn of(target: &Path) -> Result<LockAttempt> {
        make_folder_of(target)?;
        let path = beside(target);
        let refused = || format!("{}: cannot be written", target.display());
        loop {
            // Ctrl-C waits: it would miss a file that is not among the unfinished ones yet.
            let mut unfinished = unfinished();
            let mut file = open(&path).with_context(refused)?;
            match hold(&file, &path) {
                Ok(Hold::Held) => {}
                Ok(Hold::Another) => return Ok(LockAttempt::HeldBy(holder(&path))),
                Ok(Hold::Removed) => continue,
                Err(error) if error.kind() == ErrorKind::Unsupported => {
                    eprintln!("{}: cannot be locked; let no other run write it", target.display());
                }
                Err(error) => return Err(error).with_context(refused),
            }
            unfinished.insert(path.clone());
            drop(unfinished);
            let written = file.set_len(0).and_then(|()| write!(file, "{}", process::id()));
            let lock = Lock { path, file };
            return written.with_context(refused).map(|()| LockAttempt::Acquired(lock));
        }
    }

    /// Removes what a killed process left of the lock of a `target` that nobody has to make any more.
    pub fn sweep(target: &Path) {
        // Whoever holds it removes it, and where nothing may be written nothing was left.
        if beside(target).exists() {
            drop(Lock::of(target));
        }
    }

    /// Returns when the lock of `target` is given back, or its holder is gone.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub fn await_another(target: &Path) -> Result<()> {
        let waited =
            OpenOptions::new().read(true).write(true).open(beside(target)).and_then(|file| file.lock());
        match waited {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            waited => waited.with_context(|| format!("{}: cannot be waited for", target.display())),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Ctrl-C waits: the next to make the file must not lose it.
        let mut unfinished = unfinished();
        if has_name(&self.file, &self.path) {
            let _ = fs::remove_file(&self.path);
        }
        unfinished.remove(&self.path);
    }
}

/// What came of locking an open file.
#[derive(Debug, PartialEq, Eq)]
pub enum Hold {
    Held,
    Another,
    /// The name leads to another file by now, or to none.
    Removed,
}

/// Locks `file`, which was opened as `path`, as long as it is open.
///
/// # Errors
/// When the file system knows no locks.
pub fn hold(file: &File, path: &Path) -> io::Result<Hold> {
    match file.try_lock() {
        Ok(()) if has_name(file, path) => Ok(Hold::Held),
        Ok(()) => Ok(Hold::Removed),
        Err(TryLockError::WouldBlock) => Ok(Hold::Another),
        Err(TryLockError::Error(error)) => Err(error),
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

/// Whether `path` still leads to `file`.
#[cfg(unix)]
fn has_name(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let same = |open: fs::Metadata| fs::metadata(path).map(|named| identity(named) == identity(open));
    file.metadata().and_then(same).unwrap_or(false)
}

/// Elsewhere what is open keeps its name.
#[cfg(not(unix))]
fn has_name(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(target: &Path) -> Lock {
        match Lock::of(target).unwrap() {
            LockAttempt::Acquired(lock) => lock,
            LockAttempt::HeldBy(holder) => panic!("{holder} holds it"),
        }
    }

    #[test]
    fn one_at_a_time_has_the_lock_and_the_other_is_told_who() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("new/table1");
        let lock = ours(&target);
        let LockAttempt::HeldBy(holder) = Lock::of(&target).unwrap() else { panic!("two have it") };
        assert_eq!(holder, format!("process {}", process::id()));
        assert!(unfinished().contains(&beside(&target)));
        drop(lock);
        assert!(!unfinished().contains(&beside(&target)));
        assert_eq!(fs::read_dir(folder.path().join("new")).unwrap().count(), 0);
        drop(ours(&target));
    }

    #[test]
    fn a_file_left_by_a_killed_process_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("net.safetensors");
        fs::write(beside(&target), "123456789").unwrap();
        let _lock = ours(&target);
        assert_eq!(fs::read_to_string(beside(&target)).unwrap(), process::id().to_string());
    }

    #[test]
    fn a_file_left_beside_what_was_made_is_swept_and_one_that_is_held_stays() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("net.safetensors");
        fs::write(beside(&target), "123456789").unwrap();
        Lock::sweep(&target);
        assert!(!beside(&target).exists());
        let lock = ours(&target);
        Lock::sweep(&target);
        assert!(beside(&target).exists());
        drop(lock);
        Lock::sweep(&target);
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
        assert_eq!(hold(&file, &path).unwrap(), Hold::Removed);
        let lock = ours(&target);
        fs::remove_file(&path).unwrap();
        let other = ours(&target);
        drop(lock);
        assert!(path.exists(), "the other's file was removed");
        drop(other);
        assert!(!path.exists());
    }

    #[test]
    fn many_threads_take_turns() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("net");
        let (inside, turns) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = || {
            for _ in 0..50 {
                let lock = loop {
                    match Lock::of(&target).unwrap() {
                        LockAttempt::Acquired(lock) => break lock,
                        LockAttempt::HeldBy(_) => Lock::await_another(&target).unwrap(),
                    }
                };
                assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                turns.fetch_add(1, Ordering::SeqCst);
                inside.fetch_sub(1, Ordering::SeqCst);
                drop(lock);
            }
        };
        std::thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(work))));
        assert_eq!(turns.into_inner(), 200);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
