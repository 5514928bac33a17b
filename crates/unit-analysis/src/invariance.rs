//! How far features move when the image is transformed.

use crate::transformation::Transformation;
use core_net::Net;
use tensor::{Tensor, to_f64s};

/// Images and their features at some nodes, to be compared with those of the transformed images.
#[derive(Clone, Debug)]
pub struct Invariance<'a> {
    net: &'a Net,
    images: &'a Tensor,
    labels: &'a [usize],
    nodes: &'a [usize],
    /// By node.
    features: Vec<Vec<f64>>,
}

/// How far the features of a layer are from those of the untransformed image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distance {
    /// `‖φ(x) − φ(T x)‖`
    pub euclidean: f64,
    /// The same divided by `‖φ(x)‖`; 0 where nothing moves, and infinite where only the untransformed image has no features.
    pub normalized: f64,
}

/// What a transformation does to one image.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// For each of the nodes, in their order.
    pub distances: Vec<Distance>,
    /// The probability of the true class for the transformed image.
    ///
    /// **Range** `[0, 1]`
    pub probability: f64,
}

impl<'a> Invariance<'a> {
    /// The images as they are, with their true classes, and the nodes to compare.
    ///
    /// **Shape** images `[n, c, h, w]`, n labels. The net ends in logits or probabilities.
    ///
    /// # Panics
    /// If the images do not fit the net, there is no such node, or there are more or fewer labels.
    pub fn new(net: &'a Net, images: &'a Tensor, labels: &'a [usize], nodes: &'a [usize]) -> Self {
        assert_eq!(images.dims()[0], labels.len(), "Invariance: expected a label for each image");
        let trace = net.forward(images);
        let features = nodes.iter().map(|&node| to_f64s(trace.activation(node))).collect();
        Self { net, images, labels, nodes, features }
    }

    /// What the transformation does to each image; beyond the border lies `fill`.
    ///
    /// **Paper** Zeiler & Fergus 2013, Fig. 5, columns 2 to 4.
    ///
    /// # Panics
    /// As [`Transformation::apply`], or if a label is not a class.
    pub fn under(&self, transformation: Transformation, fill: f64) -> Vec<Response> {
        let trace = self.net.forward(&transformation.apply(self.images, fill));
        let features = self.nodes.iter().map(|&node| to_f64s(trace.activation(node)));
        let distances: Vec<Vec<Distance>> =
            self.features.iter().zip(features).map(|(x, y)| distances(x, &y, self.labels.len())).collect();
        let probabilities = to_f64s(&self.net.probabilities(trace.output()));
        let classes = trace.output().dims()[1];
        let response = |(image, &label): (usize, &usize)| {
            assert!(label < classes, "Invariance: expected a label below {classes}, got {label}");
            Response {
                distances: distances.iter().map(|node| node[image]).collect(),
                probability: probabilities[image * classes + label],
            }
        };
        self.labels.iter().enumerate().map(response).collect()
    }
}

/// The distance of each of n images' features before and after.
fn distances(before: &[f64], after: &[f64], n: usize) -> Vec<Distance> {
    let distance = |(x, y): (&[f64], &[f64])| {
        let euclidean = x.iter().zip(y).map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt();
        let length = x.iter().map(|x| x * x).sum::<f64>().sqrt();
        Distance { euclidean, normalized: if euclidean == 0.0 { 0.0 } else { euclidean / length } }
    };
    let size = before.len() / n;
    before.chunks_exact(size).zip(after.chunks_exact(size)).map(distance).collect()
}
