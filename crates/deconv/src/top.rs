//! The images that excite a feature map most.

use crate::unit::{Unit, strongest};
use core_net::Trace;

/// A feature map of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Map {
    /// The node's index.
    pub node: usize,
    /// The feature map.
    pub channel: usize,
}

/// An image's strongest unit of a feature map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Strongest {
    /// The image, counted from the first that was seen.
    pub image: usize,
    /// Where it is strongest; ties take the first place.
    pub unit: Unit,
    /// How strong.
    pub activation: f64,
}

/// A ranking of images by the strongest activation of some feature maps, in one pass over any number of images.
///
/// Of each feature map no more than `k` images are remembered. An image counts once; ties take the earlier image.
///
/// **Paper** Zeiler & Fergus 2013, §4, Fig. 2: the nine strongest of a map.
#[derive(Clone, Debug)]
pub struct Top {
    k: usize,
    seen: usize,
    maps: Vec<Ranked>,
}

/// What a ranking knows of one feature map.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// The map.
    pub map: Map,
    /// Its strongest images, the strongest first.
    pub strongest: Vec<Strongest>,
    /// For how many images it is anywhere above 0.
    pub firing: usize,
}

impl Top {
    /// An empty ranking of `k` images for each of these maps.
    pub fn new(maps: &[Map], k: usize) -> Self {
        let ranked = |&map: &Map| Ranked { map, strongest: Vec::with_capacity(k + 1), firing: 0 };
        Self { k, seen: 0, maps: maps.iter().map(ranked).collect() }
    }

    /// Takes the next batch of images.
    ///
    /// # Panics
    /// If the trace has no such node or map.
    pub fn see(&mut self, trace: &Trace) {
        let images = trace.output().dims()[0];
        for ranked in &mut self.maps {
            for image in 0..images {
                let (unit, activation) = strongest(trace, ranked.map.node, image, ranked.map.channel);
                ranked.firing += usize::from(activation > 0.0);
                ranked.insert(Strongest { image: self.seen + image, unit, activation }, self.k);
            }
        }
        self.seen += images;
    }

    /// Takes what another ranking, of as many of the strongest of the same maps, found in the next `images` images:
    /// as if this one had seen them.
    ///
    /// # Panics
    /// If it is a ranking of other maps.
    pub fn append(&mut self, images: usize, next: &[Ranked]) {
        let maps = |ranked: &[Ranked]| ranked.iter().map(|ranked| ranked.map).collect::<Vec<Map>>();
        assert_eq!(maps(&self.maps), maps(next), "append: expected a ranking of the same maps");
        for (ranked, next) in self.maps.iter_mut().zip(next) {
            ranked.firing += next.firing;
            for strongest in &next.strongest {
                ranked.insert(Strongest { image: self.seen + strongest.image, ..*strongest }, self.k);
            }
        }
        self.seen += images;
    }

    /// What is known of each map.
    pub fn ranked(&self) -> &[Ranked] {
        &self.maps
    }

    /// The images seen so far.
    pub fn seen(&self) -> usize {
        self.seen
    }

    /// The strongest images of the map of this index, the strongest first.
    ///
    /// # Panics
    /// If the ranking was made for fewer maps.
    pub fn strongest(&self, map: usize) -> &[Strongest] {
        &self.maps[map].strongest
    }

    /// For how many images the map of this index is anywhere above 0.
    ///
    /// # Panics
    /// If the ranking was made for fewer maps.
    pub fn firing(&self, map: usize) -> usize {
        self.maps[map].firing
    }
}

impl Ranked {
    fn insert(&mut self, new: Strongest, k: usize) {
        let place = self.strongest.partition_point(|known| known.activation >= new.activation);
        if place < k {
            self.strongest.insert(place, new);
            self.strongest.truncate(k);
        }
    }
}
