//! Square images without labels, and images labeled by whether they show a class.

use super::quocnet::SIDE;
use anyhow::Result;
use datasets::{BrokenImages, ImageFolder, Preprocessing, Resize};
use lab::{Objects, Run, Size};
use tensor::{Tensor, tensor_of, with_slice};

/// Images, and whether each shows an object of the class.
#[derive(Clone, Debug)]
pub struct ClassImages {
    /// **Shape** `[n, 3, 64, 64]`, f32. **Range** `[0, 1]`
    pub images: Tensor,
    /// The mirrored images.
    pub mirrored: Tensor,
    /// n
    pub relevant: Vec<bool>,
}

/// Every image is resized to a square of this side, whatever its aspect ratio: nothing is cropped.
pub(super) const SQUARE: Preprocessing = Preprocessing {
    resize: Resize::Exactly([SIDE; 2]),
    crop: None,
    channels: datasets::Channels::Rgb,
    scale: 1.0 / 255.0,
    mean: [0.0; 3],
    std: [1.0; 3],
    arithmetic: datasets::Arithmetic::Recorded,
};

/// Images decoded at a time.
const BATCH: usize = 256;
/// Images of a split at smoke size.
const SMOKE: usize = 100;

impl ClassImages {
    /// The images of a split of VOC 2007; at smoke size the first few.
    ///
    /// # Errors
    /// When an image cannot be decoded.
    pub fn read(run: &Run, objects: &Objects, split: &str) -> Result<Self> {
        let shown = objects.voc.showing(split, objects.class);
        let n = if run.size() == Size::Smoke { SMOKE } else { shown.relevant.len() };
        let images = squares(run, &shown.images, n, split)?;
        let relevant = shown.relevant[..images.dims()[0]].to_vec();
        Ok(Self { mirrored: mirrored(&images), images, relevant })
    }
}

/// The first n images, or all where there are no more, as squares.
///
/// **Shape** `[n, 3, 64, 64]`, f32. **Range** `[0, 1]`
///
/// # Errors
/// When an image cannot be decoded.
pub fn squares(run: &Run, folder: &ImageFolder, n: usize, what: &str) -> Result<Tensor> {
    let folder = folder.select(&(0..n.min(folder.len())).collect::<Vec<_>>());
    let progress = run.progress(&format!("read {what}"), folder.len());
    let mut batches = Vec::new();
    for batch in folder.batches(run.batch(BATCH), SQUARE, BrokenImages::Refuse)? {
        let batch = batch?;
        progress.inc(batch.names.len());
        batches.push(batch.images);
    }
    Ok(Tensor::cat(&batches, 0)?)
}

fn mirrored(images: &Tensor) -> Tensor {
    let lines =
        |images: &[f32]| images.chunks_exact(SIDE).flat_map(|row| row.iter().rev().copied()).collect();
    with_slice::<f32, _>(images, |images_scalars| tensor_of(lines(images_scalars), images.dims()))
}
