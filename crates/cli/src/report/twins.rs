//! The fourth stage, for classifiers: an adversarial example of each image, the smallest change that makes it another class.

use super::picture::{COARSE, PHOTOGRAPH, jpeg};
use super::probability::{Probability, likeliest};
use super::script::rounded;
use super::site::Site;
use super::subject::Subject;
use crate::classes::{logits, probabilities, ranked};
use crate::pixel_normalization::PixelNormalization;
use adversarial::{NearestClass, NearestOutcome, Outcome, nearest_class};
use anyhow::Result;
use core_net::{Net, Reading, Scores};
use serde::Serialize;
use std::sync::atomic::AtomicUsize;
use tensor::{DType, Tensor, tensor_of};

/// Steps from the image to its twin.
const STEPS: usize = 10;

/// Classes named at each step.
const NAMED: usize = 3;

/// The root of the mean square that a change has in its picture, where the image's is in `[0, 1]`.
const VISIBLE: f64 = 0.12;

/// How the adversarial examples are searched, in words.
pub const SETTINGS: &str = "Adversarial examples are found by a coarse search: a few linearizations of the boundary to the \
    likeliest other class. `glassbox attack` finds smaller changes.";

/// The other end of an image's way to another class.
#[derive(Debug, Serialize)]
pub struct Twin {
    target: usize,
    distortion: f64,
    gain: f64,
    /// What the net reads once the pixels are rounded to bytes.
    bytes: usize,
    steps: Vec<Vec<Probability>>,
}

/// Makes twins of images.
pub struct Twins<'a> {
    subject: &'a Subject<'a>,
    normalization: PixelNormalization,
    /// From pixels to logits.
    net: Net,
    scores: Scores,
}

impl<'a> Twins<'a> {
    pub fn new(subject: &'a Subject<'a>) -> Result<Twins<'a>> {
        let normalization = PixelNormalization::new(subject.pixels, subject.input());
        let net = logits(subject.model, &subject.net)?.to_dtype(DType::F64);
        let net = normalization.before(&net)?.to_dtype(DType::F32);
        let scores = Scores::with_reading(&net, Reading::Logits)?;
        Ok(Twins { subject, normalization, net, scores })
    }

    /// The twins of some images, given each one's probabilities; their pictures are written.
    pub fn find(
        &self,
        site: &Site,
        images: &Tensor,
        numbers: &[usize],
        clean: &[&[f64]],
    ) -> Result<Vec<Option<Twin>>> {
        if self.subject.classes < 2 {
            return Ok(numbers.iter().map(|_| None).collect());
        }
        let pixels = self.normalization.pixels_of(&images.to_dtype(DType::F64)?)?;
        let outcomes = nearest_class(&self.net, &pixels, &NearestClass::coarse(), &AtomicUsize::new(0));
        let found = |(row, NearestOutcome { target, outcome, .. }): (usize, NearestOutcome)| match outcome {
            Outcome::Found(attempt) => {
                let pixels = pixels.narrow(0, row, 1)?;
                let twin = tensor_of(attempt.image, pixels.dims());
                let path = TwinPath { twins: self, image: pixels, twin, distortion: attempt.distortion };
                path.draw(site, numbers[row])?;
                Ok(Some(path.described(target, clean[row])?))
            }
            Outcome::NotFound(_) => Ok(None),
        };
        outcomes.into_iter().enumerate().map(found).collect()
    }
}

/// From an image to its twin, both as pixels.
struct TwinPath<'a> {
    twins: &'a Twins<'a>,
    image: Tensor,
    twin: Tensor,
    distortion: f64,
}

impl TwinPath<'_> {
    fn gain(&self) -> f64 {
        (VISIBLE / self.distortion).round().max(1.0)
    }

    fn change(&self) -> Result<Tensor> {
        Ok((&self.twin - &self.image)?)
    }

    /// The twin's pixels, rounded to bytes.
    fn in_bytes(&self) -> Result<Tensor> {
        Ok(((&self.twin * 255.0)?.round()? / 255.0)?)
    }

    /// Writes the twin and its change, amplified around gray.
    fn draw(&self, site: &Site, number: usize) -> Result<()> {
        let picture =
            |pixels: &Tensor| self.twins.subject.picture(&self.twins.normalization.inputs_of(pixels));
        let twin = picture(&self.in_bytes()?)?;
        let change = picture(&((self.change()? * self.gain())? + 0.5)?)?;
        site.write(&format!("data/twin-{number}.jpg"), &jpeg(&twin, PHOTOGRAPH)?)?;
        site.write(&format!("data/change-{number}.jpg"), &jpeg(&change, COARSE)?)
    }

    /// The image's probabilities are known.
    fn described(&self, target: usize, clean: &[f64]) -> Result<Twin> {
        let change = self.change()?;
        let step = |step: usize| &self.image + (&change * (step as f64 / STEPS as f64))?;
        let mut points: Vec<Tensor> = (1..STEPS).map(step).collect::<Result<_, _>>()?;
        points.extend([self.twin.clone(), self.in_bytes()?]);
        let points = Tensor::cat(&points, 0)?.to_dtype(DType::F32)?;
        let mut found = probabilities(&self.twins.scores, &self.twins.net.output_of(&points));
        let bytes = ranked(&found.pop().expect("the rounded twin's"))[0];
        let steps = std::iter::once(clean).chain(found.iter().map(Vec::as_slice));
        Ok(Twin {
            target,
            distortion: rounded(self.distortion),
            gain: self.gain(),
            bytes,
            steps: steps.map(|probabilities| likeliest(probabilities, NAMED)).collect(),
        })
    }
}
