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

/// Maximum number of scalars of the target's maps in memory at a time, by [`Engine::Full`].
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
            Engine::Full => {
                let scalars = net.nodes()[node].shape.iter().product::<usize>();
                (SCALARS / scalars.max(1)).clamp(1, IMAGES).min(hidden.len())
            }
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
        let changes = Changes::new(patches);
        match self {
            Engine::Incremental => incremental(net, trace, &changes, target),
            Engine::Full => full(net, &changes.applied_to(trace.activation(0)), target),
        }
    }
}

fn full(net: &Net, images: &Tensor, target: SensitivityTarget) -> OccludedOutputs {
    let mut found = net.activations_of(images, &[target.node, net.output()]);
    let output = found.pop().expect("two nodes");
    let map = found[0].narrow(1, target.channel, 1).expect("one of the feature maps");
    let scalars = to_f64s(&map);
    let activity = scalars.chunks_exact(scalars.len() / images.dims()[0]).map(|map| map.iter().sum());
    OccludedOutputs { activity: activity.collect(), output }
}

fn incremental(net: &Net, trace: &Trace, changes: &Changes, target: SensitivityTarget) -> OccludedOutputs {
    let found = net.changes_at(trace, changes, &[target.node, net.output()]);
    let map = |activation: &Tensor| activation.narrow(1, target.channel, 1).expect("one of the feature maps");
    let clean = map(trace.activation(target.node));
    let sum = |map: &Tensor| to_f64s(map).iter().sum::<f64>();
    let total = sum(&clean);
    let activity = |copy: usize| match (found[0].region(copy), found[0].values(copy)) {
        (Some(region), Some(values)) => total - sum(&region.view(&clean)) + sum(&map(&values)),
        _ => total,
    };
    let activity = (0..changes.len()).map(activity).collect();
    OccludedOutputs { activity, output: found[1].applied_to(trace.output()) }
}
