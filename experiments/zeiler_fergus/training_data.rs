//! Training and validation images, and how nets are trained and evaluated on them.

use super::ablations::{Entry, divisor, entries};
use super::learning_curves::LearningCurve;
use anyhow::Result;
use core_net::Net;
use core_net::zoo::{Ablation, Initial, Pixels};
use datasets::{Crops, ImageFolder, LabeledImages, Splits};
use lab::{Progress, Run, Size, TrainedNet};
use tensor::{Tensor, add, argmax};
use training::{EpochStatistics, Recipe, TopKErrors, TrainingRun, data_dependent_init, mean_probabilities};

/// The images' bytes, less the mean, are divided by about their deviation.
const SCALE: f32 = 1.0 / 62.0;

/// Images that the means and variances of the first activations are taken over.
const FIRST: usize = 512;

/// Images that the mean is taken over at most.
const MEAN_OF: usize = 100_000;

/// Default number of validation images in a batch; each has ten crops.
const BATCH: usize = 100;

/// Labeled images in two splits, and the crops that nets see of them.
pub struct TrainingData {
    train: LabeledImages,
    val: LabeledImages,
    mean: Tensor,
    size: Size,
    divisor: usize,
    /// Validation images in a batch.
    batch: usize,
}

/// The images, and the nets of Table 3 for them: of ImageNet where the data folder has it in its official layout, of Tiny-ImageNet elsewhere.
///
/// # Errors
/// When images cannot be read.
pub fn load_training_data(run: &Run) -> Result<(TrainingData, Vec<Entry>)> {
    let (splits, pixels) = match run.imagenet()? {
        Some(splits) => (splits, Pixels::Paper),
        None => (run.tiny_imagenet()?, Pixels::Small),
    };
    let data = TrainingData::read(run, &splits, pixels)?;
    let entries = entries(pixels, data.divisor);
    Ok((data, entries))
}

impl TrainingData {
    /// The images of these splits; at smoke size a few. Small ones are read into memory, large ones from their files whenever they are wanted.
    ///
    /// # Errors
    /// When an image cannot be read.
    pub fn read(run: &Run, splits: &Splits, pixels: Pixels) -> Result<Self> {
        let limit = run.limit().or((run.size() == Size::Smoke).then_some(256));
        let read = |folder: &ImageFolder, what: &str| {
            let count = folder.len().min(limit.unwrap_or(usize::MAX));
            // At equal distances: images of a class may lie together.
            let some: Vec<usize> = (0..count).map(|number| number * folder.len() / count).collect();
            let folder = folder.select(&some);
            if pixels == Pixels::Paper {
                return Ok(LabeledImages::OnDemand { folder, side: 256 });
            }
            let progress = run.progress(what, some.len());
            datasets::Pixels::read(&folder, 64, || progress.inc(1)).map(LabeledImages::InMemory)
        };
        let train = read(&splits.train, "read training images")?;
        let val = read(&splits.val, "read validation images")?;
        let mean = train.mean(MEAN_OF)?;
        let divisor = divisor(pixels, run.size());
        Ok(Self { train, val, mean, size: run.size(), divisor, batch: run.batch(BATCH) })
    }

    /// Small training images without validation: the learning rate then follows the training error.
    ///
    /// # Errors
    /// When there is no image.
    pub fn without_validation(run: &Run, train: datasets::Pixels) -> Result<Self> {
        let (val, train) = (LabeledImages::InMemory(train.select(&[])), LabeledImages::InMemory(train));
        let mean = train.mean(train.len())?;
        let divisor = divisor(Pixels::Small, run.size());
        Ok(Self { train, val, mean, size: run.size(), divisor, batch: run.batch(BATCH) })
    }

    /// A sentence on images, classes, recipe, training time and widths.
    pub fn scale(&self, curves: &[LearningCurve]) -> String {
        let [train, val] = self.counts();
        let (classes, batch) = (self.train.classes().len(), self.recipe().batch);
        let side = self.train.side();
        let epochs = curves.iter().map(|curve| curve.epochs.len());
        let (fewest, most) = (epochs.clone().min().unwrap_or(0), epochs.max().unwrap_or(0));
        let epochs = if fewest == most { most.to_string() } else { format!("{fewest} to {most}") };
        let seconds: f64 = curves.iter().flat_map(|curve| &curve.epochs).map(|epoch| epoch.seconds).sum();
        format!(
            "Scale: {train} training and {val} validation images of {classes} classes, {side} × {side} pixels; \
             {epochs} epochs in mini-batches of {batch}, {} nets, {:.0} minutes of training in all; \
             every width is the paper's divided by {}.",
            curves.len(),
            seconds / 60.0,
            self.divisor,
        )
    }

    /// Number of training and of validation images.
    pub fn counts(&self) -> [usize; 2] {
        [&self.train, &self.val].map(LabeledImages::len)
    }

    /// The recipe of the tables.
    ///
    /// Unlike the paper, which trains for 70 epochs, lowers the rate by hand and has no weight decay.
    pub fn recipe(&self) -> Recipe {
        self.recipe_of(match self.size {
            Size::Smoke => 2,
            Size::Default => 10,
            Size::Full => 40,
        })
    }

    /// The recipe of the longer training runs for the paper's figures.
    pub fn longer(&self) -> Recipe {
        self.recipe_of(match self.size {
            Size::Smoke => 2,
            Size::Default => 40,
            Size::Full => 70,
        })
    }

    /// The recipe with this number of epochs.
    pub fn recipe_of(&self, epochs: usize) -> Recipe {
        let batch = if self.size == Size::Smoke { 32 } else { 128 };
        Recipe::zeiler_fergus(epochs, self.train.len().min(batch))
    }

    /// The net called `name`, trained or from its file; by the longer recipe, with those of some epochs.
    ///
    /// # Errors
    /// As [`Run::trained`].
    pub fn train(
        &self,
        run: &Run,
        name: &str,
        design: Ablation,
        recipe: &Recipe,
        seed: u64,
    ) -> Result<TrainedNet> {
        let crops = Crops::new(&self.mean, design.side(), SCALE);
        let settings = (self.counts(), self.train.side(), SCALE);
        let train_epoch =
            |training: &mut TrainingRun, progress: &Progress| self.train_epoch(training, &crops, progress);
        let snapshots: &[usize] = if *recipe == self.longer() { &SNAPSHOTS } else { &[] };
        run.trained(name, &settings, (self.untrained(design, seed)?, recipe, seed), snapshots, train_epoch)
    }

    /// The net before training.
    ///
    /// # Errors
    /// When an image cannot be read any more, or the design has no net.
    pub fn untrained(&self, design: Ablation, seed: u64) -> Result<Net> {
        let crops = Crops::new(&self.mean, design.side(), SCALE);
        let some: Vec<usize> = (0..FIRST.min(self.train.len())).collect();
        let (first, _) = self.train.center(&crops, &some)?;
        let net = design.net(self.train.classes().len(), Initial::EvenGuesses { seed })?;
        Ok(data_dependent_init(net, &first))
    }

    /// The central crops of training images at equal distances, as a net of this design sees them.
    ///
    /// Unlike the paper's Fig. 4, "across all training examples", some of them, fewer at smaller sizes of the run.
    ///
    /// **Shape** `[n, 3, h, w]`
    ///
    /// # Errors
    /// When an image cannot be read any more.
    pub fn central_crops(&self, design: Ablation) -> Result<Tensor> {
        let n = match self.size {
            Size::Smoke => 64,
            Size::Default => 4_000,
            Size::Full => 20_000,
        };
        let crops = Crops::new(&self.mean, design.side(), SCALE);
        let n = n.min(self.train.len());
        let spread: Vec<usize> = (0..n).map(|number| number * self.train.len() / n).collect();
        Ok(self.train.center(&crops, &spread)?.0)
    }

    /// One epoch: random crops, then the error on the central crops of the validation images.
    fn train_epoch(&self, training: &mut TrainingRun, crops: &Crops, progress: &Progress) -> Result<()> {
        progress.expect(self.train.len());
        let load = |examples: &[usize], rng: &mut _| self.train.batch(crops, examples, rng);
        let statistics: EpochStatistics =
            training.epoch(self.train.len(), load, |learned| progress.inc(learned))?;
        if self.val.is_empty() {
            training.validated(statistics, statistics.error);
            return Ok(());
        }
        let errors = central(&self.val, crops, training.net(), self.batch)?;
        training.validated(statistics, errors.top1 as f64 / errors.n as f64);
        Ok(())
    }

    /// Validation errors of several nets together: the mean of their probabilities for ten crops of each image.
    ///
    /// # Errors
    /// When an image cannot be read any more.
    pub fn validate(&self, run: &Run, nets: &[(&Net, Ablation)]) -> Result<TopKErrors> {
        let progress = run.progress("validate on ten crops", self.val.len());
        misclassified(self.val.len(), self.batch, |examples| {
            let mut each = vec![];
            for (net, design) in nets {
                let (crops, labels) =
                    self.val.ten(&Crops::new(&self.mean, design.side(), SCALE), examples)?;
                each.push((mean_probabilities(&[net], &crops, 10), labels));
            }
            progress.inc(examples.len());
            let (first, labels) = each.pop().expect("a net");
            Ok((each.iter().fold(first, |sum, (more, _)| add(&sum, more)), labels))
        })
    }

    /// Predictions for other images: the class of the largest mean probability of ten crops.
    pub fn predict(&self, net: &Net, design: Ablation, images: &datasets::Pixels) -> Vec<usize> {
        let crops = Crops::new(&self.mean, design.side(), SCALE);
        let all: Vec<usize> = (0..images.len()).collect();
        let read = |some: &[usize]| argmax(&mean_probabilities(&[net], &crops.ten(images, some), 10));
        all.chunks(self.batch).flat_map(read).collect()
    }

    /// Training errors of a net, on central crops.
    ///
    /// # Errors
    /// When an image cannot be read any more.
    pub fn training_errors(&self, net: &Net, design: Ablation) -> Result<TopKErrors> {
        let crops = Crops::new(&self.mean, design.side(), SCALE);
        central(&self.train, &crops, net, self.batch)
    }
}

fn central(images: &LabeledImages, crops: &Crops, net: &Net, batch: usize) -> Result<TopKErrors> {
    misclassified(images.len(), batch, |examples| {
        let (images, labels) = images.center(crops, examples)?;
        Ok((net.probabilities(&net.output_of(&images)), labels))
    })
}

/// Counts the errors on n examples, a batch at a time; `evaluate` returns the probabilities and labels of some.
fn misclassified(
    n: usize,
    batch: usize,
    evaluate: impl Fn(&[usize]) -> Result<(Tensor, Vec<usize>)>,
) -> Result<TopKErrors> {
    let mut errors = TopKErrors::default();
    let all: Vec<usize> = (0..n).collect();
    for examples in all.chunks(batch) {
        let (probabilities, labels) = evaluate(examples)?;
        errors += TopKErrors::from_probabilities(&probabilities, &labels);
    }
    Ok(errors)
}

/// Epochs of a longer training whose nets are kept.
///
/// **Paper** Fig. 4: "epochs [1,2,5,10,20,30,40,64]"
pub const SNAPSHOTS: [usize; 8] = [1, 2, 5, 10, 20, 30, 40, 64];
