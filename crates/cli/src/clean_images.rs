//! The clean images of an attack, in parts, and the attacked models.

use crate::classes::logits;
use crate::images::{Images, report_skipped};
use crate::model::Model;
use crate::output::progress;
use crate::pixel_normalization::PixelNormalization;
use crate::pixels::Pixels;
use adversarial::diagnosis::{AttackObservations, Evidence, examine};
use adversarial::{
    Attack, Criterion, LatticePoint, NearestClass, Outcome, min_distortion_counted, nearest_class,
    nearest_lattice_point,
};
use anyhow::{Context, Result};
use core_net::Net;
use datasets::{Preprocessing, Resize};
use image::RgbImage;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use tensor::{DType, Tensor, tensor_of, to_f64s};

/// Images read at a time.
const BATCH: usize = 32;

/// Images in a part.
const DIGITS: usize = 64;

/// The same where minimizations are cut short.
const QUICK: usize = 8;

/// From so many numbers on an image takes seconds, and is a part of its own: a killed run loses no more.
const LARGE: usize = 64 * 64;

/// Readable images with pixels in the box.
pub struct CleanImages {
    images: Images,
    normalization: PixelNormalization,
    /// How 8-bit pictures of the net's own size become inputs; none where it reads no pictures.
    pictures: Option<Preprocessing>,
    names: Vec<String>,
    /// The names of all images, those that were left out included.
    all_names: Vec<String>,
    /// The numbers of the images among them.
    places: Vec<usize>,
    quick: bool,
}

/// What images show, and the classes that they are to become.
pub struct TargetsAndLabels {
    pub labels: Vec<usize>,
    /// None where any other class will do.
    pub targets: Option<Vec<usize>>,
}

/// The images of one part.
pub struct ImagePart {
    /// Their numbers.
    pub range: Range<usize>,
    /// As the net expects them, in f64.
    pub inputs: Tensor,
    /// In the box.
    pixels: Tensor,
}

impl CleanImages {
    /// Opens the images at these paths and reads each once, so that errors appear before hours of work.
    ///
    /// # Errors
    /// When an image is at fault, or pixels lie outside the box.
    pub fn open(
        paths: &[PathBuf],
        (model, net): (&Model, &Net),
        pixels: &Pixels,
        quick: bool,
    ) -> Result<CleanImages> {
        let images = Images::open_all(paths, model, net, pixels)?;
        let input = &net.nodes()[0].shape;
        let normalization = PixelNormalization::new(pixels, input);
        let pictures = matches!(input[..], [1 | 3, _, _]).then(|| Preprocessing {
            resize: Resize::Keep,
            crop: None,
            ..pixels.preprocessing(input)
        });
        let path = &paths[0];
        let mut names = Vec::new();
        let bar = progress("read", images.len());
        for batch in images.batches(BATCH)? {
            let batch = batch?;
            let found = normalization.pixels_of(&batch.images.to_dtype(DType::F64)?);
            found.with_context(|| {
                if paths.len() == 1 { path.display().to_string() } else { batch.names[0].clone() }
            })?;
            bar.inc(batch.names.len() as u64);
            names.extend(batch.names);
        }
        bar.finish_and_clear();
        report_skipped(path, images.len(), names.len())?;
        let (all_names, places) = (images.names(), images.places(&names));
        let images = if names.len() < images.len() { images.select(&places) } else { images };
        Ok(CleanImages { images, normalization, pictures, names, all_names, places, quick })
    }

    pub fn len(&self) -> usize {
        self.images.len()
    }

    /// How many there are with those that were left out.
    pub fn all(&self) -> usize {
        self.all_names.len()
    }

    pub fn names(&self) -> &[String] {
        &self.names
    }

    pub fn all_names(&self) -> &[String] {
        &self.all_names
    }

    /// The numbers of the images among all.
    pub fn places(&self) -> &[usize] {
        &self.places
    }

    /// How pixels follow from inputs, in words.
    pub fn box_described(&self) -> String {
        self.normalization.described()
    }

    /// The type in which nets read them.
    pub fn dtype(&self) -> DType {
        self.images.dtype()
    }

    /// How many parts they are divided into.
    pub fn parts(&self) -> usize {
        self.len().div_ceil(self.size())
    }

    /// How many images a part has; the last one may have fewer.
    pub fn size(&self) -> usize {
        match self.normalization.numbers() {
            LARGE.. => 1,
            _ if self.quick => QUICK,
            _ => DIGITS,
        }
    }

    /// How many images this part has.
    pub fn size_of(&self, part: usize) -> usize {
        self.images.part(part, self.size()).len()
    }

    /// How many parts are best computed at a time: large images fill a thread each.
    pub fn at_once(&self) -> usize {
        if self.size() == 1 { rayon::current_num_threads() } else { 1 }
    }

    /// The images of a part.
    ///
    /// # Errors
    /// When they are not any more what they were.
    pub fn part(&self, part: usize) -> Result<ImagePart> {
        let range = self.images.part(part, self.size());
        let images = self.images.select(&range.clone().collect::<Vec<_>>());
        let read = images.batches(range.len())?.next().transpose()?;
        let found = read.as_ref().map_or(0, |batch| batch.names.len());
        let batch = read.filter(|_| found == range.len());
        let batch =
            batch.with_context(|| format!("expected {} images, as before, found {found}", range.len()))?;
        let inputs = batch.images.to_dtype(DType::F64)?;
        Ok(ImagePart { range, pixels: self.normalization.pixels_of(&inputs)?, inputs })
    }

    /// The model under attack.
    pub fn attacked_model(&self, model: &Model, net: &Net) -> Result<AttackedModel> {
        let net = logits(model, net)?.to_dtype(DType::F64);
        let (settings, nearest) = if self.quick {
            (Attack::for_photographs(), NearestClass::for_photographs())
        } else {
            (Attack::default(), NearestClass::default())
        };
        let of_pixels = self.normalization.before(&net)?.to_dtype(settings.dtype);
        let evaluations = Arc::default();
        Ok(AttackedModel {
            predictor: net.to_dtype(self.dtype()),
            net,
            of_pixels,
            settings,
            nearest,
            evaluations,
        })
    }

    /// The distorted images as the net expects them.
    pub fn distorted(&self, images: &ImagePart, outcomes: &[Outcome]) -> Result<Tensor> {
        let pixels: Vec<f64> =
            outcomes.iter().flat_map(|outcome| outcome.attempt().image.iter().copied()).collect();
        Ok(self.normalization.inputs_of(&tensor_of(pixels, images.inputs.dims())).to_dtype(self.dtype())?)
    }

    /// An image of these levels of 255 as a picture, where the net reads pictures.
    pub fn picture(&self, levels: &[u8]) -> Option<RgbImage> {
        let preprocessing = self.pictures.as_ref()?;
        let shape = self.normalization.input();
        let inputs = self.normalization.inputs_of(&of_levels(levels, &[&[1], shape].concat()));
        Some(preprocessing.picture(&inputs.squeeze(0).ok()?))
    }

    /// The net's input from a picture of its own size, as a file of it is read.
    pub fn read_back(&self, picture: &RgbImage) -> Option<Tensor> {
        self.pictures.as_ref()?.apply(picture)
    }

    /// The net's input from levels, for nets that read no pictures.
    pub fn inputs_of_levels(&self, levels: &[u8]) -> Tensor {
        self.normalization.inputs_of(&of_levels(levels, &[&[1], self.normalization.input()].concat()))
    }
}

/// Levels of 255 as pixels.
fn of_levels(levels: &[u8], shape: &[usize]) -> Tensor {
    tensor_of(levels.iter().map(|&level| f64::from(level) / 255.0).collect(), shape)
}

/// Pixels as levels of 255.
pub fn levels_of(pixels: &[f64]) -> Vec<u8> {
    pixels.iter().map(|pixel| (255.0 * pixel).round().clamp(0.0, 255.0) as u8).collect()
}

impl ImagePart {
    /// The pixels of each image.
    pub fn pixels(&self) -> Vec<Vec<f64>> {
        let pixels = to_f64s(&self.pixels);
        pixels.chunks_exact(pixels.len() / self.range.len()).map(<[f64]>::to_vec).collect()
    }
}

/// A net under attack.
pub struct AttackedModel {
    /// Computes in f64.
    pub net: Net,
    /// The same as a function of pixels, in the searches' type.
    pub of_pixels: Net,
    /// Computes in the images' type.
    pub predictor: Net,
    settings: Attack,
    nearest: NearestClass,
    /// Evaluations of the net by all searches of this run so far.
    pub evaluations: Arc<AtomicUsize>,
}

/// What an attack found for the images of a part.
pub struct AttackResults {
    /// The target classes; where any will do, those that were found.
    pub targets: Vec<usize>,
    pub criteria: Vec<Criterion>,
    pub outcomes: Vec<Outcome>,
}

/// How the attack on an image ended.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum Status {
    /// The net assigns the distorted image to the target, or to another class where any will do.
    Found,
    /// It assigns the image itself to the target.
    Already,
    NotFound,
}

impl Status {
    pub fn new(outcome: &Outcome) -> Status {
        match outcome {
            Outcome::Found(attempt) if attempt.c.is_infinite() => Status::Already,
            Outcome::Found(_) => Status::Found,
            Outcome::NotFound(_) => Status::NotFound,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Status::Found => "found",
            Status::Already => "already",
            Status::NotFound => "not found",
        }
    }
}

impl AttackedModel {
    pub fn classes(&self) -> usize {
        self.net.nodes()[self.net.output()].shape[0]
    }

    /// The smallest distortions that reach the targets.
    pub fn attack(&self, images: &ImagePart, classes: &TargetsAndLabels) -> AttackResults {
        let Some(targets) = &classes.targets else { return self.nearest_classes(images, classes) };
        let counter = &self.evaluations;
        let outcomes =
            min_distortion_counted(&self.of_pixels, &images.pixels, targets, &self.settings, counter);
        let criteria = targets.iter().map(|&target| Criterion::Targeted(target)).collect();
        AttackResults { targets: targets.clone(), criteria, outcomes }
    }

    fn nearest_classes(&self, images: &ImagePart, classes: &TargetsAndLabels) -> AttackResults {
        let found = nearest_class(&self.of_pixels, &images.pixels, &self.nearest, &self.evaluations);
        let source = |(image, class): (usize, Option<usize>)| class.unwrap_or(classes.labels[image]);
        let sources = found.iter().map(|found| found.source).enumerate().map(source);
        AttackResults {
            criteria: sources.map(Criterion::Misclassified).collect(),
            targets: found.iter().map(|found| found.target).collect(),
            outcomes: found.into_iter().map(|found| found.outcome).collect(),
        }
    }

    /// The nearest 8-bit pictures that are still adversarial, of the images where one was found.
    pub fn lattice_points(&self, images: &ImagePart, results: &AttackResults) -> Vec<Option<LatticePoint>> {
        let clean = images.pixels();
        let point = |image: usize| {
            let outcome = &results.outcomes[image];
            let is_found = Status::new(outcome) == Status::Found;
            let search = || {
                let (criterion, dtype) = (results.criteria[image], self.settings.dtype);
                nearest_lattice_point(
                    &self.of_pixels,
                    &clean[image],
                    &outcome.attempt().image,
                    criterion,
                    dtype,
                )
            };
            if is_found { search() } else { None }
        };
        (0..clean.len()).into_par_iter().map(point).collect()
    }

    /// Observations of the attack on each image.
    pub fn observations(
        &self,
        images: &ImagePart,
        labels: &[usize],
        results: &AttackResults,
    ) -> Vec<AttackObservations> {
        examine(&Evidence {
            net: &self.of_pixels,
            attack: &self.settings,
            images: &images.pixels,
            labels: Some(labels),
            targets: &results.targets,
            outcomes: &results.outcomes,
        })
    }
}
