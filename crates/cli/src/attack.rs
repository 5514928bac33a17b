//! `glassbox attack`: the smallest distortion of an image that changes its predicted class.

use crate::clean_images::{AttackedModel, CleanImages};
use crate::job::{F64Bits, Job, Origin, Part, PartStore, read_all, to_bytes};
use crate::model::Model;
use crate::npy;
use crate::output::{csv_table, make_folder, print};
use crate::pixels::Pixels;
use crate::targets::{TargetRule, Targets, TargetsAndLabels};
use crate::warnings;
use adversarial::Outcome;
use adversarial::diagnosis::{AttackObservations, conclude};
use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::PathBuf;

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
    targets: TargetRule,
    /// The seed of random targets
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The folder for attack.csv, adversarial.npy and warnings.csv; until they are there it keeps what is found in `unfinished`
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
`warning` is not_finite, zero_gradient, probabilities_as_logits, random_model, at_chance (of the CSV file's labels), unreachable_target or unreached_target.
The same command goes on where an earlier one was interrupted.";

/// The attack on all images, in parts.
struct AttackJob {
    attack: Attack,
    input: Vec<usize>,
    clean_images: CleanImages,
    attacked: AttackedModel,
    targets: Targets,
}

/// Result of a part.
#[derive(Deserialize, Serialize)]
struct AttackPart {
    rows: Vec<Row>,
    observations: Vec<AttackObservations>,
    /// The distorted images as they lie in a .npy file, in base 64.
    distorted: String,
}

/// Result of an image.
#[derive(Deserialize, Serialize)]
struct Row {
    label: usize,
    target: usize,
    predicted: usize,
    found: bool,
    distortion: F64Bits,
    c: F64Bits,
    evaluations: usize,
}

impl Attack {
    pub fn job(self) -> Result<Box<dyn Job>> {
        let net = self.model.load()?;
        let input = net.nodes()[0].shape.clone();
        let clean_images = CleanImages::open(&self.images, (&self.model, &net), &self.pixels, self.quick)?;
        let attacked = clean_images.attacked_model(&self.model, net)?;
        let targets = Targets::choose(&self.targets, clean_images.len(), attacked.classes(), self.seed)?;
        make_folder(&self.output)?;
        Ok(Box::new(AttackJob { attack: self, input, clean_images, attacked, targets }))
    }
}

impl Job for AttackJob {
    fn name(&self) -> &'static str {
        "attack"
    }

    fn folder(&self) -> PathBuf {
        self.attack.output.join("unfinished")
    }

    fn origin(&self) -> Result<String> {
        let Attack { model, images, targets, seed, quick, pixels, output: _ } = &self.attack;
        let origin = Origin::new(self.name()).model("model", model)?.file("images", images)?;
        let origin = targets.origin(origin, *seed)?.setting("quick", quick);
        origin.setting("input", &self.input).setting("pixels", pixels).to_json()
    }

    fn stages(&self) -> Vec<usize> {
        vec![self.clean_images.parts()]
    }

    fn part(&self, part: Part, _: &PartStore) -> Result<Vec<u8>> {
        let images = self.clean_images.part(part.index)?;
        let classes = self.targets.select(images.range.clone(), self.attacked.net.predict(&images.inputs));
        let outcomes = self.attacked.min_distortions(&images, &classes.targets);
        let distorted = self.clean_images.distorted(&images, &outcomes)?;
        let rows = rows(&classes, &self.attacked.predictor.predict(&distorted), &outcomes);
        let observations = self.attacked.observations(&images, &classes, &outcomes);
        to_bytes(&AttackPart {
            rows,
            observations,
            distorted: STANDARD.encode(npy::bytes(&self.attack.model.from_channels_first(&distorted))),
        })
    }

    fn finish(&self, parts: &PartStore) -> Result<()> {
        let folder = &self.attack.output;
        let (mut rows, mut observations) = (Vec::new(), Vec::new());
        parts.write_output(&folder.join("adversarial.npy"), |writer| {
            let sides = self.attack.model.shape_in_file(&self.input);
            let shape = [&[self.clean_images.len()], &sides[..]].concat();
            writer.write_all(&npy::header(self.clean_images.dtype(), &shape))?;
            for part in read_all::<AttackPart>(self, parts, 0) {
                let part = part?;
                writer.write_all(&STANDARD.decode(part.distorted)?)?;
                rows.extend(part.rows);
                observations.extend(part.observations);
            }
            Ok(())
        })?;
        let table = table(&rows)?;
        parts.write_output(&folder.join("attack.csv"), |writer| Ok(writer.write_all(&table)?))?;
        warnings::report(folder, parts, &conclude(&self.attacked.of_pixels, &observations))?;
        print(&summary(&rows))
    }
}

fn rows(classes: &TargetsAndLabels, predicted: &[usize], outcomes: &[Outcome]) -> Vec<Row> {
    let row = |(example, outcome): (usize, &Outcome)| Row {
        label: classes.labels[example],
        target: classes.targets[example],
        predicted: predicted[example],
        found: outcome.is_found(),
        distortion: F64Bits(outcome.attempt().distortion),
        c: F64Bits(outcome.attempt().c),
        evaluations: outcome.attempt().evaluations,
    };
    outcomes.iter().enumerate().map(row).collect()
}

/// The lines of attack.csv.
fn table(rows: &[Row]) -> Result<Vec<u8>> {
    let row = |(example, row): (usize, &Row)| {
        let &Row { label, target, predicted, found, distortion, c, evaluations } = row;
        (example, label, target, predicted, found, distortion.0, c.0, evaluations)
    };
    csv_table(COLUMNS, rows.iter().enumerate().map(row))
}

fn summary(rows: &[Row]) -> String {
    let found: Vec<f64> = rows.iter().filter(|row| row.found).map(|row| row.distortion.0).collect();
    let mean = found.iter().sum::<f64>() / found.len().max(1) as f64;
    let (reached, images) = (found.len(), rows.len());
    format!("{reached} of {images} images are read as their targets, average distortion {mean:.6}\n")
}
