//! The images below a folder.

use super::listing::{Listing, Member, Place, is_hidden};
use crate::DataError;
use crate::content::Content;
use crate::escaped::escaped;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The images below `root`, sorted by path; a folder that links lead to twice is read once.
pub(crate) fn listing(root: &Path) -> Result<Listing, DataError> {
    let mut listing = Listing::default();
    let mut folders = vec![(root.to_owned(), String::new())];
    let mut seen = BTreeSet::from([real(root)]);
    while let Some((folder, prefix)) = folders.pop() {
        let unreadable = DataError::io(&folder, "a folder that can be read");
        for entry in fs::read_dir(&folder).map_err(&unreadable)? {
            let path = entry.map_err(&unreadable)?.path();
            let own_name = name_of(&path);
            if is_hidden(&own_name) {
                continue;
            }
            let name = format!("{prefix}{own_name}");
            if path.is_dir() {
                if !seen.insert(real(&path)) {
                    continue;
                }
                folders.push((path, format!("{name}/")));
                listing.folders.push(name);
            } else {
                listing.put(name, Place::File(path.clone()), || content(&path));
            }
        }
    }
    listing.members.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(listing)
}

/// Where a folder lies once links are followed.
fn real(folder: &Path) -> PathBuf {
    folder.canonicalize().unwrap_or_else(|_| folder.to_owned())
}

/// The content of a file; a pipe, which would be waited for, and what cannot be read are no images.
fn content(path: &Path) -> Content {
    if path.is_file() { Content::of_file(path).unwrap_or(Content::Unknown) } else { Content::Unknown }
}

fn name_of(path: &Path) -> String {
    escaped(&path.file_name().unwrap_or_default().to_string_lossy())
}

/// The image file `path` alone.
pub(crate) fn single(path: &Path) -> Member {
    Member { name: name_of(path), label: None, place: Place::File(path.to_owned()) }
}
