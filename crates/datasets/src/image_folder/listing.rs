//! The images of a folder or an archive.

use crate::content::Content;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The endings by which files are taken for images unread, in upper case or lower.
const ENDINGS: [&str; 10] = ["jpg", "jpeg", "jpe", "jfif", "png", "webp", "bmp", "tif", "tiff", "gif"];

/// What lies in a folder or an archive.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub members: Vec<Member>,
    /// Folders below it, with slashes between their names.
    pub folders: Vec<String>,
    pub passed_over: PassedOver,
}

/// How many files of each ending were passed over because they are no images.
#[derive(Clone, Debug, Default)]
pub(crate) struct PassedOver(BTreeMap<String, usize>);

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

/// Whether a file or folder of this name, or one around it, is hidden: such are left out without a word.
pub(super) fn is_hidden(path: &str) -> bool {
    path.split('/').any(|name| name.starts_with('.'))
}

/// The ending of a path, in lower case; none where nothing follows its last point.
fn ending(path: &str) -> Option<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).filter(|ending| !ending.is_empty())
}

/// Whether a file of this path is called like an image.
pub(super) fn is_named_image(path: &str) -> bool {
    ending(path).is_some_and(|ending| ENDINGS.contains(&&*ending))
}

/// Whether a file of this path is called like an archive.
pub(super) fn is_named_archive(path: &str) -> bool {
    ending(path).is_some_and(|ending| ["tar", "gz", "tgz"].contains(&&*ending))
}

impl Listing {
    /// Puts a file where it belongs; its content is asked for only where its name does not say that it is an image.
    pub fn put(&mut self, name: String, place: Place, content: impl FnOnce() -> Content) {
        if is_named_image(&name) || matches!(content(), Content::Picture(_)) {
            self.members.push(Member { name, label: None, place });
        } else {
            *self.passed_over.0.entry(ending(&name).unwrap_or_default()).or_default() += 1;
        }
    }
}

impl PassedOver {
    /// How many files there are.
    pub fn count(&self) -> usize {
        self.0.values().sum()
    }

    /// How many there are of each ending, the most frequent first.
    pub fn kinds(&self) -> String {
        let mut kinds: Vec<(&String, &usize)> = self.0.iter().collect();
        kinds.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let kind = |(ending, count): (&String, &usize)| match ending.as_str() {
            "" => format!("{count} without an ending"),
            ending => format!("{count} .{ending}"),
        };
        kinds.into_iter().map(kind).collect::<Vec<_>>().join(", ")
    }
}
