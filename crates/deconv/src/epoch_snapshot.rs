//! What excites feature maps at one epoch of training, to be compared with other epochs.

use crate::top::{FeatureMap, TopActivation};
use crate::unit::strongest;
use core_net::Trace;
use statistics::correlation;

/// How strongly images excite some feature maps at one epoch of training.
///
/// **Paper** Zeiler & Fergus 2013, §4, Fig. 4: "the strongest activation (across all training examples) for a given feature map".
#[derive(Clone, Debug)]
pub struct EpochSnapshot {
    maps: Vec<FeatureMap>,
    /// By map: the strongest activation in each image.
    activations: Vec<Vec<TopActivation>>,
}

impl EpochSnapshot {
    /// A snapshot of these maps, before the first image.
    pub fn new(maps: &[FeatureMap]) -> Self {
        Self { maps: maps.to_vec(), activations: vec![vec![]; maps.len()] }
    }

    /// Adds the next batch of images.
    ///
    /// # Panics
    /// If the trace has no such node or map.
    pub fn update(&mut self, trace: &Trace) {
        for (map, activations) in self.maps.iter().zip(&mut self.activations) {
            for index in 0..trace.output().dims()[0] {
                let (unit, activation) = strongest(trace, map.node, index, map.channel);
                activations.push(TopActivation { image: activations.len(), unit, activation });
            }
        }
    }

    /// The image that excites the map of this index most, and where; ties take the earlier image.
    ///
    /// # Panics
    /// If there was no image, or there is no such map.
    pub fn strongest(&self, map: usize) -> TopActivation {
        let stronger = |best: TopActivation, next: TopActivation| {
            if next.activation > best.activation { next } else { best }
        };
        let strongest = self.activations[map].iter().copied().reduce(stronger);
        strongest.expect("strongest: expected an image that was seen")
    }

    /// Similarity of the map of this index to itself at another epoch: the correlation of its strongest activations over the images.
    ///
    /// **Range** −1 to 1; 0 where all images excite it alike, as of a dead map.
    ///
    /// # Panics
    /// If the other snapshot is of other images, or there is no such map.
    pub fn similarity(&self, other: &EpochSnapshot, map: usize) -> f64 {
        let [a, b] = [self, other]
            .map(|snapshot| snapshot.activations[map].iter().map(|top| top.activation).collect::<Vec<f64>>());
        assert_eq!(a.len(), b.len(), "similarity: expected snapshots of the same images");
        correlation(&a, &b)
    }
}
