//! Images in class folders, in one flat folder, or the same as a tar archive: listed once, read as often as wanted.

mod archive;
mod folder;
mod in_classes;
mod listing;
mod long_name;

use crate::content::{Content, PICTURES};
use crate::images::{Files, ImageFile, Window, decode};
use crate::{Batches, BrokenImages, DataError, Images, Labels, Preprocessing};
pub(crate) use archive::Archive;
use listing::{Listing, PassedOver, is_named_archive, is_named_image};
pub(crate) use listing::{Member, Place};
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

/// The images of a folder, of a `.tar` or of a `.tar.gz`, in a fixed order: sorted by path in a folder, as they lie in an archive.
///
/// An image's class is the folder that it lies in, directly or deeper; labels number these folders as they sort.
/// An image in no folder has no label, and [`with_labels`](Self::with_labels) gives labels from a table instead.
/// Images are JPEG, PNG, WebP, BMP, TIFF and GIF files, of whose images the first is taken: those called so, and of the others those that begin so.
/// Other files are passed over and counted; hidden ones and those in hidden folders, whose names start with a dot, are left out without a word.
/// In names, control characters are written as escapes.
/// Whether an archive is compressed is known by its first bytes.
///
/// Only names and positions are kept in memory.
#[derive(Clone, Debug)]
pub struct ImageFolder {
    path: PathBuf,
    members: Vec<Member>,
    classes: Vec<String>,
    /// Every folder below it that is known, with slashes, those without images included.
    folders: Vec<String>,
    passed_over: PassedOver,
}

impl ImageFolder {
    /// The images below the folder `path`, in the archive `path`, or the single image file `path`.
    ///
    /// An archive is read to its end, so that a damaged one is refused here and not when half the work is done.
    ///
    /// # Errors
    /// When nothing can be read there, the archive is damaged or truncated, or there is no image.
    pub fn open(path: &Path) -> Result<ImageFolder, DataError> {
        let listing = if path.is_dir() { folder::listing(path)? } else { ImageFolder::of_file(path)? };
        if listing.members.is_empty() {
            let (count, kinds) = (listing.passed_over.count(), listing.passed_over.kinds());
            let found = if count > 0 { format!("{count} files ({kinds})") } else { "0 files".into() };
            return Err(DataError::NoImages { path: path.to_owned(), expected: PICTURES, found });
        }
        let Listing { members, folders, passed_over } = listing;
        let path = path.to_owned();
        Ok(ImageFolder { path, members, classes: Vec::new(), folders, passed_over }.below(""))
    }

    /// The image file or the archive `path`, by its content, or else by its name.
    fn of_file(path: &Path) -> Result<Listing, DataError> {
        let content = Content::of_file(path).map_err(DataError::io(path, "a file that can be read"))?;
        let name = path.to_string_lossy();
        match content {
            Content::Picture(_) => {}
            Content::Archive => return archive::listing(path),
            _ if is_named_archive(&name) => return archive::listing(path),
            _ if is_named_image(&name) => {}
            other => {
                return Err(DataError::Image {
                    path: path.to_owned(),
                    expected: format!("a {PICTURES} image, or a folder or a tar archive of them"),
                    found: other.name().into(),
                });
            }
        }
        Ok(Listing { members: vec![folder::single(path)], ..Listing::default() })
    }

    /// How many files were passed over because they are no images, and of which endings, if any.
    pub fn passed_over(&self) -> Option<String> {
        let (count, kinds) = (self.passed_over.count(), self.passed_over.kinds());
        (count > 0).then(|| format!("{count} files passed over, which are no pictures: {kinds}"))
    }

    /// The same images, labeled by the folders that they lie in below the one that `prefix` leads to.
    pub(crate) fn below(mut self, prefix: &str) -> ImageFolder {
        let below = |folder: &String| folder.strip_prefix(prefix).map(str::to_owned);
        self.folders = self.folders.iter().filter_map(below).collect();
        self.labeled(|name| Some(name.strip_prefix(prefix)?.split_once('/')?.0.to_owned()))
    }

    /// Only the images of the classes with wanted names, renumbered from 0.
    pub fn select_classes(&self, wanted: impl Fn(&str) -> bool) -> ImageFolder {
        let kept: Vec<usize> =
            (0..self.classes.len()).filter(|&class| wanted(&self.classes[class])).collect();
        let relabeled = |member: &Member| {
            let label = kept.binary_search(&member.label?).ok()?;
            Some(Member { label: Some(label), ..member.clone() })
        };
        ImageFolder {
            path: self.path.clone(),
            members: self.members.iter().filter_map(relabeled).collect(),
            classes: kept.iter().map(|&class| self.classes[class].clone()).collect(),
            folders: self.folders.clone(),
            passed_over: self.passed_over.clone(),
        }
    }

    /// The same images with the labels and class names of a table; images that it does not name have no label.
    ///
    /// # Errors
    /// When the table names a file that is not there.
    pub fn with_labels(mut self, labels: &Labels) -> Result<ImageFolder, DataError> {
        let names: HashSet<&str> = self.names().collect();
        if let Some(absent) = labels.files().find(|file| !names.contains(file)) {
            return Err(DataError::Table {
                path: labels.path().to_owned(),
                expected: format!("files of {}", self.path.display()),
                found: format!("{absent}, which is not there"),
            });
        }
        for member in &mut self.members {
            member.label = labels.label(&member.name);
        }
        labels.classes().clone_into(&mut self.classes);
        Ok(self)
    }

    /// Only the images at `index`, in the same order.
    ///
    /// # Panics
    /// When the indices do not ascend, or one is not below [`len`](Self::len).
    pub fn select(&self, index: &[usize]) -> ImageFolder {
        assert!(index.is_sorted_by(|a, b| a < b), "select: expected ascending indices, got {index:?}");
        let members = index.iter().map(|&i| self.members[i].clone()).collect();
        ImageFolder { members, ..self.clone() }
    }

    /// How many images there are, broken ones included.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is no image, as may be after [`select`](Self::select).
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The folder or archive.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The images' paths below the folder or in the archive, with slashes.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|member| member.name.as_str())
    }

    /// The images' labels.
    pub fn labels(&self) -> impl Iterator<Item = Option<usize>> {
        self.members.iter().map(|member| member.label)
    }

    /// The names of the classes, by label.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The decoded images, one after the other.
    ///
    /// # Errors
    /// When the archive cannot be opened any more.
    pub fn images(&self, broken: BrokenImages) -> Result<Images, DataError> {
        Ok(Images(Window::new(self.files()?, broken, decode)))
    }

    /// The preprocessed images, `n` at a time and fewer at the end.
    ///
    /// # Errors
    /// When the archive cannot be opened any more.
    ///
    /// # Panics
    /// When n is 0.
    pub fn batches(
        &self,
        n: usize,
        preprocessing: Preprocessing,
        broken: BrokenImages,
    ) -> Result<Batches, DataError> {
        Ok(Batches::new(self.files()?, n, preprocessing, broken))
    }

    /// All files, undecoded.
    pub(crate) fn files(&self) -> Result<Files, DataError> {
        Files::open(&self.path, self.members.clone())
    }

    /// The file at this index, undecoded.
    ///
    /// # Panics
    /// When the index is not below [`len`](Self::len).
    pub(crate) fn file(&self, index: usize) -> Result<ImageFile, DataError> {
        let mut one = Files::open(&self.path, vec![self.members[index].clone()])?;
        one.next().expect("a file for one member")
    }

    /// The same images, each in the class of its name, if any; labels number the classes as they sort.
    pub(crate) fn labeled(mut self, class: impl Fn(&str) -> Option<String>) -> ImageFolder {
        let classes: BTreeSet<String> = self.names().filter_map(&class).collect();
        self.classes = classes.into_iter().collect();
        for member in &mut self.members {
            member.label = class(&member.name).and_then(|class| self.classes.binary_search(&class).ok());
        }
        self
    }
}
