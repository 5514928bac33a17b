//! A lock on a folder, which ends with its process, however that ends.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process;

use anyhow::{Context, Result, bail, ensure};

/// Holds the number of the process that is at work in the folder.
pub const LOCK: &str = "lock";

/// The right to work in a folder, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of this folder.
    ///
    /// Where the disk knows no locks, a line on stderr says so.
    ///
    /// # Errors
    /// When another process holds it, which is named, or the folder cannot be written to.
    pub fn take(folder: &Path) -> Result<Lock> {
        let path = folder.join(LOCK);
        let unwritable = || format!("{}: expected a file that can be written, found", path.display());
        let options = OpenOptions::new().write(true).create(true).truncate(false).to_owned();
        let mut file = options.open(&path).with_context(unwritable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!(
                "{}: expected no other run at work here, found {}; wait for its end, or name another output with -o",
                folder.display(),
                holder(&path)
            ),
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {
                eprintln!("{}: cannot be locked: let no other run work here", folder.display());
            }
            Err(TryLockError::Error(error)) => return Err(error).with_context(unwritable),
        }
        let process = process::id().to_string();
        let written = file.set_len(0).and_then(|()| file.write_all(process.as_bytes()));
        written.with_context(unwritable)?;
        // A run that ends takes its lock's file away: then this one lies in no folder any more.
        ensure!(
            fs::read_to_string(&path).is_ok_and(|found| found == process),
            "{}: expected no other run at work here, found one that has just ended; start again",
            folder.display()
        );
        Ok(Lock { _file: file })
    }
}

fn holder(path: &Path) -> String {
    match fs::read_to_string(path) {
        Ok(process) if !process.is_empty() => format!("process {process}"),
        _ => "another process".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_refused_as_long_as_it_is_held_and_says_who_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let held = Lock::take(folder.path()).unwrap();
        let line = Lock::take(folder.path()).unwrap_err().to_string();
        assert!(line.contains(&format!("found process {};", process::id())), "{line}");
        assert!(line.starts_with(&folder.path().display().to_string()), "{line}");
        drop(held);
        Lock::take(folder.path()).unwrap();
    }
}
