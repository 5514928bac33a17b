//! The training of zfnet-64 on Tiny-ImageNet's images: forward, backward, update and augmentation.

use anyhow::{Context, Result};
use core_net::zoo::{Ablation, Family, Initial, Pixels, Widths};
use core_net::{Net, Region};
use datasets::{Crops, ImageFolder};
use serde::Serialize;
use std::fs;
use std::path::Path;
use training::{Plateau, Recipe, TrainingRun};

/// Images in an epoch.
const EXAMPLES: usize = 6400;
const CLASSES: usize = 100;
/// Height and width of the images.
const SIDE: usize = 64;
/// About one over the deviation of a byte.
const SCALE: f32 = 1.0 / 62.0;
/// Seed of the weights and of everything random.
const SEED: u64 = 1;

const WEIGHTS: &str = "zfnet-64.safetensors";
const IMAGES: &str = "small-images.u8";
const LABELS: &str = "small-images.labels";

const DESIGN: Ablation = Ablation { family: Family::ZfNet, pixels: Pixels::Small, widths: Widths::SMALL };

/// The measurement of one epoch, after one that is not measured.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct EpochMeasurement {
    /// Training images a second.
    pub images_per_second: f64,
    /// The mean loss of the first epoch: the other side must find about the same.
    pub loss: f64,
    /// Floating-point operations for one image, two for each multiply-add, on the way forward and back.
    pub operations: usize,
}

/// Writes the net's first weights, and the first images with their labels as bytes, unless they are there.
///
/// # Errors
/// When the images cannot be read or a file cannot be written.
pub fn prepare_learning(data: &Path, work: &Path) -> Result<()> {
    fs::create_dir_all(work)?;
    let size = (EXAMPLES * 3 * SIDE * SIDE) as u64;
    if work.join(IMAGES).metadata().is_ok_and(|file| file.len() == size) {
        return Ok(());
    }
    fs::write(work.join(WEIGHTS), untrained()?.to_safetensors())?;
    let folder = ImageFolder::open(&data.join("tiny-imagenet-100/train.tar.gz"))?;
    let first = folder.select(&(0..EXAMPLES).collect::<Vec<_>>());
    let pixels = datasets::Pixels::read(&first, SIDE, || ())?;
    fs::write(work.join(LABELS), pixels.labels().iter().map(|&label| label as u8).collect::<Vec<u8>>())?;
    fs::write(work.join(IMAGES), pixels.bytes()).context("the images cannot be written")
}

fn untrained() -> Result<Net> {
    Ok(DESIGN.net(CLASSES, Initial::EvenGuesses { seed: SEED })?)
}

/// Trains for two epochs on the files of [`prepare_learning`], and times the second.
///
/// # Errors
/// When a file cannot be read.
pub fn learn(work: &Path) -> Result<EpochMeasurement> {
    let read = |name: &str| fs::read(work.join(name)).with_context(|| format!("{name}: cannot be read"));
    let labels = read(LABELS)?.into_iter().map(usize::from).collect();
    let classes = (0..CLASSES).map(|class| class.to_string()).collect();
    let pixels = datasets::Pixels::new(read(IMAGES)?, SIDE, labels, classes);
    let crops = Crops::new(&pixels.mean(), DESIGN.side(), SCALE);
    let plateau = Plateau { patience: 9, factor: 0.1, latest: vec![] };
    let recipe = Recipe { plateau, ..Recipe::zeiler_fergus(2, 128) };
    let net = untrained()?.load(&work.join(WEIGHTS))?;
    let operations = operations(&net);
    let mut training = TrainingRun::new(net, recipe, SEED);
    let load = |examples: &[usize], rng: &mut _| {
        let labels = examples.iter().map(|&example| pixels.labels()[example]).collect();
        Ok::<_, anyhow::Error>((crops.random(&pixels, examples, rng), labels))
    };
    for _ in 0..2 {
        let statistics = training.epoch(EXAMPLES, load, |_| ())?;
        training.validated(statistics, 1.0);
    }
    let [first, second] = [0, 1].map(|epoch| &training.epochs()[epoch]);
    Ok(EpochMeasurement { images_per_second: EXAMPLES as f64 / second.seconds, loss: first.loss, operations })
}

/// Forward pass, weight gradients and input gradients; the first layer has no input gradient.
fn operations(net: &Net) -> usize {
    let products = |net: &Net| net.multiply_adds(Region::whole([DESIGN.side(); 2]));
    2 * (3 * products(net) - products(&net.up_to(1)))
}
