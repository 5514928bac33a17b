//! The operating system's lock on an open file.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

/// Result of an attempt to lock an open file.
#[derive(Debug, PartialEq, Eq)]
pub enum FileLock {
    /// It is locked as long as it is open.
    Acquired,
    /// Another process has locked it.
    Busy,
    /// Its path leads to another file or to none.
    Replaced,
}

/// Tries to lock `file`, which was opened at `path`.
///
/// # Errors
/// When the file system knows no locks.
pub fn try_lock(file: &File, path: &Path) -> io::Result<FileLock> {
    match file.try_lock() {
        Ok(()) if is_at(file, path) => Ok(FileLock::Acquired),
        Ok(()) => Ok(FileLock::Replaced),
        Err(TryLockError::WouldBlock) => Ok(FileLock::Busy),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Whether `path` still leads to `file`.
#[cfg(unix)]
pub fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let same = |open: fs::Metadata| fs::metadata(path).map(|named| identity(named) == identity(open));
    file.metadata().and_then(same).unwrap_or(false)
}

/// Elsewhere an open file keeps its name.
#[cfg(not(unix))]
pub fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}
