//! The images of a folder or an archive.

use std::path::PathBuf;

/// The endings of images' names, in upper case or lower.
pub(super) const ENDINGS: [&str; 3] = [".jpg", ".jpeg", ".png"];

/// What lies in a folder or an archive.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub members: Vec<Member>,
    /// Folders below it, with slashes between their names.
    pub folders: Vec<String>,
    /// Files that are no images.
    pub others: usize,
}

/// One image of a folder or an archive.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// Its path below the folder, with slashes.
    pub name: String,
    pub label: Option<usize>,
    pub place: Place,
}

/// Where an image's bytes lie.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// In a file of their own.
    File(PathBuf),
    /// In an archive, once it is decompressed.
    Archive { offset: u64, size: u64 },
}

/// Whether a file of this path is taken for an image.
pub(super) fn is_image(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    !name.starts_with('.') && ENDINGS.iter().any(|ending| name.ends_with(ending))
}
