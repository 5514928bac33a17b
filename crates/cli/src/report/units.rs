//! The second stage: each unit's strongest images, their projections, and the layers' tiles.
//!
//! Units are taken some at a time, so that their pictures fit into memory, and all images are passed through the net for them.

use super::image_activations::ImageActivations;
use super::picture::{PHOTOGRAPH, TILE, jpeg, tiled};
use super::script::script;
use super::site::Site;
use super::subject::Subject;
use super::top_images::{TopImage, TopImages};
use super::unit::{Summary, UnitActivations};
use crate::output::progress;
use anyhow::{Result, ensure};
use figures::BESIDE;
use image::RgbImage;
use indicatif::ProgressBar;
use rayon::prelude::*;
use serde::Serialize;
use std::ops::Range;

/// Units that are drawn in one pass over the images, at most.
const AT_ONCE: usize = 1536;

/// Tiles in a row.
const COLUMNS: usize = 32;

/// Some units of one layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub layer: usize,
    pub units: Range<usize>,
}

#[derive(Serialize)]
struct LayerFile {
    units: Vec<Summary>,
}

/// How many tiles of a layer of so many units stand in a row.
pub fn columns(units: usize) -> usize {
    units.min(COLUMNS)
}

/// Draws every unit that was not yet drawn, then its layer.
pub fn draw(site: &Site, subject: &Subject, analyzed: &[ImageActivations]) -> Result<()> {
    let missing: Vec<Part> = parts(subject).into_iter().filter(|part| !site.keeps(&part.name())).collect();
    let passes = passes(&missing);
    let bar = progress("units", passes.len() * subject.images.len());
    for parts in passes {
        draw_parts(site, subject, analyzed, parts, &bar)?;
    }
    bar.finish_and_clear();
    (0..subject.layers.len()).try_for_each(|layer| draw_layer(site, subject, analyzed, layer))
}

impl Part {
    /// What is kept of it: its units' tiles.
    fn name(&self) -> String {
        format!("tiles-{}-{}", self.layer, self.units.start)
    }

    pub fn activations<'a>(
        &self,
        subject: &Subject,
        analyzed: &'a [ImageActivations],
    ) -> Vec<UnitActivations<'a>> {
        let unit = |channel| UnitActivations::new(subject, analyzed, self.layer, channel);
        self.units.clone().map(unit).collect()
    }
}

fn parts(subject: &Subject) -> Vec<Part> {
    (0..subject.layers.len()).flat_map(|layer| parts_of(subject, layer)).collect()
}

fn parts_of(subject: &Subject, layer: usize) -> impl Iterator<Item = Part> {
    let units = subject.layers[layer].units;
    let part = move |start: usize| Part { layer, units: start..units.min(start + AT_ONCE) };
    (0..units).step_by(AT_ONCE).map(part)
}

/// Parts that are drawn together.
fn passes(parts: &[Part]) -> Vec<&[Part]> {
    let mut units = 0;
    let mut passes = vec![];
    let mut start = 0;
    for (index, part) in parts.iter().enumerate() {
        if units + part.units.len() > AT_ONCE && index > start {
            passes.push(&parts[start..index]);
            (start, units) = (index, 0);
        }
        units += part.units.len();
    }
    if start < parts.len() {
        passes.push(&parts[start..]);
    }
    passes
}

fn draw_parts(
    site: &Site,
    subject: &Subject,
    analyzed: &[ImageActivations],
    parts: &[Part],
    bar: &ProgressBar,
) -> Result<()> {
    let activations: Vec<UnitActivations> =
        parts.iter().flat_map(|part| part.activations(subject, analyzed)).collect();
    let mut top_images = TopImages::new(subject, &activations).draw(bar)?.into_iter();
    let mut activations = activations.into_iter();
    for part in parts {
        let units: Vec<(UnitActivations, Vec<TopImage>)> =
            activations.by_ref().zip(top_images.by_ref()).take(part.units.len()).collect();
        units.par_iter().try_for_each(|(activations, top_images)| {
            super::unit_file::write(site, subject, activations, top_images)
        })?;
        let tiles: Vec<u8> = units.iter().flat_map(|(_, top_images)| tile(top_images)).collect();
        site.keep(&part.name(), &tiles)?;
    }
    Ok(())
}

/// The patch of a unit's strongest image; gray where it never fires.
fn tile(top_images: &[TopImage]) -> Vec<u8> {
    let gray = || RgbImage::from_pixel(TILE, TILE, BESIDE);
    top_images.first().map_or_else(gray, |top_images| top_images.patch.clone()).into_raw()
}

/// The tiles of a layer's units, then what is said of them.
fn draw_layer(site: &Site, subject: &Subject, analyzed: &[ImageActivations], layer: usize) -> Result<()> {
    let script_name = format!("data/layer-{layer}.js");
    if site.has(&script_name) {
        return Ok(());
    }
    let mut bytes = Vec::new();
    for part in parts_of(subject, layer) {
        bytes.extend(site.kept(&part.name())?.unwrap_or_default());
    }
    let units = subject.layers[layer].units;
    let size = (3 * TILE * TILE) as usize;
    ensure!(bytes.len() == units * size, "expected the tiles of {units} units, found {} bytes", bytes.len());
    let picture = |bytes: &[u8]| RgbImage::from_raw(TILE, TILE, bytes.to_vec()).expect("the bytes of a tile");
    let tiles: Vec<RgbImage> = bytes.chunks_exact(size).map(picture).collect();
    let columns = columns(units);
    let all = tiled(tiles.iter().enumerate(), TILE, [units.div_ceil(columns), columns]);
    site.write(&format!("data/layer-{layer}.jpg"), &jpeg(&all, PHOTOGRAPH)?)?;
    let summaries =
        (0..units).map(|channel| UnitActivations::new(subject, analyzed, layer, channel).summary());
    site.write(&script_name, &script("layer", &[layer], &LayerFile { units: summaries.collect() })?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_share_a_pass_as_long_as_their_units_are_few() {
        let part = |layer: usize, units: usize| Part { layer, units: 0..units };
        let parts = [part(0, 64), part(1, 1400), part(2, 73), part(3, AT_ONCE), part(4, 1)];
        let counts: Vec<usize> = passes(&parts).iter().map(|pass| pass.len()).collect();
        assert_eq!(counts, [2, 1, 1, 1]);
        assert!(passes(&[]).is_empty());
    }
}
