//! The images below a folder.

use super::listing::{Listing, Member, Place, is_image};
use crate::DataError;
use std::fs;
use std::path::Path;

/// The images below `root`, sorted by path.
pub(crate) fn listing(root: &Path) -> Result<Listing, DataError> {
    let mut listing = Listing::default();
    let mut folders = vec![(root.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        let unreadable = DataError::io(&folder, "a folder that can be read");
        for entry in fs::read_dir(&folder).map_err(&unreadable)? {
            let path = entry.map_err(&unreadable)?.path();
            let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
            if path.is_dir() {
                folders.push((path, format!("{name}/")));
                listing.folders.push(name);
            } else if is_image(&name) {
                listing.members.push(Member { name, label: None, place: Place::File(path) });
            } else {
                listing.others += 1;
            }
        }
    }
    listing.members.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(listing)
}

/// The image file `path` alone.
pub(crate) fn single(path: &Path) -> Member {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Member { name, label: None, place: Place::File(path.to_owned()) }
}
