//! A folder in which one file after the other is read, and around which nothing may change.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use tempfile::TempDir;

use super::{Format, formats};

/// A temporary folder for the files of one format.
///
/// The file lies in its folder `in`; what is beside that must neither be read nor written.
pub struct Place {
    folder: TempDir,
    path: PathBuf,
    format: Format,
    /// What lies in the folder, all the time.
    listing: Vec<PathBuf>,
}

/// A file beside the folder of the others, which no reader may open.
pub(super) const OUTSIDE: &str = "outside.bin";

/// The number of which that file consists, as f32.
pub(super) const SECRET: f32 = 8_675_309.5;

impl Place {
    /// # Panics
    /// When no temporary folder can be made.
    pub fn new(format: Format) -> Place {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("in").join(format.file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder within it");
        std::fs::write(folder.path().join(OUTSIDE), SECRET.to_le_bytes().repeat(1 << 16)).expect("a file");
        (format.beside)(&folder.path().join("in"));
        std::fs::write(&path, []).expect("a file");
        let listing = listing(folder.path());
        Place { folder, path, format, listing }
    }

    /// Has the format's reader read these bytes.
    ///
    /// # Errors
    /// As the reader: the file is refused.
    ///
    /// # Panics
    /// When the reader does, or its refusal does not name the file.
    pub fn read(&self, bytes: &[u8]) -> Result<(), String> {
        // A new file: some file systems write an old one to the disk each time that it is emptied and filled again.
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
    /// When a reader has left or taken away a file.
    pub fn check(&self) {
        assert_eq!(
            listing(self.folder.path()),
            self.listing,
            "{}: other files than before",
            self.format.name
        );
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

/// Has the reader of a format, by its word, read these bytes: what a fuzzer calls.
///
/// # Panics
/// When the reader does, or there is no such format.
pub fn feed(word: &str, bytes: &[u8]) {
    static PLACES: LazyLock<Vec<Place>> = LazyLock::new(|| formats().into_iter().map(Place::new).collect());
    let place = PLACES.iter().find(|place| place.format.word == word);
    // Refused or read, both are well.
    let _ = place.unwrap_or_else(|| panic!("{word}: expected a format")).read(bytes);
}
