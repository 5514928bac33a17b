//! The net as a function of images: loss, gradient and class of many points at once.

use core_net::{Net, gradient, pull_back};
use tensor::{Tensor, argmax, cross_entropy, tensor_of, to_f64s};

/// Loss, gradient and predicted class of each of several points.
pub(crate) struct Evaluation {
    pub(crate) losses: Vec<f64>,
    /// One behind the other.
    pub(crate) gradients: Vec<f64>,
    pub(crate) classes: Vec<usize>,
}

/// Cross-entropy of the net at these points with the targets.
pub(crate) fn evaluate(net: &Net, points: &[&[f64]], targets: &[usize]) -> Evaluation {
    let trace = net.forward(&batch(net, points));
    let classes = argmax(trace.output());
    let (losses, signal) = cross_entropy(trace.output(), targets);
    let gradients = to_f64s(&pull_back(net, &trace, net.output(), signal, gradient));
    Evaluation { losses, gradients, classes }
}

/// The points as a batch of images.
pub(crate) fn batch(net: &Net, points: &[&[f64]]) -> Tensor {
    let shape = [&[points.len()], &net.nodes()[0].shape[..]].concat();
    tensor_of(points.concat(), &shape)
}
