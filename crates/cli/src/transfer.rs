//! `glassbox transfer`: error rates of nets on adversarial examples of other nets.

mod matrix;
mod models;

use crate::class_table::Classes;
use crate::classes::check_classifier;
use crate::clean_images::{AttackedModel, CleanImages, Status};
use crate::job::{F64Bits, Job, Origin, Part, PartStore, read_all, to_bytes};
use crate::model::Model;
use crate::output::{check_output, print, unfinished};
use crate::pixels::Pixels;
use crate::remarks::remark;
use crate::targets::{TargetRule, Targets};
use crate::used::{Used, manifest_path};
use crate::warnings::sentence;
use adversarial::diagnosis::{AttackObservations, conclude};
use anyhow::{Result, ensure};
use clap::Args;
use core_net::Scores;
use matrix::Matrix;
use models::Models;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

/// Distort images for each net, and count how often every net misclassifies them (Szegedy et al. 2013)
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Transfer {
    #[command(flatten)]
    models: Models,
    /// Pictures, folders, .tar or .tar.gz archives, or .npy arrays (NCHW, already normalized)
    #[arg(long, value_name = "IMAGE", num_args = 1.., required = true)]
    images: Vec<PathBuf>,
    /// Random wrong classes; or any other class, the nearest one of each image for each net; or one class for all, by its number or its name in --labels; or a CSV file with a column `target`, perhaps with columns `file` and `label`
    #[arg(long, alias = "target", value_name = "random|any|K|NAME|FILE.csv", default_value = "random")]
    targets: TargetRule,
    /// The seed of random targets
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The classes' names: a text file with one in a line, or a CSV file [default: the first net's card's]
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
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
  glassbox card a.onnx --preset imagenet --labels classes.txt
  glassbox transfer a.onnx b.onnx c.onnx --images digits.npy --targets labeled.csv
  glassbox transfer fc1.safetensors fc2.safetensors --arch fc100-100-10,fc200-200-10 --images digits.npy -o transfer.csv

Stdout has the matrix: a row for the images as they are and one for each net that they were distorted for,
a column for each net that classifies them, with the share that it does not classify as their labels;
then how many images there are, how many of them reached their targets, the average distortion of those
(root mean square pixel change, pixels in 0-1; empty where none did), and how many the net assigns to the target
before any change, which are outside that average.
As in the paper, all distorted images are shown to the nets, those that missed their targets too.
A label is that of the CSV file, else the class that the first net predicts for the image as it is:
then the row `clean` says how often the others disagree with it.
FILE.csv has a line for each cell: made_for,read_by,error,low,high,n,found,distortion,already, with the 95 % interval of the error (Wilson).
The same targets are aimed at for all nets, which must read images of one shape, normalized alike, and have as many
classes, in the same order: nets of other shapes or class counts are refused before the work begins.
What limits the result for a net (a gradient of zero, targets that were not reached) is remarked as by `glassbox attack`.
The same command goes on where an earlier one was interrupted.";

/// The attack on each net, evaluated on all nets, in parts.
struct TransferJob {
    transfer: Transfer,
    models: Vec<Model>,
    scores: Vec<Scores>,
    names: Vec<String>,
    input: Vec<usize>,
    clean_images: CleanImages,
    attacked: Vec<AttackedModel>,
    targets: Targets,
    /// Evaluations of all nets so far.
    evaluations: Arc<AtomicUsize>,
}

/// Result of some images, distorted for one net.
#[derive(Deserialize, Serialize)]
pub struct TransferPart {
    /// How many images there are.
    n: usize,
    /// How many the net itself does not classify as their labels before they are distorted.
    clean: usize,
    /// By net that classifies them: how many it does not classify as their labels.
    misclassified: Vec<usize>,
    /// The distortions of those that reached their targets.
    distortions: Vec<F64Bits>,
    /// How many the net assigns to the target before they are distorted.
    already: usize,
    observations: Vec<AttackObservations>,
}

impl Transfer {
    pub fn job(mut self) -> Result<Box<dyn Job>> {
        check_output(&self.output, &["csv"])?;
        let names = self.models.names()?;
        let models = self.models.each()?;
        let nets = models::load(&models)?;
        let input = nets[0].nodes()[0].shape.clone();
        let scores = models.iter().zip(&nets).map(|(model, net)| check_classifier(model, net));
        let scores = scores.collect::<Result<Vec<Scores>>>()?;
        let card = models[0].card()?;
        check_cards(&models, &self.pixels, &input)?;
        self.pixels = self.pixels.with_card(card)?;
        let classes = Classes::read(self.labels.as_deref(), None, card)?;
        let clean_images = CleanImages::open(&self.images, (&models[0], &nets[0]), &self.pixels, self.quick)?;
        let attack = |(model, net)| clean_images.attacked_model(model, net);
        let mut attacked: Vec<AttackedModel> = models.iter().zip(&nets).map(attack).collect::<Result<_>>()?;
        let targets =
            Targets::choose(&self.targets, &clean_images, attacked[0].classes(), self.seed, &classes)?;
        let evaluations = Arc::new(AtomicUsize::new(0));
        attacked.iter_mut().for_each(|model| model.evaluations = evaluations.clone());
        Ok(Box::new(TransferJob {
            evaluations,
            models,
            scores,
            transfer: self,
            names,
            input,
            clean_images,
            attacked,
            targets,
        }))
    }
}

/// # Errors
/// When the card of a net says another preprocessing than the first's: the same pixels would not be the same images.
fn check_cards(models: &[Model], pixels: &Pixels, input: &[usize]) -> Result<()> {
    let described =
        |model: &Model| -> Result<String> { Ok(pixels.with_card(model.card()?)?.described(input)) };
    let expected = described(&models[0])?;
    for model in &models[1..] {
        let (path, first) = (model.path().display(), models[0].path().display());
        if !model.card_path().exists() && models[0].card_path().exists() {
            remark(format!("{path}: no card, so pictures are preprocessed as for {first}"));
            continue;
        }
        let found = described(model)?;
        ensure!(
            found == expected,
            "{path}: expected a card as that of {first}, pictures {expected}, found pictures {found}; options of preprocessing stand above both"
        );
    }
    Ok(())
}

impl Job for TransferJob {
    fn name(&self) -> &'static str {
        "transfer"
    }

    fn folder(&self) -> PathBuf {
        unfinished(&self.transfer.output)
    }

    fn origin(&self) -> Result<String> {
        let Transfer { models, images, targets, seed, labels: _, quick, output: _, pixels } = &self.transfer;
        let mut origin = Origin::new(self.name());
        for (number, path) in (1..).zip(images) {
            let what = if images.len() == 1 { "images".to_owned() } else { format!("images {number}") };
            origin = origin.file(&what, path)?;
        }
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

    fn at_once(&self) -> usize {
        self.clean_images.at_once()
    }

    fn images(&self, part: Part) -> usize {
        self.clean_images.size_of(part.index % self.clean_images.parts())
    }

    fn evaluations(&self) -> Option<Arc<AtomicUsize>> {
        Some(self.evaluations.clone())
    }

    fn part(&self, part: Part, _: &PartStore) -> Result<Vec<u8>> {
        let (net, part) = (part.index / self.clean_images.parts(), part.index % self.clean_images.parts());
        let attacked = &self.attacked[net];
        let images = self.clean_images.part(part)?;
        let classes = self.targets.select(images.range.clone(), self.attacked[0].net.predict(&images.inputs));
        let results = attacked.attack(&images, &classes);
        let distorted = self.clean_images.distorted(&images, &results.outcomes)?;
        let misclassified = |predicted: Vec<usize>| {
            predicted.iter().zip(&classes.labels).filter(|(class, label)| class != label).count()
        };
        let predicted = self.attacked.iter().map(|model| model.predictor.predict(&distorted));
        let with =
            |status: Status| results.outcomes.iter().filter(move |outcome| Status::new(outcome) == status);
        to_bytes(&TransferPart {
            n: images.range.len(),
            clean: misclassified(attacked.net.predict(&images.inputs)),
            misclassified: predicted.map(misclassified).collect(),
            distortions: with(Status::Found).map(|outcome| F64Bits(outcome.attempt().distortion)).collect(),
            already: with(Status::Already).count(),
            observations: attacked.observations(&images, &classes.labels, &results),
        })
    }

    fn finish(&self, parts: &PartStore) -> Result<()> {
        let all: Vec<TransferPart> = read_all(self, parts, 0).collect::<Result<_>>()?;
        let each: Vec<&[TransferPart]> = all.chunks_exact(self.clean_images.parts()).collect();
        let matrix = Matrix::new(&self.names, &each);
        let table = matrix.table()?;
        parts.write_output(&self.transfer.output, |writer| Ok(writer.write_all(&table)?))?;
        for ((name, parts), attacked) in self.names.iter().zip(&each).zip(&self.attacked) {
            self.remark(name, parts, attacked);
        }
        let nets = self.models.iter().zip(&self.attacked).zip(&self.scores);
        let used = nets.map(|((model, attacked), scores)| {
            Used::new(model, &self.transfer.pixels, &attacked.net).scores(Some(scores))
        });
        let mut used: Vec<Used> = used.collect();
        used.iter_mut().for_each(Used::say);
        used[0].keep_of_job(self, parts, &manifest_path(&self.transfer.output))?;
        print(&matrix.text()?)
    }
}

impl TransferJob {
    /// Remarks what limits the result for a net.
    fn remark(&self, name: &str, parts: &[TransferPart], attacked: &AttackedModel) {
        let of = |count: &dyn Fn(&TransferPart) -> usize| parts.iter().map(count).sum::<usize>();
        let (n, found, already) =
            (of(&|part| part.n), of(&|part| part.distortions.len()), of(&|part| part.already));
        if already > 0 {
            remark(format!(
                "{name}: {already} of {n} images are assigned to the target before any change: outside averages and counts"
            ));
        }
        if found == 0 && already < n {
            remark(format!("{name}: no adversarial example was found: there is no distortion to average"));
        }
        let observations: Vec<AttackObservations> =
            parts.iter().flat_map(|part| part.observations.iter().cloned()).collect();
        for warning in conclude(&attacked.of_pixels, &observations) {
            remark(format!("{name}: {}", sentence(&warning, self.transfer.quick)));
        }
    }
}
