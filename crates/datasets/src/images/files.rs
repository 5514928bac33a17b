//! Image files as bytes, in the order of their listing.

use crate::DataError;
use crate::image_folder::{Archive, Member, Place};
use std::fs;
use std::path::{Path, PathBuf};
use std::vec;

/// An image that has not been decoded.
pub(crate) struct ImageFile {
    pub name: String,
    pub label: Option<usize>,
    /// For messages: the name of an archive's member follows the archive's.
    pub path: PathBuf,
    pub bytes: Vec<u8>,
}

/// The files of a folder or an archive, read one after the other.
pub(crate) struct Files {
    root: PathBuf,
    archive: Option<Archive>,
    members: vec::IntoIter<Member>,
}

impl Files {
    pub fn open(root: &Path, members: Vec<Member>) -> Result<Files, DataError> {
        let is_archive = members.iter().any(|member| matches!(member.place, Place::Archive { .. }));
        let archive = is_archive.then(|| Archive::open(root)).transpose()?;
        Ok(Files { root: root.to_owned(), archive, members: members.into_iter() })
    }

    fn read(&mut self, member: Member) -> Result<ImageFile, DataError> {
        let Member { name, label, place } = member;
        let (path, bytes) = match place {
            Place::File(path) => {
                let bytes = fs::read(&path).map_err(DataError::io(&path, "a file that can be read"))?;
                (path, bytes)
            }
            Place::Archive { offset, size } => {
                let archive = self.archive.as_mut().expect("it was opened for its members");
                (self.root.join(&name), archive.read(offset, size)?)
            }
        };
        Ok(ImageFile { name, label, path, bytes })
    }
}

impl Iterator for Files {
    type Item = Result<ImageFile, DataError>;

    fn next(&mut self) -> Option<Self::Item> {
        let member = self.members.next()?;
        Some(self.read(member))
    }
}
