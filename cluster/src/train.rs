//! `glassbox-mpi train`: one net, learned by all processes together.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};
use core_net::zoo::{Ablation, Family, Initial, Pixels, Widths};
use datasets::{Crops, ImageFolder, LabeledImages, Splits};
use rand_chacha::ChaCha8Rng;
use tensor::Tensor;
use training::{Recipe, Share, ProcessGroup, TopKErrors, TrainingRun, data_dependent_init};

use crate::course::Files;
use crate::world::World;

/// What the images' bytes, less the mean, are multiplied by.
const SCALE: f32 = 1.0 / 62.0;

/// Images that the means and variances of the first activations are taken over.
const FIRST: usize = 512;

/// Images that the mean is taken over at most.
const MEAN_OF: usize = 100_000;

/// Images that are judged at a time.
const JUDGED: usize = 100;

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
    /// Learns, and has rank 0 write what was learned.
    ///
    /// # Errors
    /// When images or the file of an earlier attempt cannot be read, or an output cannot be written.
    pub fn run(&self, world: &World) -> Result<()> {
        let lesson = TrainingInputs::read(self, world)?;
        let files = Files::open(&self.output, world)?;
        let mut course = files.begun(&lesson.untrained, &lesson.recipe, self.seed)?;
        while course.rate().is_some() {
            lesson.pass(&mut course, world)?;
            files.keep(&course, world)?;
            if world.is_root() {
                eprintln!("{}", story(&course));
            }
        }
        files.finish(&course, world)
    }

    fn recipe(&self, images: usize) -> Recipe {
        Recipe::zeiler_fergus(self.epochs as usize, images.min(self.batch as usize))
    }
}

/// The last epoch in a line.
fn story(course: &TrainingRun) -> String {
    let epoch = course.passed().last().expect("an epoch has passed");
    format!(
        "epoch {}: rate {}, loss {:.3}, misread {:.1} % in training, {:.2} % in validation, {:.1} s",
        course.passed().len(),
        epoch.rate,
        epoch.loss,
        100.0 * epoch.training_error,
        100.0 * epoch.validation_error,
        epoch.seconds,
    )
}

/// The images, the crops that the net sees of them, and how it learns.
struct TrainingInputs {
    train: LabeledImages,
    val: LabeledImages,
    crops: Crops,
    recipe: Recipe,
    untrained: core_net::Net,
}

impl TrainingInputs {
    fn read(train: &Train, world: &World) -> Result<Self> {
        let splits = Splits::new(ImageFolder::open(&train.examples)?, ImageFolder::open(&train.val)?)?;
        let (design, side) = train.net.design(train.divisor);
        let read = |folder: ImageFolder| match design.pixels {
            Pixels::Small => datasets::Pixels::read(&folder, side, || ()).map(LabeledImages::InMemory),
            Pixels::Paper => Ok(LabeledImages::OnDemand { folder, side }),
        };
        let [learned, judged] = [read(splits.train)?, read(splits.val)?];
        let recipe = train.recipe(learned.len());
        let most = recipe.batch;
        ensure!(
            world.size() <= most,
            "expected at most {most} processes, one for each image of a batch, found {}",
            world.size()
        );
        let crops = Crops::new(&learned.mean(MEAN_OF)?, design.side(), SCALE);
        let some: Vec<usize> = (0..FIRST.min(learned.len())).collect();
        let net = design.net(learned.classes().len(), Initial::EvenGuesses { seed: train.seed })?;
        let untrained = data_dependent_init(net, &learned.center(&crops, &some)?.0);
        Ok(Self { train: learned, val: judged, crops, recipe, untrained })
    }

    /// One epoch: random crops, then the error on the central crops of the validation images, which the processes divide too.
    fn pass(&self, course: &mut TrainingRun, world: &World) -> Result<()> {
        let load = |share: Share, rng: &mut ChaCha8Rng| {
            self.crops.skip(share.before(), rng);
            self.train.batch(&self.crops, share.own(), rng)
        };
        let learned = course.epoch_among(world, self.train.len(), load, |_| ())?;
        let error = self.error(course, world)?;
        course.validated(learned, error);
        Ok(())
    }

    fn error(&self, course: &TrainingRun, world: &World) -> Result<f64> {
        let all: Vec<usize> = (0..self.val.len()).collect();
        let mut found = TopKErrors::default();
        for examples in all.chunks(JUDGED).skip(world.rank()).step_by(world.size()) {
            let (images, labels) = self.val.center(&self.crops, examples)?;
            let probabilities: Tensor = course.net().probabilities(&course.net().output_of(&images));
            found += TopKErrors::from_probabilities(&probabilities, &labels);
        }
        let mut counts = [found.top1 as f64];
        world.total(&mut counts);
        Ok(counts[0] / self.val.len().max(1) as f64)
    }
}
