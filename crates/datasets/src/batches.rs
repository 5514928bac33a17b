//! Batches of preprocessed images.

use crate::images::{Files, ImageFile, Window};
use crate::{BrokenImages, DataError, PictureRemark, Preprocessing};
use std::path::PathBuf;
use tensor::{Tensor, tensor_of};

/// Preprocessed images with their labels and names.
#[derive(Clone, Debug)]
pub struct Batch {
    /// **Shape** `[n, c, h, w]`, f32.
    pub images: Tensor,
    /// The number of each image's class, where one is known.
    pub labels: Vec<Option<usize>>,
    /// Each image's path below the folder or in the archive.
    pub names: Vec<String>,
    /// The names of images to which something was done that is not expected, and what.
    pub remarks: Vec<(String, PictureRemark)>,
}

/// The preprocessed images of an [`ImageFolder`](crate::ImageFolder) in its order, n at a time and fewer at the end.
///
/// Images are decoded and preprocessed in parallel; only a batch and a few files are in memory.
/// Broken images that are left out make no batch smaller.
pub struct Batches {
    items: Window<Item>,
    n: usize,
}

/// A preprocessed image.
struct Item {
    name: String,
    label: Option<usize>,
    path: PathBuf,
    /// Channels, height, width.
    shape: [usize; 3],
    values: Vec<f32>,
    remarks: Vec<PictureRemark>,
}

impl Item {
    fn remarks(&self) -> impl Iterator<Item = (String, PictureRemark)> {
        self.remarks.iter().map(|&remark| (self.name.clone(), remark))
    }
}

impl Batches {
    pub(crate) fn new(files: Files, n: usize, preprocessing: Preprocessing, broken: BrokenImages) -> Batches {
        assert!(n > 0, "batches: expected at least one image in a batch");
        Batches { items: Window::new(files, broken, move |file| item(file, &preprocessing)), n }
    }

    /// The number of broken images left out so far.
    pub fn skipped(&self) -> usize {
        self.items.skipped()
    }
}

impl Iterator for Batches {
    type Item = Result<Batch, DataError>;

    fn next(&mut self) -> Option<Self::Item> {
        let items: Result<Vec<Item>, DataError> = self.items.by_ref().take(self.n).collect();
        match items {
            Ok(items) if items.is_empty() => None,
            items => Some(items.and_then(stack)),
        }
    }
}

fn item(file: ImageFile, preprocessing: &Preprocessing) -> Result<Item, DataError> {
    let (name, label, path) = (file.name.clone(), file.label, file.path.clone());
    let ((shape, values), remarks) = preprocessing.read(file)?;
    Ok(Item { name, label, path, shape, values, remarks })
}

/// The items as one batch.
fn stack(items: Vec<Item>) -> Result<Batch, DataError> {
    let [channels, h, w] = items[0].shape;
    if let Some(other) = items.iter().find(|item| item.shape != items[0].shape) {
        return Err(DataError::Image {
            path: other.path.clone(),
            expected: format!("{h} by {w} pixels like the images before it"),
            found: format!("{} by {}", other.shape[1], other.shape[2]),
        });
    }
    let values = items.iter().flat_map(|item| item.values.iter().copied()).collect();
    Ok(Batch {
        images: tensor_of(values, &[items.len(), channels, h, w]),
        labels: items.iter().map(|item| item.label).collect(),
        remarks: items.iter().flat_map(Item::remarks).collect(),
        names: items.into_iter().map(|item| item.name).collect(),
    })
}
