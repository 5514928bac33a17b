//! Full and incremental computation of occluded images.

use crate::target::SensitivityTarget;
use core_net::{Changes, Net, Region, Trace};
use tensor::{Tensor, to_f64s};

/// How the occluded images are computed; the maps are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// Computes only the window of each layer that the occluder affects; the rest is the unoccluded image's.
    #[default]
    Incremental,
    /// Computes every occluded image in full.
    Full,
}

/// Maximum number of occluded images that are computed at a time by [`Engine::Full`].
const IMAGES: usize = 64;

/// Maximum number of scalars of a node's whole activations in memory at a time.
const SCALARS: usize = 1 << 25;

/// What the net computes of occluded images.
pub(crate) struct OccludedOutputs {
    /// The target's feature map's summed activation.
    pub activity: Vec<f64>,
    /// The net's last activation.
    pub output: Tensor,
}

impl Engine {
    /// Number of hidden regions, from the first, that are computed at once.
    pub(crate) fn positions_at_once(self, net: &Net, node: usize, hidden: &[Region]) -> usize {
        match self {
            Engine::Incremental => net.copies_at_once(hidden),
            Engine::Full => whole_at_once(net, node).min(IMAGES).min(hidden.len()),
        }
    }

    /// The image with each of these patches over it.
    pub(crate) fn outputs(
        self,
        net: &Net,
        trace: &Trace,
        patches: &[(Region, Tensor)],
        target: SensitivityTarget,
    ) -> OccludedOutputs {
        let (nodes, changes) = ([target.node, net.output()], Changes::new(patches));
        match self {
            Engine::Incremental => {
                let found = net.changes_at(trace, &changes, &nodes);
                let activity = changed_activity(trace.activation(target.node), &found[0], target.channel);
                OccludedOutputs { activity, output: found[1].applied_to(trace.output()) }
            }
            Engine::Full => {
                let mut found = net.activations_of(&changes.applied_to(trace.activation(0)), &nodes);
                let output = found.pop().expect("two nodes");
                OccludedOutputs { activity: activity(&found[0], target.channel), output }
            }
        }
    }
}

/// Number of a node's whole activations in memory at a time.
pub(crate) fn whole_at_once(net: &Net, node: usize) -> usize {
    (SCALARS / net.nodes()[node].shape.iter().product::<usize>().max(1)).max(1)
}

/// By image, the feature map's summed activation.
pub(crate) fn activity(activation: &Tensor, channel: usize) -> Vec<f64> {
    let scalars = to_f64s(&map(activation, channel));
    let each = scalars.chunks_exact(scalars.len() / activation.dims()[0]);
    each.map(|map| map.iter().sum()).collect()
}

/// By copy, the feature map's summed activation: the unoccluded image's, and the difference that the change makes.
pub(crate) fn changed_activity(clean: &Tensor, changes: &Changes, channel: usize) -> Vec<f64> {
    let clean = map(clean, channel);
    let sum = |map: &Tensor| to_f64s(map).iter().sum::<f64>();
    let total = sum(&clean);
    let activity = |copy: usize| match (changes.region(copy), changes.values(copy)) {
        (Some(region), Some(values)) => total - sum(&region.view(&clean)) + sum(&map(&values, channel)),
        _ => total,
    };
    (0..changes.len()).map(activity).collect()
}

fn map(activation: &Tensor, channel: usize) -> Tensor {
    activation.narrow(1, channel, 1).expect("one of the feature maps")
}
