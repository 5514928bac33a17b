//! Any one number of a net, measured at each position of the occluder.

use crate::engine::{Engine, activity, changed_activity, whole_at_once};
use crate::occluder::Occluder;
use core_net::{Changes, Net, Region, Trace};
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

impl Quantity<'_> {
    /// The quantity of the image with each of these patches over it.
    fn with_patches(
        &self,
        engine: Engine,
        net: &Net,
        trace: &Trace,
        patches: &[(Region, Tensor)],
    ) -> Vec<f64> {
        let (node, changes) = (self.node(), Changes::new(patches));
        let clean = trace.activation(node);
        match engine {
            Engine::Full => {
                self.of(&net.activations_of(&changes.applied_to(trace.activation(0)), &[node])[0])
            }
            Engine::Incremental => {
                let found = net.changes_at(trace, &changes, &[node]).remove(0);
                match *self {
                    Quantity::Activity { channel, .. } => changed_activity(clean, &found, channel),
                    Quantity::Function { of, .. } => of(&found.applied_to(clean)),
                }
            }
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
        values.extend(quantity.with_patches(engine, &net, &trace, &patches));
        left = &left[count..];
    }
    (clean, values)
}
