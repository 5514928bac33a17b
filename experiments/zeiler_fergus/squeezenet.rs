//! The trained net and its images.

use anyhow::Result;
use core_net::{Net, zoo};
use datasets::{ImageFolder, Preprocessing};
use lab::{Run, Size};

/// How the net was trained to see images.
pub const PREPROCESSING: Preprocessing = Preprocessing::SQUEEZENET1_0;

/// SqueezeNet v1.0 and the images: one of each of ImageNet's classes, at smoke size the first few.
///
/// Unlike the paper, whose net was not published. Its first layer is the paper's: 96 filters of 7 × 7, stride 2.
///
/// # Errors
/// As [`Run::imagenet_sample`] and [`Run::pretrained`].
pub fn squeezenet(run: &Run) -> Result<(Net, ImageFolder)> {
    let images = run.imagenet_sample()?;
    let wanted = run.limit().unwrap_or(if run.size() == Size::Smoke { 24 } else { images.len() });
    let images = images.select(&(0..wanted.min(images.len())).collect::<Vec<_>>());
    let net =
        run.pretrained("squeezenet1_0.safetensors", zoo::squeezenet1_0(1000, [227, 227], run.seed()))?;
    Ok((net, images))
}
