//! Patches, projections and maps of units in their strongest images.

use super::picture::{TILE, binned, patch, signal};
use super::script::byte;
use super::subject::Subject;
use super::unit::UnitActivations;
use anyhow::Result;
use core_net::{Net, Region, Trace};
use deconv::{Deconv, Method, Unit};
use image::RgbImage;
use indicatif::ProgressBar;
use rayon::prelude::*;
use std::collections::BTreeMap;
use tensor::{Unpool, gather, to_f64s};

/// The ways back, by the names that the page gives them.
pub const RULES: [(&str, Method); 3] =
    [("deconvnet", Method::Deconvnet), ("guided", Method::Guided), ("gradient", Method::Gradient)];

/// Pixels along the side of a projection.
pub const SIDE: u32 = 56;

/// Places along the sides of a map, at most.
const MAP: usize = 28;

/// Images computed at a time.
const BATCH: usize = 4;

/// What excites a unit in one image.
pub struct TopImage {
    /// What the unit sees there.
    pub region: Region,
    pub patch: RgbImage,
    /// By rule.
    pub projections: Vec<RgbImage>,
    /// The unit's map, a byte each, the largest activation 255.
    pub map: Vec<u8>,
}

/// Where a unit is to be top_images.
struct Place {
    /// Its place among the units.
    index: usize,
    rank: usize,
    node: usize,
    unit: Unit,
}

/// Units and their strongest images.
pub struct TopImages<'a> {
    subject: &'a Subject<'a>,
    /// Up to the last of the units' layers.
    net: Net,
    units: usize,
    /// By image.
    wanted: BTreeMap<usize, Vec<Place>>,
}

/// Height and width of what is top_images of maps of this size.
pub fn map_size(maps: [usize; 2]) -> [usize; 2] {
    maps.map(|side| side.min(MAP))
}

impl<'a> TopImages<'a> {
    pub fn new(subject: &'a Subject, activations: &[UnitActivations]) -> TopImages<'a> {
        let mut wanted: BTreeMap<usize, Vec<Place>> = BTreeMap::new();
        for (index, activations) in activations.iter().enumerate() {
            let node = subject.layers[activations.layer].node;
            for (rank, image) in activations.strongest().into_iter().enumerate() {
                let place = Place { index, rank, node, unit: activations.place(image) };
                wanted.entry(image).or_default().push(place);
            }
        }
        let last =
            activations.iter().map(|activations| subject.layers[activations.layer].node).max().unwrap_or(0);
        TopImages { subject, net: subject.net.up_to(last), units: activations.len(), wanted }
    }

    /// For each unit, the strongest image first, what excites it.
    pub fn draw(&self, bar: &ProgressBar) -> Result<Vec<Vec<TopImage>>> {
        let mut top_images: Vec<BTreeMap<usize, TopImage>> =
            (0..self.units).map(|_| BTreeMap::new()).collect();
        let mut first = 0;
        for batch in self.subject.images.batches(BATCH)? {
            let batch = batch?;
            let images = batch.names.len();
            let rows: Vec<usize> =
                (0..images).filter(|row| self.wanted.contains_key(&(first + row))).collect();
            if !rows.is_empty() {
                let trace = self.net.forward(&gather(&batch.images, &rows));
                for (index, &row) in rows.iter().enumerate() {
                    let places = &self.wanted[&(first + row)];
                    for (place, new) in places.iter().zip(self.show(&trace.image(index), places)?) {
                        top_images[place.index].insert(place.rank, new);
                    }
                }
            }
            first += images;
            bar.inc(images as u64);
        }
        Ok(top_images.into_iter().map(|by_rank| by_rank.into_values().collect()).collect())
    }

    /// What excites units at these places of one image.
    fn show(&self, trace: &Trace, places: &[Place]) -> Result<Vec<TopImage>> {
        let picture = self.subject.picture(trace.activation(0))?;
        let show = |place: &Place| {
            let region = self.net.region_seen(place.node, Region::unit(place.unit.at[0], place.unit.at[1]));
            let projections = RULES.map(|(_, method)| self.project(trace, place, method));
            let projections = projections.into_iter().collect::<Result<_>>()?;
            let patch = patch(&picture, region, TILE);
            Ok(TopImage { region, patch, projections, map: map(trace, place) })
        };
        places.par_iter().map(show).collect()
    }

    fn project(&self, trace: &Trace, place: &Place, method: Method) -> Result<RgbImage> {
        let deconv = Deconv { method, unpool: Unpool::Sum };
        let found = deconv.project_units(&self.net, trace, place.node, &[(0, place.unit)]).remove(0);
        Ok(signal(&self.subject.preprocessing(), &found.pixels.squeeze(0)?, SIDE))
    }
}

/// The unit's map over its own largest activation, in fewer places where it has too many: the largest of each.
fn map(trace: &Trace, place: &Place) -> Vec<u8> {
    let activation = trace.activation(place.node);
    let maps = match *activation.dims() {
        [_, _, height, width] => [height, width],
        _ => [1, 1],
    };
    let map = to_f64s(&activation.narrow(1, place.unit.channel, 1).expect("one of the maps"));
    let max = map[place.unit.at[0] * maps[1] + place.unit.at[1]];
    let largest = |bin: &[f64]| bin.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let share = |value: f64| if value > 0.0 { byte(value / max) } else { 0 };
    binned(&map, maps, map_size(maps), largest).into_iter().map(share).collect()
}
