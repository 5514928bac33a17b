//! Whether a folder is one of classes, each with images.

use super::ImageFolder;
use crate::DataError;
use std::collections::BTreeSet;

impl ImageFolder {
    /// The same images, each of which has a label.
    ///
    /// # Errors
    /// When an image has none, or a folder beside those of the classes has no image.
    pub(crate) fn in_classes(self) -> Result<ImageFolder, DataError> {
        if let Some((stray, _)) = self.names().zip(self.labels()).find(|(_, label)| label.is_none()) {
            return Err(DataError::Image {
                path: self.path().join(stray),
                expected: "the folder of a class around it".into(),
                found: "none".into(),
            });
        }
        let Some(class) = self.empty_folder() else { return Ok(self) };
        Err(DataError::TooFew { path: self.path().to_owned(), class, expected: 1, found: 0 })
    }

    /// The first folder that stands beside the classes' and in which there is no image.
    fn empty_folder(&self) -> Option<String> {
        let folders: BTreeSet<&String> = self.folders.iter().filter(|name| !name.contains('/')).collect();
        folders.into_iter().find(|folder| self.classes.binary_search(folder).is_err()).cloned()
    }
}
