//! Any one number of a net, measured at each position of the occluder.

use crate::engine::{Engine, activity, whole_at_once};
use crate::occluder::Occluder;
use core_net::{Net, Region};
use std::ops::Range;
use tensor::{Tensor, crop};

/// What is measured at each position of the occluder.
#[derive(Clone, Copy)]
pub enum Quantity<'a> {
    /// The summed activation of a node's feature map.
    Activity {
        /// The node.
        node: usize,
        /// The feature map.
        channel: usize,
    },
    /// A function of a node's activation, such as the log-odds of a class.
    Function {
        /// The node.
        node: usize,
        /// From activations `[n, …]` to a number for each of the n images, which depends on its own alone.
        of: &'a dyn Fn(&Tensor) -> Vec<f64>,
    },
}

impl Quantity<'_> {
    /// The node of whose activation it is a function.
    pub fn node(&self) -> usize {
        match *self {
            Quantity::Activity { node, .. } | Quantity::Function { node, .. } => node,
        }
    }

    /// The quantity for each image of a batch.
    ///
    /// **Shape** the node's activations, `[n, …]`.
    ///
    /// # Panics
    /// If there is no such feature map.
    pub fn of(&self, activation: &Tensor) -> Vec<f64> {
        match *self {
            Quantity::Activity { channel, .. } => activity(activation, channel),
            Quantity::Function { of, .. } => of(activation),
        }
    }
}

/// The quantity of an image without the occluder, and with it at each of these positions, which are numbered row by row.
///
/// The values are the same in whatever parts the positions are computed.
///
/// **Shape** image `[1, c, h, w]`, of the net's scalar type.
///
/// # Panics
/// If the image is not one, or of another shape or scalar type than the net; if the occluder has no side or stride;
/// if there are no such positions, node or feature map.
pub fn occluded_values(
    net: &Net,
    image: &Tensor,
    occluder: &Occluder,
    quantity: Quantity,
    positions: Range<usize>,
    engine: Engine,
) -> (f64, Vec<f64>) {
    let &[1, _, h, w] = image.dims() else { panic!("occlusion: expected one image, got {:?}", image.dims()) };
    let net = net.up_to(quantity.node());
    let (trace, fill) = (net.forward(image), occluder.fill.over(image));
    let clean = quantity.of(trace.output())[0];
    let patch =
        |region: &Region| (*region, crop(&fill, region.top, region.left, [region.height, region.width]));
    let (mut left, mut values) = (&occluder.regions([h, w])[positions], vec![]);
    while !left.is_empty() {
        let whole = whole_at_once(&net, quantity.node());
        let count = engine.positions_at_once(&net, quantity.node(), left).min(whole);
        let patches: Vec<(Region, Tensor)> = left[..count].iter().map(patch).collect();
        values.extend(engine.values(&net, &trace, &patches, &quantity));
        left = &left[count..];
    }
    (clean, values)
}
