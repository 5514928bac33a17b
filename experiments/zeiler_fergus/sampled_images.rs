//! Images at random that every net classifies correctly.

use super::squeezenet::{VERSIONS, Version};
use anyhow::{Context, Result};
use core_net::Net;
use datasets::{BrokenImages, ImageFolder};
use lab::{Run, Size};
use rand::seq::index::sample;
use std::collections::BTreeSet;
use tensor::{Tensor, seeded};

/// Minimum number of candidates; otherwise three times the number of images.
const LOOKED_AT: usize = 60;

/// Images with their classes.
pub struct SampledImages {
    images: ImageFolder,
    /// The number of each image's class.
    pub labels: Vec<usize>,
}

impl SampledImages {
    /// The first `n`, in an order drawn by the run's seed, that all nets classify correctly; no two of one class.
    /// Where there are too few, as with untrained nets, the first of the others follow, with a remark.
    ///
    /// # Errors
    /// When an image cannot be read or has no label.
    pub fn draw(run: &Run, nets: &[Net], images: &ImageFolder, n: usize) -> Result<Self> {
        let looked_at = if run.size() == Size::Smoke { 2 * n } else { LOOKED_AT.max(3 * n) };
        let rng = &mut seeded(run.seed(), "images transformed");
        let mut order = sample(rng, images.len(), looked_at.min(images.len())).into_vec();
        let labels: Vec<Option<usize>> = images.labels().collect();
        let mut seen = BTreeSet::new();
        order.retain(|&image| seen.insert(labels[image]));
        let right = read_right(nets, images, &order)?;
        let (mut chosen, others): (Vec<usize>, Vec<usize>) =
            order.iter().partition(|image| right.contains(image));
        let known = chosen.len().min(n);
        run.remark("images", &format!("{known} of {n} are read right by every net"));
        chosen.extend(others);
        chosen.truncate(n);
        chosen.sort_unstable();
        let labels = chosen.iter().map(|&image| labels[image]).collect::<Option<Vec<usize>>>();
        let labels = labels.context("expected a label for every image")?;
        Ok(Self { images: images.select(&chosen), labels })
    }

    /// The inputs of this net.
    ///
    /// # Errors
    /// When an image cannot be read any more.
    pub fn inputs(&self, version: &Version) -> Result<Tensor> {
        inputs(&self.images, version)
    }

    /// The files' names.
    pub fn files(&self) -> Vec<&str> {
        self.images.names().collect()
    }

    /// The names of the classes, the first where there are several.
    pub fn names(&self) -> Vec<String> {
        let name =
            |&label: &usize| self.images.classes()[label].split(',').next().unwrap_or_default().to_owned();
        self.labels.iter().map(name).collect()
    }
}

fn inputs(images: &ImageFolder, version: &Version) -> Result<Tensor> {
    let mut batches = images.batches(images.len(), version.preprocessing, BrokenImages::Refuse)?;
    Ok(batches.next().context("expected an image at least")??.images)
}

/// The images among these that every net classifies correctly.
fn read_right(nets: &[Net], images: &ImageFolder, order: &[usize]) -> Result<Vec<usize>> {
    let mut right = order.to_vec();
    right.sort_unstable();
    let labels: Vec<Option<usize>> = images.labels().collect();
    for (net, version) in nets.iter().zip(&VERSIONS) {
        if right.is_empty() {
            break;
        }
        let predicted = net.predict(&inputs(&images.select(&right), version)?);
        let mut predicted = predicted.into_iter();
        right.retain(|&image| labels[image] == predicted.next());
    }
    Ok(right)
}
