//! A unit's two files.

use super::picture::{COARSE, jpeg, tiled};
use super::script::{base64, rounded, script};
use super::site::Site;
use super::subject::Subject;
use super::top_images::{RULES, SIDE, TopImage, map_size};
use super::unit::{Histogram, TOP, UnitActivations};
use anyhow::Result;
use core_net::Region;
use serde::Serialize;

#[derive(Serialize)]
struct UnitFile {
    tile: u32,
    top: Vec<TopImageEntry>,
    histogram: Histogram,
    strength: String,
    place: String,
    maps: Vec<String>,
    map: [usize; 2],
}

/// One of the strongest images.
#[derive(Serialize)]
struct TopImageEntry {
    image: usize,
    activation: f64,
    at: [usize; 2],
    /// Top, left, height, width.
    region: [usize; 4],
}

/// Writes what excites a unit, the pictures first.
pub fn write(
    site: &Site,
    subject: &Subject,
    activations: &UnitActivations,
    top_images: &[TopImage],
) -> Result<()> {
    let name = format!("data/unit-{}-{}", activations.layer, activations.channel);
    let tiles = top_images.iter().enumerate().flat_map(|(rank, top_images)| {
        top_images.projections.iter().enumerate().map(move |(rule, tile)| (rule * TOP + rank, tile))
    });
    let picture = tiled(tiles, SIDE, [RULES.len(), TOP]);
    site.write(&format!("{name}.jpg"), &jpeg(&picture, COARSE)?)?;
    let top = activations.strongest().into_iter().zip(top_images);
    let file = UnitFile {
        tile: SIDE,
        top: top.map(|(image, top_image)| strong(activations, image, top_image)).collect(),
        histogram: activations.histogram(),
        strength: activations.strengths(),
        place: activations.places(),
        maps: top_images.iter().map(|top_images| base64(&top_images.map)).collect(),
        map: map_size(subject.layers[activations.layer].maps),
    };
    site.write(&format!("{name}.js"), &script("unit", &[activations.layer, activations.channel], &file)?)
}

fn strong(activations: &UnitActivations, image: usize, top_images: &TopImage) -> TopImageEntry {
    let Region { top, left, height, width } = top_images.region;
    let activation = rounded(activations.activation(image));
    TopImageEntry { image, activation, at: activations.place(image).at, region: [top, left, height, width] }
}
