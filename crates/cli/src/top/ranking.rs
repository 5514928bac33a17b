//! Images ranked by how strongly they excite feature maps: some of them, and all.

use crate::class_table::Classes;
use crate::images::Images;
use crate::job::F64Bits;
use crate::output::csv_table;
use crate::remarks::remark;
use anyhow::Result;
use core_net::Net;
use deconv::{FeatureMap, TopActivation, TopImages, Unit};
use serde::{Deserialize, Serialize};
use statistics::shown;
use std::ops::Range;

/// Images computed at a time.
const BATCH: usize = 4;

/// The ranking of some images.
#[derive(Deserialize, Serialize)]
pub struct PartRanking {
    /// The names of those that could be read.
    names: Vec<String>,
    /// Their numbers among all images.
    places: Vec<usize>,
    maps: Vec<RankedMap>,
}

/// The strongest of these images for a feature map.
#[derive(Deserialize, Serialize)]
struct RankedMap {
    firing: usize,
    /// The image's place among those that could be read, row and column in the map, and the activation.
    strongest: Vec<(usize, [usize; 2], F64Bits)>,
}

/// An image, and where in it a map is strongest.
pub struct Place {
    pub image: usize,
    pub unit: Unit,
}

/// The ranking of all images so far.
pub struct Ranking {
    /// The names of those that could be read.
    pub names: Vec<String>,
    places: Vec<usize>,
    maps: Vec<FeatureMap>,
    top: TopImages,
}

impl PartRanking {
    /// The ranking of the images in this range by these maps.
    pub fn new(
        net: &Net,
        images: &Images,
        range: Range<usize>,
        maps: &[FeatureMap],
        k: usize,
    ) -> Result<PartRanking> {
        let some = images.select(&range.clone().collect::<Vec<_>>());
        let (mut top, mut names) = (TopImages::new(maps, k), Vec::new());
        for batch in some.batches(BATCH)? {
            let batch = batch?;
            top.update(&net.forward(&batch.images));
            names.extend(batch.names);
        }
        let place =
            |strongest: &TopActivation| (strongest.image, strongest.unit.at, F64Bits(strongest.activation));
        let maps = top.ranked().iter().map(|ranked| RankedMap {
            firing: ranked.firing,
            strongest: ranked.strongest.iter().map(place).collect(),
        });
        let maps = maps.collect();
        let places = some.places(&names).into_iter().map(|place| range.start + place).collect();
        Ok(PartRanking { names, places, maps })
    }
}

impl Ranking {
    pub fn new(maps: &[FeatureMap], k: usize) -> Ranking {
        Ranking { names: vec![], places: vec![], maps: maps.to_vec(), top: TopImages::new(maps, k) }
    }

    /// Takes the ranking of the images that come next.
    pub fn append(&mut self, next: PartRanking) {
        let ranked = |(&map, RankedMap { firing, strongest }): (&FeatureMap, &RankedMap)| {
            let strongest = strongest.iter().map(|&(image, at, F64Bits(activation))| TopActivation {
                image,
                unit: Unit { channel: map.channel, at },
                activation,
            });
            deconv::MapRanking { map, firing: *firing, strongest: strongest.collect() }
        };
        let maps: Vec<deconv::MapRanking> = self.maps.iter().zip(&next.maps).map(ranked).collect();
        self.top.append(next.names.len(), &maps);
        self.names.extend(next.names);
        self.places.extend(next.places);
    }

    /// The strongest images of a map, by their numbers among all images, broken ones included.
    pub fn strongest(&self, map: usize) -> Vec<Place> {
        let place =
            |strongest: &TopActivation| Place { image: self.places[strongest.image], unit: strongest.unit };
        self.top.strongest(map).iter().map(place).collect()
    }

    /// What a map's block is called: its unit, with a name where there is one, and the range of its activations.
    pub fn label(&self, map: usize, unit: usize, names: Option<&Classes>) -> String {
        let strongest = self.top.strongest(map);
        let name = names.and_then(|names| names.name(unit)).map_or(String::new(), |name| format!(" {name}"));
        let number = |activation: f64| shown(activation, activation, false);
        match (strongest.first(), strongest.last()) {
            (Some(first), Some(last)) => {
                format!(
                    "unit {unit}{name}: activation {} to {}",
                    number(first.activation),
                    number(last.activation)
                )
            }
            _ => format!("unit {unit}{name}: no image"),
        }
    }

    /// Says so where images are missing because their activations are no numbers.
    pub fn report_missing(&self, units: &[usize], k: usize) {
        let expected = k.min(self.names.len());
        let missing = (0..units.len()).filter(|&map| self.top.strongest(map).len() < expected).count();
        if missing > 0 {
            let of = units.len();
            remark(format!(
                "{missing} of {of} units have images left out whose activations are no numbers (NaN)"
            ));
        }
    }

    /// The ranking in comma-separated values.
    pub fn table(&self, units: &[usize]) -> Result<String> {
        let rows = units.iter().enumerate().flat_map(|(map, unit)| {
            let strongest = (1..).zip(self.top.strongest(map));
            strongest.map(move |(rank, &TopActivation { image, unit: place, activation }): (usize, _)| {
                let [y, x] = place.at;
                (unit, rank, &self.names[image], activation.to_string(), y, x)
            })
        });
        let table = csv_table(["unit", "rank", "image", "activation", "y", "x"], rows)?;
        Ok(String::from_utf8(table)?)
    }
}
