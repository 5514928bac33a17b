//! `glassbox attack`: the smallest distortion of an image that changes its predicted class.

mod contact_sheet;
mod pictures;
mod robustness;
mod rows;

use crate::class_table::Classes;
use crate::classes::scores;
use crate::clean_images::{AttackResults, AttackedModel, CleanImages, ImagePart, Status, levels_of};
use crate::job::{F64Bits, Job, Origin, Part, PartStore, read_all, to_bytes};
use crate::model::Model;
use crate::npy;
use crate::output::{make_folder, print};
use crate::pixels::Pixels;
use crate::targets::{TargetRule, Targets};
use crate::used::{Used, manifest_path};
use crate::warnings;
use adversarial::LatticePoint;
use adversarial::diagnosis::{AttackObservations, conclude};
use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use contact_sheet::contact_sheet;
use core_net::Scores;
use pictures::{Picture, write_pictures};
use rows::{Row, remark_counts, summary, table};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use tensor::Tensor;

/// The quality of JPEG files that examples are tried in.
const JPEG_QUALITY: u8 = 90;

/// Find the smallest distortion of each image that changes its predicted class (Szegedy et al. 2013)
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Attack {
    #[command(flatten)]
    model: Model,
    /// Pictures, folders or archives of them, or .npy arrays (already normalized)
    #[arg(value_name = "IMAGE", required = true)]
    images: Vec<PathBuf>,
    /// Any other class, the nearest one of each image; or one class for all, by its number or its name in --labels; or random wrong ones; or a CSV file with a column `target`, perhaps with columns `file` and `label`
    #[arg(long, alias = "target", value_name = "any|random|K|NAME|FILE.csv", default_value = "any")]
    targets: TargetRule,
    /// The seed of random targets
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The classes' names: a text file with one in a line, or a CSV file [default: the card's]
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    /// The folder for attack.csv and all else; until they are there it keeps what is found in `unfinished`
    #[arg(short, long, value_name = "DIR", default_value = "attack")]
    output: PathBuf,
    /// For photographs and deep nets: compute the net in f32 and cut searches short, for a small part of the work and distortions about as small
    #[arg(long)]
    quick: bool,
    /// End each search at a picture of 8-bit pixels that is still adversarial, as near as one is found
    #[arg(long)]
    bytes: bool,
    /// Write pictures of so many images at most, the first ones
    #[arg(long, value_name = "N", default_value_t = 100)]
    pictures: usize,
    #[command(flatten)]
    pixels: Pixels,
}

const EXAMPLE: &str = "\
Examples:
  glassbox card model.onnx --preset imagenet --labels classes.txt
  glassbox attack model.onnx photos/ --quick -o attack
  glassbox attack model.onnx photos/ --quick --bytes --targets ostrich
  glassbox attack mnist.onnx digits.npy --targets random

Distortion: root mean square pixel change, pixels in 0-1. Pixels stay within 0 and 1 as they are before mean, std and
scale; where an array is normalized, these must say how. The line `pixels in 0..1 = ...` says what was used.

--targets any finds the smallest distortion to any other class, tried in the order of their distances by the net's
linearization (20 classes; 10 with --quick). Random targets are much farther: they overstate how robust a net is.
Every distortion is an upper bound: no search proves that none is smaller.

A CSV file of targets is matched to images by its column file or image; without one, its rows are the images in
order, and with --skip-broken the broken ones count too. A column label has what the images show.

DIR/attack.csv     example,image,label,target,predicted,status,distortion,l2,linf,rms,c,evaluations,survives_8_bits,
                   survives_jpeg_90,bytes_distortion,found; a line for each image
DIR/pictures/      NAME.png, the adversarial example in 8 bits, and NAME.clean.png, as large as the net reads; to read them
                   back as they are: glassbox run MODEL DIR/pictures/NAME.png --fit squash
DIR/contact_sheet.png  the first of them: clean, adversarial, and the difference magnified
DIR/adversarial.npy, clean.npy  as the net expects them
DIR/robustness.csv, .png  share of images whose smallest distortion exceeds each value
DIR/warnings.csv   what limits all this, a line each: warning,images,of,sentence
DIR/attack.csv.manifest.json  what was used, and the remarks

status: found; already (the net assigns the image to the target before any change: outside averages and counts);
not found (the row describes the last attempt). `found` is true for found and already, as in earlier versions.
label: that of the CSV file, else the class that the net predicts for the image; predicted: that of the distorted one.
distortion and rms are the same number; l2 is the norm, linf the largest change. c is empty where no penalty was used.
survives_8_bits and survives_jpeg_90: whether the picture, read back, is still adversarial (empty where none was found).
warning: not_finite, zero_gradient, probabilities_as_logits, random_model, at_chance (of the CSV file's labels),
unreachable_target or unreached_target.
The same command goes on where an earlier one was interrupted: every photograph is kept when it is done.";

/// The attack on all images, in parts.
struct AttackJob {
    attack: Attack,
    input: Vec<usize>,
    clean_images: CleanImages,
    attacked: AttackedModel,
    targets: Targets,
    classes: Classes,
    scores: Scores,
}

/// Result of a part.
#[derive(Deserialize, Serialize)]
struct AttackPart {
    rows: Vec<Row>,
    observations: Vec<AttackObservations>,
    /// The images before the attack as they lie in a .npy file, in base 64.
    clean: String,
    /// The distorted images likewise.
    distorted: String,
    /// Of each image the levels of its two pictures in base 64.
    pictures: Vec<[String; 2]>,
}

impl Attack {
    pub fn job(mut self) -> Result<Box<dyn Job>> {
        self.pixels = self.pixels.with_card(self.model.card()?)?;
        let net = self.model.load()?;
        let input = net.nodes()[0].shape.clone();
        let classes = Classes::read(self.labels.as_deref(), None, self.model.card()?)?;
        let clean_images = CleanImages::open(&self.images, (&self.model, &net), &self.pixels, self.quick)?;
        let scores = scores(&self.model, &net)?;
        let attacked = clean_images.attacked_model(&self.model, &net)?;
        classes.check_names(Some(attacked.classes()))?;
        let targets = Targets::choose(&self.targets, &clean_images, attacked.classes(), self.seed, &classes)?;
        make_folder(&self.output)?;
        Ok(Box::new(AttackJob { attack: self, input, clean_images, attacked, targets, classes, scores }))
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
        let Attack { model, images, targets, seed, labels: _, quick, bytes, pixels, pictures: _, output: _ } =
            &self.attack;
        let origin = Origin::new(self.name()).model("model", model)?;
        let named = (1..).zip(images);
        let origin = named.into_iter().try_fold(origin, |origin, (number, path)| {
            let what = if images.len() == 1 { "images".to_owned() } else { format!("images {number}") };
            origin.file(&what, path)
        })?;
        let origin = targets.origin(origin, *seed)?.setting("quick", quick).setting("bytes", bytes);
        origin.setting("input", &self.input).setting("pixels", pixels).to_json()
    }

    fn stages(&self) -> Vec<usize> {
        vec![self.clean_images.parts()]
    }

    fn at_once(&self) -> usize {
        self.clean_images.at_once()
    }

    fn images(&self, part: Part) -> usize {
        self.clean_images.size_of(part.index)
    }

    fn evaluations(&self) -> Option<Arc<AtomicUsize>> {
        Some(self.attacked.evaluations.clone())
    }

    fn part(&self, part: Part, _: &PartStore) -> Result<Vec<u8>> {
        let images = self.clean_images.part(part.index)?;
        let classes = self.targets.select(images.range.clone(), self.attacked.net.predict(&images.inputs));
        let results = self.attacked.attack(&images, &classes);
        let distorted = self.clean_images.distorted(&images, &results.outcomes)?;
        let predicted = self.attacked.predictor.predict(&distorted);
        let observations = self.attacked.observations(&images, &classes.labels, &results);
        let lattice = if self.attack.bytes {
            self.attacked.lattice_points(&images, &results)
        } else {
            vec![None; predicted.len()]
        };
        let clean = images.pixels();
        let (mut rows, mut pictures) = (Vec::new(), Vec::new());
        for (image, lattice) in lattice.into_iter().enumerate() {
            let attempt = results.outcomes[image].attempt();
            let levels =
                lattice.as_ref().map_or_else(|| levels_of(&attempt.image), |point| point.levels.clone());
            let row = Row::new(classes.labels[image], predicted[image], &results, image, &clean[image]);
            rows.push(self.with_survival(row, &results, image, &levels, lattice.as_ref()));
            pictures.push([levels_of(&clean[image]), levels].map(|levels| STANDARD.encode(levels)));
        }
        let encoded =
            |images: &Tensor| STANDARD.encode(npy::bytes(&self.attack.model.images_in_file(images)));
        let clean = encoded(&self.clean_inputs(&images)?);
        to_bytes(&AttackPart { rows, observations, clean, distorted: encoded(&distorted), pictures })
    }

    fn finish(&self, parts: &PartStore) -> Result<()> {
        let folder = &self.attack.output;
        let (mut rows, mut observations) = (Vec::new(), Vec::new());
        self.write_array(parts, "adversarial.npy", |part| {
            rows.extend(part.rows);
            observations.extend(part.observations);
            part.distorted
        })?;
        self.write_array(parts, "clean.npy", |part| part.clean)?;
        let table = table(&rows, self.clean_images.names())?;
        parts.write_output(&folder.join("attack.csv"), |writer| Ok(writer.write_all(&table)?))?;
        robustness::write(folder, parts, &rows)?;
        let shown = self.write_pictures(parts, &rows)?;
        let Attack { model, pixels, .. } = &self.attack;
        let mut used = Used::new(model, pixels, &self.attacked.net).scores(Some(&self.scores));
        used.say();
        remark_counts(&rows, shown);
        warnings::report(
            folder,
            parts,
            &conclude(&self.attacked.of_pixels, &observations),
            self.attack.quick,
        )?;
        used.keep_of_job(self, parts, &manifest_path(&folder.join("attack.csv")))?;
        let pixels = self.clean_images.box_described();
        print(&format!("{pixels}; distortion: root mean square pixel change, pixels in 0-1\n"))?;
        print(&summary(&rows, self.targets.are_any(), self.attack.bytes))
    }
}

impl AttackJob {
    fn clean_inputs(&self, images: &ImagePart) -> Result<Tensor> {
        Ok(images.inputs.to_dtype(self.clean_images.dtype())?)
    }

    /// The row with what becomes of the example in files.
    fn with_survival(
        &self,
        row: Row,
        results: &AttackResults,
        image: usize,
        levels: &[u8],
        lattice: Option<&LatticePoint>,
    ) -> Row {
        if row.status != Status::Found {
            return row;
        }
        let survives = |inputs: Tensor| {
            let inputs = inputs.to_dtype(self.clean_images.dtype()).expect("a cast in memory");
            results.criteria[image].holds(self.attacked.predictor.predict(&inputs)[0])
        };
        let picture = self.clean_images.picture(levels);
        let read_back = |picture: &image::RgbImage| self.clean_images.read_back(picture);
        let in_bytes = picture.as_ref().and_then(read_back);
        let in_bytes = in_bytes.unwrap_or_else(|| self.clean_images.inputs_of_levels(levels));
        let jpeg = picture.map(|picture| datasets::through_jpeg(&picture, JPEG_QUALITY));
        Row {
            survives_8_bits: Some(survives(in_bytes)),
            survives_jpeg: jpeg.as_ref().and_then(read_back).map(survives),
            bytes_distortion: lattice.map(|point| F64Bits(point.distortion)),
            ..row
        }
    }

    /// Writes an array of all images from what each part has of it.
    fn write_array(
        &self,
        parts: &PartStore,
        name: &str,
        mut of: impl FnMut(AttackPart) -> String,
    ) -> Result<()> {
        parts.write_output(&self.attack.output.join(name), |writer| {
            let sides = self.attack.model.shape_in_file(&self.input);
            let shape = [&[self.clean_images.len()], &sides[..]].concat();
            writer.write_all(&npy::header(self.clean_images.dtype(), &shape))?;
            for part in read_all::<AttackPart>(self, parts, 0) {
                writer.write_all(&STANDARD.decode(of(part?))?)?;
            }
            Ok(())
        })
    }

    /// Writes the pictures of the first images and the contact sheet; how many images have pictures.
    fn write_pictures(&self, parts: &PartStore, rows: &[Row]) -> Result<usize> {
        let mut pictures = Vec::new();
        for part in read_all::<AttackPart>(self, parts, 0) {
            for levels in part?.pictures {
                let index = pictures.len();
                if index == self.attack.pictures {
                    break;
                }
                let [clean, adversarial] = levels.map(|levels| STANDARD.decode(levels));
                let picture = |levels: &[u8]| self.clean_images.picture(levels);
                let (Some(clean), Some(adversarial)) = (picture(&clean?), picture(&adversarial?)) else {
                    return Ok(0);
                };
                let name = self.clean_images.names()[index].clone();
                pictures.push(Picture { name, clean, adversarial });
            }
        }
        write_pictures(&self.attack.output, parts, &pictures)?;
        if let Some(sheet) = contact_sheet(&pictures, rows, &self.classes)? {
            let path = self.attack.output.join("contact_sheet.png");
            parts.write_output(&path, |writer| Ok(writer.write_all(&sheet)?))?;
        }
        Ok(pictures.len())
    }
}
