//! `glassbox transfer`: error rates of nets on adversarial examples of other nets.

mod matrix;
mod models;

use crate::classes::check_classifier;
use crate::clean_images::{AttackedModel, CleanImages};
use crate::job::{F64Bits, Job, Origin, Part, PartStore, read_all, to_bytes};
use crate::output::{check_output, print, unfinished};
use crate::pixels::Pixels;
use crate::targets::{TargetRule, Targets};
use anyhow::Result;
use clap::Args;
use matrix::Matrix;
use models::Models;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::PathBuf;

/// Distort images for each net, and count how often every net misreads them (Szegedy et al. 2013)
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Transfer {
    #[command(flatten)]
    models: Models,
    /// JPEG or PNG files in a folder, a .tar or .tar.gz archive, or a .npy array (f32 or f64, NCHW, already normalized)
    #[arg(long, value_name = "IMAGES")]
    images: PathBuf,
    /// One class for all, or random wrong ones, or a CSV file with a column `target` and a row for each image in order, perhaps with a column `label`
    #[arg(long, value_name = "FILE.csv|K|random", default_value = "random")]
    targets: TargetRule,
    /// The seed of random targets
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// For photographs and deep nets: compute the nets in f32 and cut minimizations short, for a small part of the work and distortions about as small
    #[arg(long)]
    quick: bool,
    /// The errors with their intervals; until they are there, FILE.csv.unfinished keeps what is found
    #[arg(short, long, value_name = "FILE.csv", default_value = "transfer.csv")]
    output: PathBuf,
    #[command(flatten)]
    pixels: Pixels,
}

const EXAMPLE: &str = "\
Examples:
  glassbox transfer a.onnx b.onnx c.onnx --images digits.npy --targets labeled.csv
  glassbox transfer fc1.safetensors fc2.safetensors --arch fc100-100-10,fc200-200-10 --images digits.npy -o transfer.csv

Stdout has the matrix: a row for the images as they are and one for each net that they were distorted for,
a column for each net that reads them, with the share that it does not read as their labels;
then how many images there are, how many of them reached their targets, and the average distortion of those.
As in the paper, all distorted images are shown to the nets, those that missed their targets too.
A label is that of the CSV file, else what the first net reads in the image as it is:
then the row `clean` says how often the others disagree with it.
FILE.csv has a line for each cell: made_for,read_by,error,low,high,n,found,distortion, with the 95 % interval of the error (Wilson).
The same targets are aimed at for all nets, which must read images of one shape, normalized alike, and tell the same classes apart.
The same command goes on where an earlier one was interrupted.";

/// The attack on each net, evaluated on all nets, in parts.
struct TransferJob {
    transfer: Transfer,
    names: Vec<String>,
    input: Vec<usize>,
    clean_images: CleanImages,
    attacked: Vec<AttackedModel>,
    targets: Targets,
}

/// Result of some images, distorted for one net.
#[derive(Deserialize, Serialize)]
pub struct TransferPart {
    /// How many images there are.
    n: usize,
    /// How many the net itself does not read as their labels before they are distorted.
    clean: usize,
    /// By net that reads them: how many it does not read as their labels.
    misclassified: Vec<usize>,
    /// The distortions of those that reached their targets.
    distortions: Vec<F64Bits>,
}

impl Transfer {
    pub fn job(self) -> Result<Box<dyn Job>> {
        check_output(&self.output, &["csv"])?;
        let names = self.models.names()?;
        let models = self.models.each()?;
        let nets = models::load(&models)?;
        let input = nets[0].nodes()[0].shape.clone();
        for (model, net) in models.iter().zip(&nets) {
            check_classifier(model, net)?;
        }
        let clean_images = CleanImages::open(&self.images, (&models[0], &nets[0]), &self.pixels, self.quick)?;
        let attack = |(model, net)| clean_images.attacked_model(model, net);
        let attacked: Vec<AttackedModel> = models.iter().zip(nets).map(attack).collect::<Result<_>>()?;
        let targets = Targets::choose(&self.targets, clean_images.len(), attacked[0].classes(), self.seed)?;
        Ok(Box::new(TransferJob { transfer: self, names, input, clean_images, attacked, targets }))
    }
}

impl Job for TransferJob {
    fn name(&self) -> &'static str {
        "transfer"
    }

    fn folder(&self) -> PathBuf {
        unfinished(&self.transfer.output)
    }

    fn origin(&self) -> Result<String> {
        let Transfer { models, images, targets, seed, quick, output: _, pixels } = &self.transfer;
        let mut origin = Origin::new(self.name()).file("images", images)?;
        for (name, model) in self.names.iter().zip(&models.each()?) {
            origin = origin.model(name, model)?;
        }
        let origin = targets.origin(origin, *seed)?.setting("quick", quick);
        let origin = origin.setting("models", &self.names);
        origin.setting("input", &self.input).setting("pixels", pixels).to_json()
    }

    fn stages(&self) -> Vec<usize> {
        vec![self.attacked.len() * self.clean_images.parts()]
    }

    fn part(&self, part: Part, _: &PartStore) -> Result<Vec<u8>> {
        let (net, part) = (part.index / self.clean_images.parts(), part.index % self.clean_images.parts());
        let attacked = &self.attacked[net];
        let images = self.clean_images.part(part)?;
        let classes = self.targets.select(images.range.clone(), self.attacked[0].net.predict(&images.inputs));
        let outcomes = attacked.min_distortions(&images, &classes.targets);
        let distorted = self.clean_images.distorted(&images, &outcomes)?;
        let misclassified = |read: Vec<usize>| {
            read.iter().zip(&classes.labels).filter(|(class, label)| class != label).count()
        };
        let read = self.attacked.iter().map(|model| model.predictor.predict(&distorted));
        let found = outcomes.iter().filter(|outcome| outcome.is_found());
        to_bytes(&TransferPart {
            n: images.range.len(),
            clean: misclassified(attacked.net.predict(&images.inputs)),
            misclassified: read.map(misclassified).collect(),
            distortions: found.map(|outcome| F64Bits(outcome.attempt().distortion)).collect(),
        })
    }

    fn finish(&self, parts: &PartStore) -> Result<()> {
        let all: Vec<TransferPart> = read_all(self, parts, 0).collect::<Result<_>>()?;
        let each: Vec<&[TransferPart]> = all.chunks_exact(self.clean_images.parts()).collect();
        let matrix = Matrix::new(&self.names, &each);
        let table = matrix.table()?;
        parts.write_output(&self.transfer.output, |writer| Ok(writer.write_all(&table)?))?;
        print(&matrix.text()?)
    }
}
