//! The change of a layer's features when a part is hidden, and its signs.

use core_net::{Net, Trace};
use rayon::prelude::*;
use tensor::{Tensor, to_f64s};

/// `ε = x − x̃`: the features of a node before a part was hidden, minus those after.
///
/// **Shape** of the node's activation.
///
/// **Paper** Zeiler & Fergus 2013, §4.3.
///
/// # Panics
/// If there is no such node, or the batches differ.
pub fn epsilon(before: &Trace, after: &Trace, node: usize) -> Tensor {
    let [before, after] = [before, after].map(|trace| trace.activation(node));
    (before - after).unwrap_or_else(|error| panic!("epsilon: expected two batches alike: {error}"))
}

/// The signs of the change at these nodes in each image, for each of several versions of the images with something hidden.
///
/// Indexed by version, node and image. One image is computed at a time, so that no more than two of its traces are in memory.
///
/// **Shape** images and each version `[n, c, h, w]`.
///
/// # Panics
/// If the shapes differ or do not fit the net, or there is no such node.
pub fn changes(net: &Net, images: &Tensor, hidden: &[Tensor], nodes: &[usize]) -> Vec<Vec<Vec<Signs>>> {
    let mut changes = vec![vec![vec![]; nodes.len()]; hidden.len()];
    for image in 0..images.dims()[0] {
        let forward = |images: &Tensor| net.forward(&images.narrow(0, image, 1).expect("as many images"));
        let before = forward(images);
        for (version, hidden) in changes.iter_mut().zip(hidden) {
            let after = forward(hidden);
            for (signs, &node) in version.iter_mut().zip(nodes) {
                signs.extend(Signs::from_changes(&epsilon(&before, &after, node)));
            }
        }
    }
    changes
}

/// The treatment of features that do not change: after a rectifier most do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zeros {
    /// `sign 0 = 0` is a sign of its own: it differs from both others.
    ThirdSign,
    /// A feature that does not change in one image or the other is not counted.
    LeftOut,
}

/// The signs of one image's change: −1, 0 or 1 for each feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signs {
    features: usize,
    positive: Vec<u64>,
    negative: Vec<u64>,
}

impl Signs {
    /// The signs of each image's change.
    ///
    /// **Shape** epsilon `[n, …]`.
    ///
    /// # Panics
    /// If the change is neither f32 nor f64.
    pub fn from_changes(epsilon: &Tensor) -> Vec<Signs> {
        let features: usize = epsilon.dims()[1..].iter().product();
        to_f64s(epsilon).par_chunks_exact(features).map(Signs::from_change).collect()
    }

    fn from_change(epsilon: &[f64]) -> Signs {
        let bits = |is: fn(f64) -> bool| {
            let word = |values: &[f64]| {
                values.iter().enumerate().fold(0, |word, (bit, &value)| word | u64::from(is(value)) << bit)
            };
            epsilon.chunks(64).map(word).collect()
        };
        Signs { features: epsilon.len(), positive: bits(|value| value > 0.0), negative: bits(|v| v < 0.0) }
    }

    /// The share of the features that change.
    ///
    /// **Range** `[0, 1]`
    pub fn changed(&self) -> f64 {
        self.count(self, |p, n, _, _| p | n) as f64 / self.features as f64
    }

    /// The share of the features whose signs differ: the Hamming distance divided by the number of features that count.
    ///
    /// `None` where no feature counts.
    ///
    /// **Range** `[0, 1]`
    ///
    /// # Panics
    /// If the numbers of features differ.
    pub fn distance(&self, other: &Signs, zeros: Zeros) -> Option<f64> {
        assert_eq!(self.features, other.features, "distance: features");
        let [differ, counted] = match zeros {
            Zeros::ThirdSign => [self.count(other, |p, n, q, m| (p ^ q) | (n ^ m)), self.features],
            Zeros::LeftOut => [
                self.count(other, |p, n, q, m| (p & m) | (n & q)),
                self.count(other, |p, n, q, m| (p | n) & (q | m)),
            ],
        };
        (counted > 0).then(|| differ as f64 / counted as f64)
    }

    /// Number of features for which `is` is true, given the bits of both changes: positive, negative, positive, negative.
    fn count(&self, other: &Signs, is: impl Fn(u64, u64, u64, u64) -> u64) -> usize {
        let ours = self.positive.iter().zip(&self.negative);
        let theirs = other.positive.iter().zip(&other.negative);
        let words = ours.zip(theirs).map(|((&p, &n), (&q, &m))| is(p, n, q, m).count_ones() as usize);
        words.sum()
    }
}
