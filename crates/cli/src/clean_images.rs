//! The clean images of an attack, in parts, and the attacked models.

use crate::classes::logits;
use crate::images::{Images, report_skipped};
use crate::model::Model;
use crate::output::progress;
use crate::pixel_normalization::PixelNormalization;
use crate::pixels::Pixels;
use crate::targets::TargetsAndLabels;
use adversarial::diagnosis::{AttackObservations, Evidence, examine};
use adversarial::{Attack, Outcome, min_distortion};
use anyhow::{Context, Result};
use core_net::Net;
use std::ops::Range;
use std::path::Path;
use tensor::{DType, Tensor, tensor_of};

/// Images read at a time.
const BATCH: usize = 32;

/// Images distorted at a time.
const DIGITS: usize = 64;

/// The same of photographs, each of which takes seconds.
const PHOTOGRAPHS: usize = 8;

/// Readable images with pixels in the box.
pub struct CleanImages {
    images: Images,
    normalization: PixelNormalization,
    quick: bool,
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
    /// Opens the images at `path` and reads each once, so that errors appear before hours of work.
    ///
    /// # Errors
    /// When an image is at fault, or pixels lie outside the box.
    pub fn open(
        path: &Path,
        (model, net): (&Model, &Net),
        pixels: &Pixels,
        quick: bool,
    ) -> Result<CleanImages> {
        let images = Images::open(path, model, net, pixels)?;
        let normalization = PixelNormalization::new(pixels, &net.nodes()[0].shape);
        let mut names = Vec::new();
        let bar = progress("read", images.len());
        for batch in images.batches(BATCH)? {
            let batch = batch?;
            let found = normalization.pixels_of(&batch.images.to_dtype(DType::F64)?);
            found.with_context(|| path.display().to_string())?;
            bar.inc(batch.names.len() as u64);
            names.extend(batch.names);
        }
        bar.finish_and_clear();
        report_skipped(path, images.len(), names.len())?;
        let images = if names.len() < images.len() { images.select(&images.places(&names)) } else { images };
        Ok(CleanImages { images, normalization, quick })
    }

    pub fn len(&self) -> usize {
        self.images.len()
    }

    /// The type in which nets read them.
    pub fn dtype(&self) -> DType {
        self.images.dtype()
    }

    /// How many parts they are divided into.
    pub fn parts(&self) -> usize {
        self.len().div_ceil(self.size())
    }

    fn size(&self) -> usize {
        if self.quick { PHOTOGRAPHS } else { DIGITS }
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
    pub fn attacked_model(&self, model: &Model, net: Net) -> Result<AttackedModel> {
        let net = logits(model, net)?.to_dtype(DType::F64);
        let settings = if self.quick { Attack::for_photographs() } else { Attack::default() };
        let of_pixels = self.normalization.before(&net)?;
        Ok(AttackedModel { predictor: net.to_dtype(self.dtype()), net, of_pixels, settings })
    }

    /// The distorted images as the net expects them.
    pub fn distorted(&self, images: &ImagePart, outcomes: &[Outcome]) -> Result<Tensor> {
        let pixels: Vec<f64> =
            outcomes.iter().flat_map(|outcome| outcome.attempt().image.iter().copied()).collect();
        Ok(self.normalization.inputs_of(&tensor_of(pixels, images.inputs.dims())).to_dtype(self.dtype())?)
    }
}

/// A net under attack.
pub struct AttackedModel {
    /// Computes in f64.
    pub net: Net,
    /// The same as a function of pixels.
    pub of_pixels: Net,
    /// Computes in the images' type.
    pub predictor: Net,
    settings: Attack,
}

impl AttackedModel {
    pub fn classes(&self) -> usize {
        self.net.nodes()[self.net.output()].shape[0]
    }

    /// The smallest distortions that reach these targets.
    pub fn min_distortions(&self, images: &ImagePart, targets: &[usize]) -> Vec<Outcome> {
        min_distortion(&self.of_pixels, &images.pixels, targets, &self.settings)
    }

    /// Observations of the attack on each image.
    pub fn observations(
        &self,
        images: &ImagePart,
        classes: &TargetsAndLabels,
        outcomes: &[Outcome],
    ) -> Vec<AttackObservations> {
        examine(&Evidence {
            net: &self.of_pixels,
            attack: &self.settings,
            images: &images.pixels,
            labels: Some(&classes.labels),
            targets: &classes.targets,
            outcomes,
        })
    }
}
