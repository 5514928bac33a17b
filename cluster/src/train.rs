//! `glassbox-mpi train`: one net, trained by all processes together.

use crate::communicator::Communicator;
use crate::training_folder::TrainingFolder;
use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};
use core_net::zoo::{Ablation, Family, Initial, Pixels, Widths};
use datasets::{Crops, ImageFolder, LabeledImages, Splits};
use rand_chacha::ChaCha8Rng;
use std::path::PathBuf;
use tensor::Tensor;
use training::{ProcessGroup, Recipe, Share, TopKErrors, TrainingRun, data_dependent_init};

/// What the images' bytes, less the mean, are multiplied by.
const SCALE: f32 = 1.0 / 62.0;

/// Images that the means and variances of the first activations are taken over.
const FIRST: usize = 512;

/// Images that the mean is taken over at most.
const MEAN_OF: usize = 100_000;

/// Validation images in a batch.
const VALIDATION_BATCH: usize = 100;

/// Train AlexNet or the net of Zeiler & Fergus (2013) by their recipe, every mini-batch divided among the processes
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Train {
    /// Images to learn from: a folder or an archive with a folder for each class
    #[arg(long = "train", value_name = "IMAGES")]
    examples: PathBuf,
    /// Images of the same classes to judge by
    #[arg(long, value_name = "IMAGES")]
    val: PathBuf,
    /// The net; those for 64 pixels see crops of 56
    #[arg(long, value_enum, default_value_t)]
    net: Name,
    /// What each of the paper's widths is divided by [default: 1, of the nets for 64 pixels 4]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    divisor: Option<u32>,
    /// Passes over the images
    #[arg(long, value_name = "N", default_value = "40", value_parser = clap::value_parser!(u32).range(1..))]
    epochs: u32,
    /// Images a step, those of all processes together
    #[arg(long, value_name = "N", default_value = "128", value_parser = clap::value_parser!(u32).range(1..))]
    batch: u32,
    /// The seed of the first weights and of all that is random afterwards
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The folder for net.safetensors, learning.csv and, while it learns, course.safetensors; every process must see it
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
}

const EXAMPLE: &str = "\
Example:
  mpirun -n 2 glassbox-mpi train --train train.tar.gz --val val.tar.gz --epochs 10 -o zfnet-64

Run again, with any number of processes, it goes on after the last finished epoch.
The weights are those of one process but for the order in which gradients are summed.";

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Name {
    /// Zeiler & Fergus' net for images of 64 pixels
    #[default]
    #[value(name = "zfnet-64")]
    ZfNet64,
    /// AlexNet for images of 64 pixels
    #[value(name = "alexnet-64")]
    AlexNet64,
    /// Zeiler & Fergus' net for images of 256 pixels
    #[value(name = "zfnet")]
    ZfNet,
    /// AlexNet for images of 256 pixels
    #[value(name = "alexnet")]
    AlexNet,
}

impl Name {
    /// The net, with each of the paper's widths divided, and the side to which images are resized for it.
    fn design(self, divisor: Option<u32>) -> (Ablation, usize) {
        let (family, pixels) = match self {
            Name::ZfNet64 => (Family::ZfNet, Pixels::Small),
            Name::AlexNet64 => (Family::AlexNet, Pixels::Small),
            Name::ZfNet => (Family::ZfNet, Pixels::Paper),
            Name::AlexNet => (Family::AlexNet, Pixels::Paper),
        };
        let (usual, side) = if pixels == Pixels::Small { (4, 64) } else { (1, 256) };
        let widths = Widths::PAPER.divided(divisor.unwrap_or(usual) as usize);
        (Ablation { family, pixels, widths }, side)
    }
}

impl Train {
    /// Trains the net; rank 0 writes the results.
    ///
    /// # Errors
    /// When images or the file of an earlier attempt cannot be read, or an output cannot be written.
    pub fn run(&self, communicator: &Communicator) -> Result<()> {
        let inputs = TrainingInputs::read(self, communicator)?;
        let folder = TrainingFolder::open(&self.output, communicator)?;
        let mut training = folder.resume(&inputs.untrained, &inputs.recipe, self.seed)?;
        while training.rate().is_some() {
            inputs.pass(&mut training, communicator)?;
            folder.keep(&training, communicator)?;
            if communicator.is_root() {
                eprintln!("{}", last_epoch(&training));
            }
        }
        folder.finish(&training, communicator)
    }

    fn recipe(&self, images: usize) -> Recipe {
        Recipe::zeiler_fergus(self.epochs as usize, images.min(self.batch as usize))
    }
}

/// The statistics of the last epoch in one line.
fn last_epoch(training: &TrainingRun) -> String {
    let epoch = training.epochs().last().expect("an epoch has passed");
    format!(
        "epoch {}: rate {}, loss {:.3}, misread {:.1} % in training, {:.2} % in validation, {:.1} s",
        training.epochs().len(),
        epoch.rate,
        epoch.loss,
        100.0 * epoch.training_error,
        100.0 * epoch.validation_error,
        epoch.seconds,
    )
}

/// The images, the crops that the net sees of them, the recipe and the untrained net.
struct TrainingInputs {
    train: LabeledImages,
    val: LabeledImages,
    crops: Crops,
    recipe: Recipe,
    untrained: core_net::Net,
}

impl TrainingInputs {
    fn read(train: &Train, communicator: &Communicator) -> Result<Self> {
        let splits = Splits::new(ImageFolder::open(&train.examples)?, ImageFolder::open(&train.val)?)?;
        let (design, side) = train.net.design(train.divisor);
        let read = |folder: ImageFolder| match design.pixels {
            Pixels::Small => datasets::Pixels::read(&folder, side, || ()).map(LabeledImages::InMemory),
            Pixels::Paper => Ok(LabeledImages::OnDemand { folder, side }),
        };
        let [training, validation] = [read(splits.train)?, read(splits.val)?];
        let recipe = train.recipe(training.len());
        let most = recipe.batch;
        ensure!(
            communicator.size() <= most,
            "expected at most {most} processes, one for each image of a batch, found {}",
            communicator.size()
        );
        let crops = Crops::new(&training.mean(MEAN_OF)?, design.side(), SCALE);
        let some: Vec<usize> = (0..FIRST.min(training.len())).collect();
        let net = design.net(training.classes().len(), Initial::EvenGuesses { seed: train.seed })?;
        let untrained = data_dependent_init(net, &training.center(&crops, &some)?.0);
        Ok(Self { train: training, val: validation, crops, recipe, untrained })
    }

    /// One epoch: random crops, then the error on the central crops of the validation images, which the processes divide too.
    fn pass(&self, training: &mut TrainingRun, communicator: &Communicator) -> Result<()> {
        let load = |share: Share, rng: &mut ChaCha8Rng| {
            self.crops.skip(share.before(), rng);
            self.train.batch(&self.crops, share.own(), rng)
        };
        let statistics = training.epoch_among(communicator, self.train.len(), load, |_| ())?;
        let error = self.error(training, communicator)?;
        training.validated(statistics, error);
        Ok(())
    }

    fn error(&self, training: &TrainingRun, communicator: &Communicator) -> Result<f64> {
        let all: Vec<usize> = (0..self.val.len()).collect();
        let mut found = TopKErrors::default();
        for examples in all.chunks(VALIDATION_BATCH).skip(communicator.rank()).step_by(communicator.size()) {
            let (images, labels) = self.val.center(&self.crops, examples)?;
            let probabilities: Tensor = training.net().probabilities(&training.net().output_of(&images));
            found += TopKErrors::from_probabilities(&probabilities, &labels);
        }
        let mut counts = [found.top1 as f64];
        communicator.all_reduce_f64(&mut counts);
        Ok(counts[0] / self.val.len().max(1) as f64)
    }
}
