//! Invariance: how far features move when the image is transformed.

use crate::transformation::Transformation;
use core_net::Net;
use ndarray::{Array2, ArrayView1};
use tensor::{Tensor, to_f64_array, to_f64s};

/// Features of images at some nodes, to compare with those of the transformed images.
#[derive(Clone, Debug)]
pub struct Invariance<'a> {
    net: &'a Net,
    images: &'a Tensor,
    labels: &'a [usize],
    nodes: &'a [usize],
    /// By node.
    features: Vec<Array2<f64>>,
}

/// The distance of a layer's features from those of the untransformed image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distance {
    /// `‖φ(x) − φ(T x)‖`
    pub euclidean: f64,
    /// The same divided by `‖φ(x)‖`; 0 where nothing moves, and infinite where only the untransformed image has no features.
    pub normalized: f64,
}

/// The effect of a transformation on one image.
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
    /// Computes the features of the untransformed images at these nodes.
    ///
    /// **Shape** images `[n, c, h, w]`, n labels. The net ends in logits or probabilities.
    ///
    /// # Panics
    /// If the images do not fit the net, there is no such node, or there are more or fewer labels.
    pub fn new(net: &'a Net, images: &'a Tensor, labels: &'a [usize], nodes: &'a [usize]) -> Self {
        assert_eq!(images.dims()[0], labels.len(), "Invariance: expected a label for each image");
        let trace = net.forward(images);
        let features = nodes.iter().map(|&node| rows(trace.activation(node))).collect();
        Self { net, images, labels, nodes, features }
    }

    /// The effect of the transformation on each image; pixels beyond the border are `fill`.
    ///
    /// **Paper** Zeiler & Fergus 2013, Fig. 5, columns 2 to 4.
    ///
    /// # Panics
    /// As [`Transformation::apply`], or if a label is not a class.
    pub fn under(&self, transformation: Transformation, fill: f64) -> Vec<Response> {
        let trace = self.net.forward(&transformation.apply(self.images, fill));
        let features = self.nodes.iter().map(|&node| rows(trace.activation(node)));
        let distances: Vec<Vec<Distance>> =
            self.features.iter().zip(features).map(|(x, y)| distances(x, &y)).collect();
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

/// An activation as a row for each image.
fn rows(activation: &Tensor) -> Array2<f64> {
    to_f64_array(&activation.flatten_from(1).expect("a batch"))
}

/// The distance of each image's features before and after.
fn distances(before: &Array2<f64>, after: &Array2<f64>) -> Vec<Distance> {
    let distance = |(x, y): (ArrayView1<f64>, ArrayView1<f64>)| {
        let euclidean = x.iter().zip(&y).map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt();
        let length = x.iter().map(|x| x * x).sum::<f64>().sqrt();
        Distance { euclidean, normalized: if euclidean == 0.0 { 0.0 } else { euclidean / length } }
    };
    before.rows().into_iter().zip(after.rows()).map(distance).collect()
}
