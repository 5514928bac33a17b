//! What excites feature maps at one moment of training, to be compared with other moments.

use crate::top::{Map, Strongest};
use crate::unit::strongest;
use core_net::Trace;

/// How strongly images excite some feature maps at one moment of training.
///
/// **Paper** Zeiler & Fergus 2013, §4, Fig. 4: "the strongest activation (across all training examples) for a given feature map".
#[derive(Clone, Debug)]
pub struct EpochSnapshot {
    maps: Vec<Map>,
    /// By map: the image that excites it most; ties take the earlier image.
    strongest: Vec<Option<Strongest>>,
    /// By map: the strongest activation in each image.
    activations: Vec<Vec<f64>>,
}

impl EpochSnapshot {
    /// Of these maps, with no image seen yet.
    pub fn of(maps: &[Map]) -> Self {
        Self { maps: maps.to_vec(), strongest: vec![None; maps.len()], activations: vec![vec![]; maps.len()] }
    }

    /// Takes the next batch of images.
    ///
    /// # Panics
    /// If the trace has no such node or map.
    pub fn see(&mut self, trace: &Trace) {
        let images = trace.output().dims()[0];
        for (map, (best, activations)) in
            self.maps.iter().zip(self.strongest.iter_mut().zip(&mut self.activations))
        {
            for index in 0..images {
                let (unit, activation) = strongest(trace, map.node, index, map.channel);
                if best.is_none_or(|best| activation > best.activation) {
                    *best = Some(Strongest { image: activations.len(), unit, activation });
                }
                activations.push(activation);
            }
        }
    }

    /// The image that excites the map of this index most, and where.
    ///
    /// # Panics
    /// If no image was seen, or there is no such map.
    pub fn strongest(&self, map: usize) -> Strongest {
        self.strongest[map].expect("strongest: expected an image that was seen")
    }

    /// How alike the map of this index is at another moment: the correlation of its strongest activations over the images.
    ///
    /// **Range** −1 to 1; 0 where all images excite it alike, as at a map that is dead.
    ///
    /// # Panics
    /// If the other moment saw other images, or there is no such map.
    pub fn likeness(&self, other: &EpochSnapshot, map: usize) -> f64 {
        let [a, b] = [&self.activations[map], &other.activations[map]];
        assert_eq!(a.len(), b.len(), "likeness: images that both moments saw");
        let [a, b] = [a, b].map(|values| from_the_mean(values));
        let length = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>().sqrt();
        let lengths = length(&a) * length(&b);
        let product: f64 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
        if lengths > 0.0 { (product / lengths).clamp(-1.0, 1.0) } else { 0.0 }
    }
}

fn from_the_mean(values: &[f64]) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    values.iter().map(|value| value - mean).collect()
}
