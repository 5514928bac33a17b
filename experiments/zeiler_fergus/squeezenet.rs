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
    /// Where its weights are.
    file: &'static str,
    /// How images become its input.
    pub preprocessing: Preprocessing,
    untrained: fn(usize, [usize; 2], u64) -> Net,
}

/// Side of the nets' square input.
pub const SIDE: usize = 227;

/// Both versions of SqueezeNet. The first layer of v1.0 is the paper's: 96 filters of 7 × 7, stride 2.
pub const VERSIONS: [Version; 2] = [
    Version {
        name: "SqueezeNet v1.0",
        file: "squeezenet1_0.safetensors",
        preprocessing: Preprocessing::SQUEEZENET1_0,
        untrained: zoo::squeezenet1_0,
    },
    Version {
        name: "SqueezeNet v1.1",
        file: "squeezenet1_1.safetensors",
        preprocessing: Preprocessing::SQUEEZENET1_1,
        untrained: zoo::squeezenet1_1,
    },
];

/// How the first version was trained to see images.
pub const PREPROCESSING: Preprocessing = VERSIONS[0].preprocessing;

impl Version {
    /// The name of its weights' file without the ending, for files of results.
    pub fn stem(&self) -> &'static str {
        self.file.trim_end_matches(".safetensors")
    }

    /// The trained net.
    ///
    /// # Errors
    /// As [`Run::pretrained`].
    pub fn net(&self, run: &Run) -> Result<Net> {
        run.pretrained(self.file, (self.untrained)(1000, [SIDE; 2], run.seed()))
    }
}

/// SqueezeNet v1.0 and the images: one of each of ImageNet's classes, at smoke size the first few.
///
/// # Errors
/// As [`Run::imagenet_sample`] and [`Run::pretrained`].
pub fn squeezenet(run: &Run) -> Result<(Net, ImageFolder)> {
    let images = run.imagenet_sample()?;
    let wanted = run.limit().unwrap_or(if run.size() == Size::Smoke { 24 } else { images.len() });
    let images = images.select(&(0..wanted.min(images.len())).collect::<Vec<_>>());
    Ok((VERSIONS[0].net(run)?, images))
}
