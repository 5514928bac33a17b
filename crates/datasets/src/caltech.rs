//! Caltech-101 and Caltech-256: a folder of images for each class.

use crate::{DataError, ImageFolder};
use std::path::Path;

/// The folders of images that show none of the classes: Caltech-101's and Caltech-256's.
const CLUTTER: [&str; 2] = ["BACKGROUND_Google", "257.clutter"];

/// Whether the images that show none of the classes are a class of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clutter {
    /// They are left out: 101 and 256 classes remain.
    LeftOut,
    /// They are one more class.
    Kept,
}

/// The images of Caltech-101 or Caltech-256 in the folder or archive `path`.
///
/// A class is a folder of images, as in `101_ObjectCategories` and `256_ObjectCategories`.
/// An archive may hold such a folder of folders in the place of the folders themselves.
///
/// **Paper** Zeiler & Fergus 2013, §5.2; Fei-Fei et al. 2006; Griffin et al. 2006.
///
/// # Errors
/// As [`ImageFolder::open`], and when an image lies in no class or a class has no image.
pub fn caltech(path: &Path, clutter: Clutter) -> Result<ImageFolder, DataError> {
    let images = ImageFolder::open(path)?.unwrapped().in_classes()?;
    match clutter {
        Clutter::Kept => Ok(images),
        Clutter::LeftOut => Ok(images.select_classes(|class| !CLUTTER.contains(&class))),
    }
}

impl ImageFolder {
    /// The same images, where all lie in folders of one folder, with these folders as classes.
    fn unwrapped(self) -> ImageFolder {
        let inner = |name: &str| Some(name.split_once('/')?.1.contains('/'));
        let [wrapper] = self.classes() else { return self };
        let wrapper = format!("{wrapper}/");
        if self.names().all(|name| inner(name) == Some(true)) { self.below(&wrapper) } else { self }
    }
}
