//! A unit's two files.

use anyhow::Result;
use core_net::Region;
use serde::Serialize;

use super::picture::{coarse_jpeg, sheet};
use super::script::{base64, rounded, script};
use super::site::Site;
use super::subject::Subject;
use super::top_nine::{RULES, SIDE, Shown, map_size};
use super::unit::{Answers, Histogram, TOP};

#[derive(Serialize)]
struct UnitFile {
    tile: u32,
    top: Vec<Strong>,
    histogram: Histogram,
    strength: String,
    place: String,
    maps: Vec<String>,
    map: [usize; 2],
}

/// One of the strongest images.
#[derive(Serialize)]
struct Strong {
    image: usize,
    activation: f64,
    at: [usize; 2],
    /// Top, left, height, width.
    region: [usize; 4],
}

/// Writes what excites a unit, the pictures first.
pub fn write(site: &Site, subject: &Subject, answers: &Answers, shown: &[Shown]) -> Result<()> {
    let name = format!("data/unit-{}-{}", answers.layer, answers.channel);
    let tiles = shown.iter().enumerate().flat_map(|(rank, shown)| {
        shown.projections.iter().enumerate().map(move |(rule, tile)| (rule * TOP + rank, tile))
    });
    let picture = sheet(tiles, SIDE, [RULES.len(), TOP]);
    site.write(&format!("{name}.jpg"), &coarse_jpeg(&picture)?)?;
    let file = UnitFile {
        tile: SIDE,
        top: answers
            .strongest()
            .into_iter()
            .zip(shown)
            .map(|(image, shown)| strong(answers, image, shown))
            .collect(),
        histogram: answers.histogram(),
        strength: answers.strengths(),
        place: answers.places(),
        maps: shown.iter().map(|shown| base64(&shown.map)).collect(),
        map: map_size(subject.layers[answers.layer].maps),
    };
    site.write(&format!("{name}.js"), &script("unit", &[answers.layer, answers.channel], &file)?)
}

fn strong(answers: &Answers, image: usize, shown: &Shown) -> Strong {
    let Region { top, left, height, width } = shown.region;
    let activation = rounded(answers.activation(image));
    Strong { image, activation, at: answers.place(image).at, region: [top, left, height, width] }
}
