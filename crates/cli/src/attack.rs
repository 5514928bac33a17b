//! `glassbox attack`: the smallest change of an image that a net reads as another class.

use std::io::Write;
use std::path::PathBuf;

use adversarial::diagnosis::{Evidence, diagnose};
use adversarial::{Outcome, min_distortion};
use anyhow::{Context, Result};
use clap::Args;
use core_net::Net;
use tensor::{DType, Tensor, tensor_of};

use crate::box_of_pixels::BoxOfPixels;
use crate::classes::logits;
use crate::images::{Images, report_skipped};
use crate::model::Model;
use crate::npy;
use crate::output::{make_folder, print, progress, write_file};
use crate::pixels::Pixels;
use crate::targets::{Aim, Targets};
use crate::warnings;

/// Images read at a time.
const BATCH: usize = 32;

/// Images attacked between two movements of the bar.
const PART: usize = 64;

/// The same of photographs, each of which takes seconds.
const PHOTOGRAPHS: usize = 8;

const COLUMNS: [&str; 8] =
    ["example", "label", "target", "predicted", "found", "distortion", "c", "evaluations"];

/// Find the smallest distortion of each image that the net reads as a target (Szegedy et al. 2013)
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Attack {
    #[command(flatten)]
    model: Model,
    /// JPEG or PNG files in a folder, a .tar or .tar.gz archive, or a .npy array (f32 or f64, NCHW, already normalized)
    #[arg(value_name = "IMAGES")]
    images: PathBuf,
    /// One class for all, or random wrong ones, or a CSV file with a column `target` and a row for each image in order, perhaps with a column `label`
    #[arg(long, value_name = "FILE.csv|K|random")]
    targets: Aim,
    /// The seed of random targets
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The folder for attack.csv, adversarial.npy and warnings.csv
    #[arg(short, long, value_name = "DIR", default_value = "attack")]
    output: PathBuf,
    /// For photographs and deep nets: compute the net in f32 and cut minimizations short, for a small part of the work and distortions about as small
    #[arg(long)]
    quick: bool,
    #[command(flatten)]
    pixels: Pixels,
}

const EXAMPLE: &str = "\
Examples:
  glassbox attack mnist.onnx digits.npy --targets random -o attack
  glassbox attack model.onnx photos/ --targets 859 --quick --resize 256 --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225

Pixels stay within 0 and 1 as they are before --mean, --std and --scale, and distortions are measured there:
where an array is normalized, these options must say how.
attack.csv has for each image: example,label,target,predicted,found,distortion,c,evaluations.
`label` is that of the CSV file, else the class that the net reads in the image;
`predicted` is the class that it reads in the distorted one.
adversarial.npy has the distorted images as the net expects them.
warnings.csv has what limits all this, one line each, or none: warning,images,of,sentence.
`warning` is not_finite, zero_gradient, probabilities_as_logits, random_model, at_chance (of the CSV file's labels), unreachable_target or unreached_target.";

impl Attack {
    pub fn run(self) -> Result<()> {
        let net = self.model.load()?;
        let input = net.nodes()[0].shape.clone();
        let images = Images::open(&self.images, &net, &self.pixels)?;
        let dtype = images.dtype();
        let net = logits(&self.model, net)?.to_dtype(DType::F64);
        let inputs = self.read(&images)?;
        let cube = BoxOfPixels::new(&self.pixels, &input);
        let pixels = cube.pixels_of(&inputs).with_context(|| self.images.display().to_string())?;
        let read = net.predict(&inputs);
        let targets = Targets::choose(&self.targets, &read, net.nodes()[net.output()].shape[0], self.seed)?;
        let of_pixels = cube.before(&net)?;
        let (settings, part) = self.settings();
        let outcomes = attack(&of_pixels, &pixels, &targets.targets, &settings, part);
        let distorted: Vec<f64> =
            outcomes.iter().flat_map(|outcome| outcome.attempt().image.clone()).collect();
        let adversarial = cube.inputs_of(&tensor_of(distorted, inputs.dims())).to_dtype(dtype)?;
        let predicted = net.to_dtype(dtype).predict(&adversarial);
        make_folder(&self.output)?;
        npy::write(&self.output.join("adversarial.npy"), &adversarial)?;
        let table = table(&targets, &predicted, &outcomes)?;
        write_file(&self.output.join("attack.csv"), |writer| Ok(writer.write_all(&table)?))?;
        let evidence = Evidence {
            net: &of_pixels,
            attack: &settings,
            images: &pixels,
            labels: Some(&targets.labels),
            targets: &targets.targets,
            outcomes: &outcomes,
        };
        warnings::report(&self.output, &diagnose(&evidence))?;
        print(&summary(&outcomes))
    }

    /// The settings of the search, and how many images are attacked between two movements of the bar.
    fn settings(&self) -> (adversarial::Attack, usize) {
        if self.quick {
            (adversarial::Attack::of_photographs(), PHOTOGRAPHS)
        } else {
            (adversarial::Attack::default(), PART)
        }
    }

    /// All images, as the net expects them, in f64.
    fn read(&self, images: &Images) -> Result<Tensor> {
        let batches = images.batches(BATCH)?.map(|batch| Ok(batch?.images.to_dtype(DType::F64)?));
        let batches: Vec<Tensor> = batches.collect::<Result<_>>()?;
        let found = batches.iter().map(|batch| batch.dims()[0]).sum();
        report_skipped(&self.images, images.len(), found)?;
        Ok(Tensor::cat(&batches, 0)?)
    }
}

/// The smallest distortions, with a bar.
fn attack(
    net: &Net,
    pixels: &Tensor,
    targets: &[usize],
    settings: &adversarial::Attack,
    part: usize,
) -> Vec<Outcome> {
    let bar = progress("attack", targets.len());
    let mut outcomes = Vec::with_capacity(targets.len());
    for targets in targets.chunks(part) {
        let part = pixels.narrow(0, outcomes.len(), targets.len()).expect("within the batch");
        outcomes.extend(min_distortion(net, &part, targets, settings));
        bar.set_position(outcomes.len() as u64);
    }
    bar.finish_and_clear();
    outcomes
}

/// The lines of attack.csv.
fn table(targets: &Targets, predicted: &[usize], outcomes: &[Outcome]) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(COLUMNS)?;
    for (example, outcome) in outcomes.iter().enumerate() {
        let attempt = outcome.attempt();
        let [label, target, predicted] =
            [targets.labels[example], targets.targets[example], predicted[example]];
        let found = outcome.is_found();
        table.serialize((
            example,
            label,
            target,
            predicted,
            found,
            attempt.distortion,
            attempt.c,
            attempt.evaluations,
        ))?;
    }
    Ok(table.into_inner()?)
}

fn summary(outcomes: &[Outcome]) -> String {
    let found: Vec<f64> = outcomes
        .iter()
        .filter(|outcome| outcome.is_found())
        .map(|outcome| outcome.attempt().distortion)
        .collect();
    let mean = found.iter().sum::<f64>() / found.len().max(1) as f64;
    let (reached, images) = (found.len(), outcomes.len());
    format!("{reached} of {images} images are read as their targets, average distortion {mean:.6}\n")
}
