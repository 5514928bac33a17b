//! How the occluded images are computed.

use crate::sweep::{Watched, channel_sums};
use core_net::{Changes, Net, Region, Trace};
use tensor::{Tensor, to_f64s};

/// Two ways to the same maps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// Of each layer only the window that the occluder reaches, grown from layer to layer; the rest is the unoccluded image's.
    #[default]
    Incremental,
    /// Every occluded image from its pixels on.
    Full,
}

/// Occluded images that are computed at a time by [`Engine::Full`].
const IMAGES: usize = 64;

/// Scalars of the watched maps that are kept at a time by [`Engine::Full`].
const SCALARS: usize = 1 << 25;

/// What the net makes of occluded images.
pub(crate) struct Seen {
    /// The watched feature map's summed activation.
    pub activity: Vec<f64>,
    /// The net's last activation.
    pub output: Tensor,
}

impl Engine {
    /// How many of the hidden regions, from the first, are computed at once.
    pub(crate) fn positions_at_once(self, net: &Net, watched: usize, hidden: &[Region]) -> usize {
        match self {
            Engine::Incremental => net.copies_at_once(hidden),
            Engine::Full => {
                let scalars = net.nodes()[watched].shape.iter().product::<usize>();
                (SCALARS / scalars.max(1)).clamp(1, IMAGES).min(hidden.len())
            }
        }
    }

    /// The image with each of these patches over it.
    pub(crate) fn see(
        self,
        net: &Net,
        trace: &Trace,
        patches: &[(Region, Tensor)],
        watched: Watched,
    ) -> Seen {
        let changes = Changes::new(patches);
        match self {
            Engine::Incremental => incremental(net, trace, &changes, watched),
            Engine::Full => full(net, &changes.applied_to(trace.activation(0)), watched),
        }
    }
}

fn full(net: &Net, images: &Tensor, watched: Watched) -> Seen {
    let mut found = net.activations_of(images, &[watched.node, net.output()]);
    let output = found.pop().expect("two nodes");
    let map = found[0].narrow(1, watched.channel, 1).expect("one of the feature maps");
    let scalars = to_f64s(&map);
    let activity = scalars.chunks_exact(scalars.len() / images.dims()[0]).map(|map| map.iter().sum());
    Seen { activity: activity.collect(), output }
}

fn incremental(net: &Net, trace: &Trace, changes: &Changes, watched: Watched) -> Seen {
    let found = net.changes_at(trace, changes, &[watched.node, net.output()]);
    let map =
        |activation: &Tensor| activation.narrow(1, watched.channel, 1).expect("one of the feature maps");
    let clean = map(trace.activation(watched.node));
    let total = channel_sums(&clean)[0];
    let activity = |copy: usize| match (found[0].region(copy), found[0].values(copy)) {
        (Some(region), Some(values)) => {
            total - channel_sums(&region.of(&clean))[0] + channel_sums(&map(&values))[0]
        }
        _ => total,
    };
    let activity = (0..changes.len()).map(activity).collect();
    Seen { activity, output: found[1].applied_to(trace.output()) }
}
