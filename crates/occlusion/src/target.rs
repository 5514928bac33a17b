//! What is measured at each position of the occluder.

use core_net::Net;
use tensor::{Tensor, argmax, to_f64s};

/// The class and the feature map whose sensitivity to the occluder is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SensitivityTarget {
    /// The class whose probability is measured.
    pub class: usize,
    /// The node whose feature map's activity is measured.
    pub node: usize,
    /// The feature map.
    pub channel: usize,
}

impl SensitivityTarget {
    /// The class that the net finds in the image, and the node's feature map of the strongest response, its largest activation; ties take the first.
    ///
    /// **Shape** image `[1, c, h, w]`.
    ///
    /// # Panics
    /// If there is no such node, or the image has another shape or scalar type than the net.
    pub fn strongest(net: &Net, image: &Tensor, node: usize) -> Self {
        let found = net.activations_of(image, &[node, net.output()]);
        let channels = found[0].dims()[1];
        let scalars = to_f64s(&found[0]);
        let larger = |a: usize, b: usize| if scalars[b] > scalars[a] { b } else { a };
        let largest = (0..scalars.len()).reduce(larger).expect("a unit");
        let channel = largest / (scalars.len() / channels);
        SensitivityTarget { class: argmax(&net.probabilities(&found[1]))[0], node, channel }
    }
}
