//! A folder for files to be read, outside of which nothing may be read or changed.

use super::{Format, formats};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tempfile::TempDir;

/// A temporary folder for the files of one format.
///
/// The file is in the subfolder `in`; everything outside of it must be neither read nor written.
pub struct Sandbox {
    folder: TempDir,
    path: PathBuf,
    format: Format,
    /// The files in the folder, which must not change.
    listing: Vec<PathBuf>,
}

/// A file outside the subfolder, which no reader may open.
pub(super) const OUTSIDE: &str = "outside.bin";

/// The f32 number that fills it.
pub(super) const SECRET: f32 = 8_675_309.5;

impl Sandbox {
    /// # Panics
    /// When no temporary folder can be made.
    pub fn new(format: Format) -> Sandbox {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("in").join(format.file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder within it");
        std::fs::write(folder.path().join(OUTSIDE), SECRET.to_le_bytes().repeat(1 << 16)).expect("a file");
        (format.add_companions)(&folder.path().join("in"));
        std::fs::write(&path, []).expect("a file");
        let listing = listing(folder.path());
        Sandbox { folder, path, format, listing }
    }

    /// Reads these bytes with the format's reader.
    ///
    /// # Errors
    /// When the reader refuses the file.
    ///
    /// # Panics
    /// When the reader does, or its error does not begin with the file.
    pub fn read(&self, bytes: &[u8]) -> Result<(), String> {
        // A new file: some file systems write a truncated one to the disk each time.
        std::fs::remove_file(&self.path).expect("the last file");
        std::fs::write(&self.path, bytes).expect("a temporary file");
        let read = (self.format.read)(&self.path);
        if let Err(message) = &read {
            let folder = self.folder.path().to_string_lossy();
            assert!(message.starts_with(&*folder), "expected the file first, found: {message}");
        }
        read
    }

    /// # Panics
    /// When a reader has created or removed a file.
    pub fn check(&self) {
        let listing = listing(self.folder.path());
        assert_eq!(listing, self.listing, "{}: other files than before", self.format.name);
    }
}

fn listing(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<PathBuf> = entries.collect();
    for path in paths.clone() {
        if path.is_dir() && !path.is_symlink() {
            paths.extend(listing(&path));
        }
    }
    paths.sort();
    paths
}

/// Reads these bytes with the reader of a format, for fuzzers.
///
/// # Panics
/// When the reader does, or there is no such format.
pub fn feed(id: &str, bytes: &[u8]) {
    static SANDBOXES: LazyLock<Vec<Sandbox>> =
        LazyLock::new(|| formats().into_iter().map(Sandbox::new).collect());
    let sandbox = SANDBOXES.iter().find(|sandbox| sandbox.format.id == id);
    // It may be read or refused.
    let _ = sandbox.unwrap_or_else(|| panic!("{id}: expected a format")).read(bytes);
}
