//! The last stage: a file for each image, with its twin.

use super::image_activations::ImageActivations;
use super::occlusion_maps::{self, Map};
use super::probability::{Probability, likeliest};
use super::script::{rounded, script};
use super::site::Site;
use super::subject::Subject;
use super::twins::{Twin, Twins};
use super::unit::UnitActivations;
use crate::output::progress;
use anyhow::Result;
use rayon::prelude::*;
use serde::Serialize;
use tensor::{dot, gather};

/// Images whose twins are searched at a time.
const BATCH: usize = 16;

/// Classes named for an image.
const NAMED: usize = 5;

/// Units of each layer, and nearest images, that are named for an image.
const NEAREST: usize = 8;

#[derive(Serialize)]
struct ImageFile {
    top5: Vec<Probability>,
    units: Vec<UnitEntry>,
    nearest: Vec<NeighborEntry>,
    occlusion: Option<Map>,
    twin: Option<Twin>,
}

/// A unit for which the image is among the strongest.
#[derive(Serialize)]
struct UnitEntry {
    layer: usize,
    unit: usize,
    activation: f64,
    part: f64,
}

/// An image with features of nearly the same direction.
#[derive(Debug, Serialize)]
struct NeighborEntry {
    image: usize,
    cosine: f64,
}

/// What is compared among images.
struct Images<'a> {
    subject: &'a Subject<'a>,
    analyzed: &'a [ImageActivations],
    /// By unit, all layers' one after the other: its largest activation over all images.
    largest: Vec<f64>,
}

/// Writes what was not yet written of each image.
pub fn write(site: &Site, subject: &Subject, analyzed: &[ImageActivations]) -> Result<()> {
    let twins = if subject.has_exclusive_classes() { Some(Twins::new(subject)?) } else { None };
    let images = Images::new(subject, analyzed);
    let bar = progress(if twins.is_some() { "twins" } else { "images" }, analyzed.len());
    let mut first = 0;
    for batch in subject.images.batches(BATCH)? {
        let batch = batch?;
        let rows = (0..batch.names.len()).filter(|row| !site.has(&name(first + row)));
        let rows: Vec<usize> = rows.collect();
        let numbers: Vec<usize> = rows.iter().map(|row| first + row).collect();
        let twins = match &twins {
            Some(twins) if !rows.is_empty() => {
                let clean: Vec<&[f64]> =
                    numbers.iter().map(|&image| &*analyzed[image].probabilities).collect();
                twins.find(site, &gather(&batch.images, &rows), &numbers, &clean)?
            }
            _ => numbers.iter().map(|_| None).collect(),
        };
        let each: Vec<(usize, Option<Twin>)> = numbers.into_iter().zip(twins).collect();
        each.into_par_iter().try_for_each(|(image, twin)| images.write(site, image, twin))?;
        first += batch.names.len();
        bar.set_position(first as u64);
    }
    bar.finish_and_clear();
    Ok(())
}

fn name(image: usize) -> String {
    format!("data/image-{image}.js")
}

impl<'a> Images<'a> {
    fn new(subject: &'a Subject<'a>, analyzed: &'a [ImageActivations]) -> Images<'a> {
        let layers = subject.layers.iter().enumerate();
        let units = layers.flat_map(|(layer, shown)| (0..shown.units).map(move |unit| (layer, unit)));
        let largest =
            units.map(|(layer, unit)| UnitActivations::new(subject, analyzed, layer, unit).max()).collect();
        Images { subject, analyzed, largest }
    }

    fn write(&self, site: &Site, image: usize, twin: Option<Twin>) -> Result<()> {
        let file = ImageFile {
            top5: likeliest(&self.analyzed[image].probabilities, NAMED),
            units: (0..self.subject.layers.len()).flat_map(|layer| self.firing(layer, image)).collect(),
            nearest: nearest(self.analyzed, image),
            occlusion: occlusion_maps::read(site, image)?,
            twin,
        };
        site.write(&name(image), &script("image", &[image], &file)?)
    }

    /// The units of a layer for which the image is among the strongest; those that do not fire are left out.
    fn firing(&self, layer: usize, image: usize) -> Vec<UnitEntry> {
        let first = self.subject.first_unit(layer);
        let activation = |unit: usize| self.analyzed[image].activations[first + unit];
        let part = |unit: usize| activation(unit) / self.largest[first + unit];
        let mut units: Vec<usize> = (0..self.subject.layers[layer].units).collect();
        units.retain(|&unit| activation(unit) > 0.0);
        units.sort_by(|&a, &b| part(b).total_cmp(&part(a)));
        let firing = |unit: usize| UnitEntry {
            layer,
            unit,
            activation: rounded(activation(unit)),
            part: rounded(part(unit)),
        };
        units.into_iter().take(NEAREST).map(firing).collect()
    }
}

/// The images with the most similar features, the nearest first; ties take the earlier one.
fn nearest(analyzed: &[ImageActivations], image: usize) -> Vec<NeighborEntry> {
    let others = (0..analyzed.len()).filter(|&other| other != image);
    let near = |other: usize| NeighborEntry {
        image: other,
        cosine: cosine(&analyzed[image].features, &analyzed[other].features),
    };
    let mut near: Vec<NeighborEntry> = others.map(near).collect();
    near.sort_by(|a, b| b.cosine.total_cmp(&a.cosine));
    near.truncate(NEAREST);
    near.into_iter().map(|near| NeighborEntry { cosine: rounded(near.cosine), ..near }).collect()
}

/// 0 where there is no direction.
fn cosine(a: &[f64], b: &[f64]) -> f64 {
    let lengths = (dot(a, a) * dot(b, b)).sqrt();
    if lengths > 0.0 { dot(a, b) / lengths } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_near_whose_features_have_nearly_the_same_direction() {
        let features = [vec![1.0, 0.0], vec![0.0, 2.0], vec![3.0, 3.0], vec![0.0, 0.0], vec![5.0, 0.1]];
        let analyzed = features.map(|features| ImageActivations { features, ..Default::default() });
        let near = nearest(&analyzed, 0);
        assert_eq!(near.iter().map(|near| near.image).collect::<Vec<_>>(), [4, 2, 1, 3]);
        assert!((near[1].cosine - 0.5f64.sqrt()).abs() < 1e-4);
    }
}
