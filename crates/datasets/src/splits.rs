//! Training and validation images of the same classes.

use crate::table::{Table, unlike};
use crate::{DataError, ImageFolder};
use std::collections::BTreeSet;
use std::path::Path;

/// Training and validation images; a label means the same class in both.
#[derive(Clone, Debug)]
pub struct Splits {
    /// The training images.
    pub train: ImageFolder,
    /// The validation images.
    pub val: ImageFolder,
    /// What each class shows, by label; [`ImageFolder::classes`] has the names of the folders.
    pub names: Vec<String>,
}

impl Splits {
    /// Tiny-ImageNet: `train` and `val` with a folder of images for each class, each split a folder or an archive, and the classes' names.
    ///
    /// The column `wnid` of the CSV file is the name of a class's folder, `name` what it shows.
    ///
    /// # Errors
    /// When something of it cannot be read, a class's folder is empty, or the three do not have the same classes.
    pub fn tiny_imagenet(train: &Path, val: &Path, classes: &Path) -> Result<Splits, DataError> {
        let splits = Splits::new(ImageFolder::open(train)?, ImageFolder::open(val)?)?;
        let names = names(classes, &splits.train)?;
        Ok(Splits { names, ..splits })
    }

    /// Both splits, with the folders' names as the names of the classes.
    ///
    /// # Errors
    /// When a class's folder is empty, an image is in none, or one split has a class that the other lacks.
    pub fn new(train: ImageFolder, val: ImageFolder) -> Result<Splits, DataError> {
        let [train, val] = [train.in_classes()?, val.in_classes()?];
        all_of(&train, &val)?;
        all_of(&val, &train)?;
        Ok(Splits { names: train.classes().to_vec(), train, val })
    }
}

/// Whether `split` has images of every class of `other`.
fn all_of(split: &ImageFolder, other: &ImageFolder) -> Result<(), DataError> {
    let missing = other.classes().iter().find(|class| split.classes().binary_search(class).is_err());
    let Some(class) = missing else { return Ok(()) };
    Err(DataError::Class {
        path: split.path().to_owned(),
        expected: class.clone(),
        other: other.path().to_owned(),
        found: split.classes().len(),
    })
}

/// What the classes show, in the order of their folders.
fn names(path: &Path, images: &ImageFolder) -> Result<Vec<String>, DataError> {
    let table = Table::read(path)?;
    let [wnid, name] = [table.column(&["wnid"])?, table.column(&["name"])?];
    let listed: BTreeSet<&str> = table.rows.iter().map(|row| row[wnid].trim()).collect();
    if let Some(absent) = listed.iter().find(|wnid| !images.classes().iter().any(|class| class == **wnid)) {
        let expected = format!("classes of {}", images.path().display());
        return Err(unlike(path, &expected, format!("{absent}, of which there is no image")));
    }
    let of = |class: &String| {
        let row = table.rows.iter().find(|row| row[wnid].trim() == class);
        row.map(|row| row[name].to_owned()).ok_or_else(|| {
            unlike(
                path,
                &format!("a row for {class}, of which {} has images", images.path().display()),
                "none".into(),
            )
        })
    };
    images.classes().iter().map(of).collect()
}
