//! The images that excite a feature map most.

use crate::unit::{Unit, strongest};
use core_net::Trace;

/// A feature map of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeatureMap {
    /// The node's index.
    pub node: usize,
    /// The feature map.
    pub channel: usize,
}

/// The strongest activation of a feature map in one image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TopActivation {
    /// The image, counted from the first that was seen.
    pub image: usize,
    /// Where it is strongest; ties take the first place.
    pub unit: Unit,
    /// How strong.
    pub activation: f64,
}

/// The `k` images with the strongest activation of each of some feature maps, in one pass over any number of images.
///
/// An image counts once; ties take the earlier image; maps that are NaN are left out.
///
/// **Paper** Zeiler & Fergus 2013, §4, Fig. 2: the nine strongest of a map.
#[derive(Clone, Debug)]
pub struct TopImages {
    k: usize,
    seen: usize,
    maps: Vec<MapRanking>,
}

/// The images that excite one feature map most.
#[derive(Clone, Debug, PartialEq)]
pub struct MapRanking {
    /// The map.
    pub map: FeatureMap,
    /// Its strongest images, the strongest first.
    pub strongest: Vec<TopActivation>,
    /// Number of images in which it is anywhere above 0.
    pub firing: usize,
}

impl TopImages {
    /// An empty ranking of `k` images for each of these maps.
    pub fn new(maps: &[FeatureMap], k: usize) -> Self {
        let ranked = |&map: &FeatureMap| MapRanking { map, strongest: Vec::with_capacity(k + 1), firing: 0 };
        Self { k, seen: 0, maps: maps.iter().map(ranked).collect() }
    }

    /// Adds the next batch of images.
    ///
    /// # Panics
    /// If the trace has no such node or map.
    pub fn update(&mut self, trace: &Trace) {
        let images = trace.output().dims()[0];
        for ranked in &mut self.maps {
            for image in 0..images {
                let (unit, activation) = strongest(trace, ranked.map.node, image, ranked.map.channel);
                ranked.firing += usize::from(activation > 0.0);
                if activation.is_nan() {
                    continue;
                }
                ranked.insert(TopActivation { image: self.seen + image, unit, activation }, self.k);
            }
        }
        self.seen += images;
    }

    /// Adds another ranking's result on the next `images` images, for the same maps and the same `k`.
    ///
    /// # Panics
    /// If it is a ranking of other maps.
    pub fn append(&mut self, images: usize, next: &[MapRanking]) {
        let [ours, theirs] =
            [&self.maps[..], next].map(|maps| maps.iter().map(|ranked| ranked.map).collect::<Vec<_>>());
        assert_eq!(ours, theirs, "append: expected a ranking of the same maps");
        for (ranked, next) in self.maps.iter_mut().zip(next) {
            ranked.firing += next.firing;
            for strongest in &next.strongest {
                ranked.insert(TopActivation { image: self.seen + strongest.image, ..*strongest }, self.k);
            }
        }
        self.seen += images;
    }

    /// The ranking of each map.
    pub fn ranked(&self) -> &[MapRanking] {
        &self.maps
    }

    /// Number of images so far.
    pub fn seen(&self) -> usize {
        self.seen
    }

    /// The strongest images of the map of this index, the strongest first.
    pub fn strongest(&self, map: usize) -> &[TopActivation] {
        &self.maps[map].strongest
    }
}

impl MapRanking {
    fn insert(&mut self, new: TopActivation, k: usize) {
        let place = self.strongest.partition_point(|known| known.activation >= new.activation);
        if place < k {
            self.strongest.insert(place, new);
            self.strongest.truncate(k);
        }
    }
}
