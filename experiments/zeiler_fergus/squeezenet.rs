//! The trained nets and their images.

use anyhow::Result;
use core_net::{Net, zoo};
use datasets::{ImageFolder, Preprocessing};
use lab::{Run, Size};

/// A trained net and how it was trained to see images.
///
/// Unlike the paper, whose net was not published.
#[derive(Clone, Copy, Debug)]
pub struct Version {
    /// As tables call it.
    pub name: &'static str,
    /// As files of results call it.
    pub stem: &'static str,
    /// Where its weights are; none where it stays untrained.
    weights: Option<&'static str>,
    /// Preprocessing of its input.
    pub preprocessing: Preprocessing,
    /// Its name in the zoo.
    architecture: &'static str,
}

/// Side of the nets' square input.
pub const SIDE: usize = 227;

/// Both versions of SqueezeNet. The first layer of v1.0 is the paper's: 96 filters of 7 × 7, stride 2.
pub const VERSIONS: [Version; 2] = [
    Version {
        name: "SqueezeNet v1.0",
        stem: "squeezenet1_0",
        weights: Some("squeezenet1_0.safetensors"),
        preprocessing: Preprocessing::SQUEEZENET1_0,
        architecture: "squeezenet1_0",
    },
    Version {
        name: "SqueezeNet v1.1",
        stem: "squeezenet1_1",
        weights: Some("squeezenet1_1.safetensors"),
        preprocessing: Preprocessing::SQUEEZENET1_1,
        architecture: "squeezenet1_1",
    },
];

/// The first version with random weights, as a control.
pub const UNTRAINED: Version =
    Version { name: "untrained SqueezeNet v1.0", stem: "untrained", weights: None, ..VERSIONS[0] };

impl Version {
    /// The net, trained where it has weights.
    ///
    /// # Errors
    /// As [`Run::pretrained`].
    pub fn net(&self, run: &Run) -> Result<Net> {
        let untrained = zoo::untrained(self.architecture, 1000, [SIDE; 2], run.seed());
        match self.weights {
            Some(file) => run.pretrained(file, untrained),
            None => Ok(untrained),
        }
    }
}

/// The images: one of each of ImageNet's classes, at smoke size the first few.
///
/// # Errors
/// As [`Run::imagenet_sample`].
pub fn photographs(run: &Run) -> Result<ImageFolder> {
    let images = run.imagenet_sample()?;
    let wanted = run.limit().unwrap_or(if run.size() == Size::Smoke { 24 } else { images.len() });
    Ok(images.select(&(0..wanted.min(images.len())).collect::<Vec<_>>()))
}
