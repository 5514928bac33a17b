//! Random training and test images, a number of each class.

use crate::{DataError, ImageFolder};
use rand::seq::SliceRandom;

/// Images to train on and others to test on, as ascending indices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// As many of each class.
    pub train: Vec<usize>,
    /// The others, up to a number of each class.
    pub test: Vec<usize>,
}

/// How many images of each class a [`Fold`] has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerClass {
    /// To train on: exactly this number.
    pub train: usize,
    /// To test on: at most this number, and at least one.
    pub test: usize,
}

impl ImageFolder {
    /// A random fold of the images that have labels.
    ///
    /// The training images of a fold of this seed and number are among those of a larger one: each class is put into one order, and the first are trained on.
    /// The test images are those that follow them.
    ///
    /// **Paper** Zeiler & Fergus 2013, §5.2: "we randomly select 15 or 30 images per class for training and test on up to 50 images per class".
    ///
    /// # Errors
    /// When a class has not one image more than are trained on.
    pub fn fold(&self, per_class: PerClass, seed: u64, number: usize) -> Result<Fold, DataError> {
        let mut fold = Fold { train: Vec::new(), test: Vec::new() };
        let mut rng = tensor::seeded(seed, &format!("fold {number}"));
        for (class, mut images) in self.by_class().into_iter().enumerate() {
            if images.len() <= per_class.train {
                return Err(self.too_few(class, per_class.train + 1, images.len()));
            }
            images.shuffle(&mut rng);
            let (train, rest) = images.split_at(per_class.train);
            fold.train.extend(train);
            fold.test.extend(&rest[..per_class.test.min(rest.len())]);
        }
        fold.train.sort_unstable();
        fold.test.sort_unstable();
        Ok(fold)
    }

    /// The images of each class, as ascending indices.
    pub fn by_class(&self) -> Vec<Vec<usize>> {
        let mut images = vec![Vec::new(); self.classes().len()];
        for (image, label) in self.labels().enumerate() {
            if let Some(label) = label {
                images[label].push(image);
            }
        }
        images
    }

    fn too_few(&self, class: usize, expected: usize, found: usize) -> DataError {
        let class = self.classes()[class].clone();
        DataError::TooFew { path: self.path().to_owned(), class, expected, found }
    }
}
