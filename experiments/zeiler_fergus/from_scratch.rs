//! Nets trained from scratch on a few images of each class, to compare with transferred features.

use super::ablations::unchanged;
use super::training_data::TrainingData;
use super::transfer::{Collection, SeededFold};
use anyhow::Result;
use datasets::Pixels;
use lab::{Run, Size};
use unit_analysis::mean_class_accuracy;

/// The net that replaces the paper's.
pub const TRAINED_HERE: &str = "zfnet-64, trained on the fold's training images alone, of 64 × 64 pixels, for as many epochs as make the images seen about 100,000; \
    unlike the paper, whose net was that of the row above";

/// Images in all epochs of a training run.
const SEEN: usize = 100_000;
/// At smoke size.
const SMOKE: usize = 400;

/// Height and width of the images.
const SIDE: usize = 64;

/// The images of a collection, small.
pub struct FromScratch<'a> {
    collection: &'a Collection,
    pixels: Pixels,
}

impl<'a> FromScratch<'a> {
    /// Reads all images.
    ///
    /// # Errors
    /// When an image cannot be read.
    pub fn on(run: &Run, collection: &'a Collection) -> Result<Self> {
        let progress = run.progress(&format!("read {}", collection.name), collection.images.len());
        let pixels = Pixels::read(&collection.images, SIDE, || progress.inc(1))?;
        Ok(Self { collection, pixels })
    }

    /// The mean per-class accuracy, in %, on the test images of each fold, after training on n images of each class.
    ///
    /// # Errors
    /// As [`Collection::folds`] and [`Run::trained`].
    pub fn accuracies(&self, run: &Run, n: usize) -> Result<Vec<f64>> {
        self.collection.folds(run, n)?.iter().map(|draw| self.accuracy(run, n, draw)).collect()
    }

    fn accuracy(&self, run: &Run, n: usize, SeededFold { fold, seed, number }: &SeededFold) -> Result<f64> {
        let data = TrainingData::without_validation(run, self.pixels.select(&fold.train))?;
        let seen = if run.size() == Size::Smoke { SMOKE } else { SEEN };
        let recipe = data.recipe_of((seen / fold.train.len()).max(1));
        let name = format!("zfnet-64 on {}, {n} per class, fold {number}", self.collection.name);
        let trained = data.train(run, &name, unchanged(run.size()), &recipe, *seed)?;
        let test = self.pixels.select(&fold.test);
        let predicted = data.predict(&trained.net, unchanged(run.size()), &test);
        Ok(100.0 * mean_class_accuracy(&predicted, test.labels()))
    }
}
