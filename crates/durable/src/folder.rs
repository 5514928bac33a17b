//! The folder that a file is to lie in.

use crate::Error;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;

/// The folder of `target`.
pub fn parent(target: &Path) -> &Path {
    target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes the folder of `target`, and those above it.
///
/// # Errors
/// When it cannot be made.
pub fn make_parent(target: &Path) -> Result<(), Error> {
    let path = parent(target);
    fs::create_dir_all(path).map_err(|found| Error::Folder { path: path.to_owned(), found })
}

/// Waits until the names in a folder are on the disk, where the file system and the folder's permissions allow it.
///
/// # Errors
/// When the disk fails.
#[cfg(unix)]
pub fn sync(folder: &Path) -> Result<(), Error> {
    use ErrorKind::{InvalidInput, PermissionDenied, Unsupported};
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Err(error) if matches!(error.kind(), InvalidInput | PermissionDenied | Unsupported) => Ok(()),
        synced => synced.map_err(Error::file(folder)),
    }
}

#[cfg(not(unix))]
pub fn sync(_: &Path) -> Result<(), Error> {
    Ok(())
}
