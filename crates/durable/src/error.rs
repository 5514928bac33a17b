//! What the operating system refuses.

use std::io;
use std::path::{Path, PathBuf};

/// Why a file was not written or locked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The folder of a file cannot be made.
    #[error("{}: cannot make the folder", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The operating system's reason.
        #[source]
        found: io::Error,
    },
    /// A file cannot be written, renamed or locked.
    #[error("{}: cannot be written", path.display())]
    File {
        /// The file's final name.
        path: PathBuf,
        /// The operating system's reason.
        #[source]
        found: io::Error,
    },
    /// The end of another process's lock cannot be waited for.
    #[error("{}: cannot be waited for", path.display())]
    Wait {
        /// What the other process makes.
        path: PathBuf,
        /// The operating system's reason.
        #[source]
        found: io::Error,
    },
}

impl Error {
    /// An error with the file's final name.
    pub(crate) fn file(path: &Path) -> impl Fn(io::Error) -> Error {
        move |found| Error::File { path: path.to_owned(), found }
    }

    /// The file or folder.
    pub fn path(&self) -> &Path {
        let (Error::Folder { path, .. } | Error::File { path, .. } | Error::Wait { path, .. }) = self;
        path
    }

    /// The operating system's reason.
    pub fn into_io(self) -> io::Error {
        let (Error::Folder { found, .. } | Error::File { found, .. } | Error::Wait { found, .. }) = self;
        found
    }
}
