//! Errors of data; each variant has the file, what was expected and what was found.

use crate::escaped::shown;
use std::io;
use std::path::{Path, PathBuf};

/// Why data could not be read or downloaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// No file of that name, compressed or not.
    #[error("{}: expected {expected} or {expected}.gz, found neither", shown(path))]
    Missing {
        /// The folder.
        path: PathBuf,
        /// The name without `.gz`.
        expected: &'static str,
    },
    /// The operating system refused.
    #[error("{}: expected {expected}, found: {found}", shown(path))]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was to be done with it.
        expected: &'static str,
        /// The operating system's reason.
        #[source]
        found: io::Error,
    },
    /// The compressed stream is damaged, or something follows it.
    #[error("{}: expected {expected}, found: {found}", shown(path))]
    Gzip {
        /// The compressed file.
        path: PathBuf,
        /// What the stream should have held.
        expected: &'static str,
        /// What is wrong with it.
        found: String,
    },
    /// The first four bytes are not those of this kind of file.
    #[error("{}: expected IDX magic number {expected:#010x}, found {found:#010x}", shown(path))]
    Magic {
        /// The file.
        path: PathBuf,
        /// 0x803 for images, 0x801 for labels.
        expected: u32,
        /// The first four bytes, big-endian.
        found: u32,
    },
    /// The images have another size.
    #[error("{}: expected images of {} by {} pixels, found {} by {}", shown(path), expected[0], expected[1], found[0], found[1])]
    Size {
        /// The file.
        path: PathBuf,
        /// Rows and columns.
        expected: [u32; 2],
        /// Rows and columns.
        found: [u32; 2],
    },
    /// The header announces another number of items than this file must hold.
    #[error("{}: expected {expected} {items}, found a header that announces {found}", shown(path))]
    Count {
        /// The file.
        path: PathBuf,
        /// "images" or "labels".
        items: &'static str,
        /// The number required; for a file of any number, the most that is read.
        expected: String,
        /// The number in the header.
        found: u32,
    },
    /// The file ends before the items its header announces.
    #[error("{}: expected {expected} {items}, found {found} (truncated?)", shown(path))]
    Truncated {
        /// The file.
        path: PathBuf,
        /// What is counted.
        items: &'static str,
        /// How many the header announces.
        expected: u64,
        /// How many there are.
        found: u64,
    },
    /// The file goes on after the items its header announces.
    #[error("{}: expected {expected} {items}, found more (trailing bytes)", shown(path))]
    Trailing {
        /// The file.
        path: PathBuf,
        /// What is counted.
        items: &'static str,
        /// How many the header announces.
        expected: u64,
    },
    /// A label that is no digit.
    #[error("{}: expected labels from 0 to 9, found {found} at index {index}", shown(path))]
    Label {
        /// The file.
        path: PathBuf,
        /// The position of the first such label.
        index: usize,
        /// The label.
        found: u8,
    },
    /// No mirror had the file right.
    #[error(
        "{}: expected {bytes} bytes with SHA-256 {sha256} from a mirror, found: {}",
        shown(path),
        reasons(found)
    )]
    NoMirror {
        /// Where the file belongs.
        path: PathBuf,
        /// The size expected.
        bytes: u64,
        /// The digest expected.
        sha256: String,
        /// Each mirror's address and what was wrong with it.
        found: Vec<(String, String)>,
    },
    /// An image that cannot be decoded, or not be brought to the size that is wanted.
    #[error("{}: expected {expected}, found: {found}", shown(path))]
    Image {
        /// The image; the name of an archive's member follows the archive's.
        path: PathBuf,
        /// What the file should have held.
        expected: String,
        /// What is wrong with it.
        found: String,
    },
    /// An image that is smaller than the piece to be cut out.
    #[error("{}: expected at least {} by {} pixels, found: {} by {}", shown(path), expected[0], expected[1], found[0], found[1])]
    TooSmall {
        /// The image.
        path: PathBuf,
        /// Height and width of the piece.
        expected: [usize; 2],
        /// Height and width after resizing.
        found: [usize; 2],
        /// Height and width before it.
        stored: [usize; 2],
    },
    /// A folder or an archive without a single image.
    #[error("{}: expected pictures ({expected}), found none among {found}", shown(path))]
    NoImages {
        /// The folder or archive.
        path: PathBuf,
        /// The formats of pictures.
        expected: &'static str,
        /// How many other files there are, of which endings.
        found: String,
    },
    /// A class of one set of images that another, of the same classes, lacks.
    #[error(
        "{}: expected images of {expected}, a class of {}, found those of {found} others",
        shown(path),
        shown(other)
    )]
    Class {
        /// The folder or archive that lacks the class.
        path: PathBuf,
        /// The class.
        expected: String,
        /// The folder or archive that has it.
        other: PathBuf,
        /// How many other classes there are.
        found: usize,
    },
    /// A class with fewer images than are wanted.
    #[error("{}: expected at least {expected} images of the class {class}, found {found}", shown(path))]
    TooFew {
        /// The folder or archive.
        path: PathBuf,
        /// The class's name.
        class: String,
        /// How many are wanted.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// The archive is damaged, or none at all.
    #[error("{}: expected {expected}, found: {found}", shown(path))]
    Archive {
        /// The archive.
        path: PathBuf,
        /// What its bytes should have been.
        expected: &'static str,
        /// What is wrong with them.
        found: String,
    },
    /// A `.npy` file that is damaged, or of another kind.
    #[error("{}: expected a .npy array of numbers, found {found}", shown(path))]
    Array {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        found: String,
    },
    /// A table of labels or of class names that cannot be understood.
    #[error("{}: expected {expected}, found {found}", shown(path))]
    Table {
        /// The table.
        path: PathBuf,
        /// The column or value expected.
        expected: String,
        /// What is there, and in which line.
        found: String,
    },
}

impl DataError {
    /// The error for an operation on `path` that the operating system refused.
    pub(crate) fn io(path: &Path, expected: &'static str) -> impl Fn(io::Error) -> DataError {
        let path = path.to_owned();
        move |found| DataError::Io { path: path.clone(), expected, found }
    }
}

fn reasons(found: &[(String, String)]) -> String {
    let each = found.iter().map(|(mirror, reason)| format!("{mirror}: {reason}"));
    each.collect::<Vec<_>>().join("; ")
}
