//! A signal pulled back within the part of the image that it comes from.

use super::crop::Crop;
use super::window::Reach;
use super::{Region, map_of};
use crate::net::Net;
use crate::operations::{Rule, Step};
use crate::pull_back::shares;
use crate::trace::Trace;
use std::ops::Range;
use tensor::{Real, Tensor, add, by_type, pad, with_slice};

/// What [`pull_back`](crate::pull_back) carries to the image from a signal that is 0 outside a region of the node's map,
/// and the part of the image that it is limited to: the [`Net::region_seen`], and more only where the rule passes
/// the signal through the neighborhood of a contrast normalization.
///
/// Every layer computes only the window that the region sees.
///
/// **Shape** signal `[n, c, height, width]` of the region (or the node's activation, where it has no map); the result has the returned region's.
///
/// # Panics
/// If there is no such node or region, or the signal has another shape.
pub fn pull_back_within(
    net: &Net,
    trace: &Trace,
    from: usize,
    signal: &Tensor,
    region: Region,
    rule: Rule,
) -> (Tensor, Region) {
    net.check_region(from, region);
    let expected = region.view(trace.activation(from));
    assert_eq!(signal.dims(), expected.dims(), "signal of a region at {}", net.nodes[from].name);
    let mut patches = vec![None; from + 1];
    patches[from] = Some(Patch { signal: signal.clone(), region });
    for index in (1..=from).rev() {
        let Some(patch) = patches[index].take() else { continue };
        for (&source, share) in net.nodes[index].inputs.iter().zip(patch.shares(net, trace, index, rule)) {
            patches[source] =
                patches[source].take().into_iter().chain([share]).reduce(|sum, share| sum.plus(&share));
        }
    }
    let Patch { signal, region } = patches[0].take().unwrap_or_else(|| Patch::nothing(trace.activation(0)));
    (signal, region)
}

/// A signal on a region of a map; it is 0 elsewhere.
#[derive(Clone)]
struct Patch {
    signal: Tensor,
    region: Region,
}

impl Patch {
    /// No signal, on the first place of these maps.
    fn nothing(maps: &Tensor) -> Patch {
        let region = Region::unit(0, 0);
        Patch { signal: region.view(maps).zeros_like().expect("zeros in memory"), region }
    }

    fn plus(&self, other: &Patch) -> Patch {
        let region = self.region.union(other.region);
        Patch { signal: add(&self.widened(region), &other.widened(region)), region }
    }

    /// The patches of the nodes that a node reads, none if its windows see padding only.
    fn shares(self, net: &Net, trace: &Trace, index: usize, rule: Rule) -> Vec<Patch> {
        match shares(net, index, &self.signal) {
            Some(signals) => {
                signals.into_iter().map(|signal| Patch { signal, region: self.region }).collect()
            }
            None => self.through(net, trace, index, rule).into_iter().collect(),
        }
    }

    /// The patch that the rule passes back through a node; `None` if its windows see padding only.
    fn through(&self, net: &Net, trace: &Trace, index: usize, rule: Rule) -> Option<Patch> {
        let node = &net.nodes[index];
        let crop = Crop::new(net, node, self.region)?;
        let input = trace.activation(node.inputs[0]);
        let width = map_of(&input.dims()[1..])[1];
        let switches = trace.switches(index).map(|switches| crop.switches(switches, width));
        let signal = rule(&Step {
            op: &crop.op,
            input: &crop.input.view(input),
            output: &crop.output.view(trace.activation(index)),
            switches: switches.as_ref(),
            signal: &self.widened(crop.output),
        });
        let through = Patch { signal, region: crop.input };
        let may_reach_beyond = matches!(node.op.operation().reach(), Reach::Neighborhood);
        Some(if may_reach_beyond { through.narrowed(self.region) } else { through })
    }

    /// The same signal on a region that contains this one's.
    fn widened(&self, region: Region) -> Tensor {
        if region == self.region {
            return self.signal.clone();
        }
        let (rows, columns) = (self.region.rows(), self.region.columns());
        let [top, left] = [rows.start - region.top, columns.start - region.left];
        let [bottom, right] = [region.rows().end - rows.end, region.columns().end - columns.end];
        pad(&self.signal, [top, left, bottom, right], 0.0)
    }

    /// The same signal on the smallest region that contains `least` and all that is not 0.
    fn narrowed(self, least: Region) -> Patch {
        let Region { top, left, height, width } = self.region;
        let grown = |region: Region, (line, columns): (usize, Range<usize>)| {
            let row = top + line % height;
            region.union(Region::from_ranges(row..row + 1, left + columns.start..left + columns.end))
        };
        let region = by_type!(self.signal, T => with_slice::<T, _>(&self.signal, |signal| {
            let lines = signal.chunks_exact(width).enumerate();
            lines.filter_map(|(line, scalars)| Some((line, not_zero(scalars)?))).fold(least, grown)
        }));
        let within = Region { top: region.top - top, left: region.left - left, ..region };
        Patch { signal: within.view(&self.signal).contiguous().expect("a copy in memory"), region }
    }
}

/// From the first to the last scalar that is not 0, if there is any.
fn not_zero<T: Real>(scalars: &[T]) -> Option<Range<usize>> {
    let is_not_zero = |scalar: &T| *scalar != T::default();
    let first = scalars.iter().position(is_not_zero)?;
    Some(first..scalars.iter().rposition(is_not_zero)? + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::{Example, examples};
    use crate::random_net::{random, random_net, random_region};
    use crate::{gradient, pull_back};
    use rand::Rng;
    use tensor::{seeded, to_f64s};

    /// Another rule: the adjoint, rectified at rectifiers.
    fn rectified(step: &Step) -> Tensor {
        let signal = step.adjoint();
        if step.op.is_relu() { tensor::relu(&signal) } else { signal }
    }

    #[test]
    fn within_its_window_a_signal_becomes_what_it_becomes_on_the_whole_image() {
        let mut rng = seeded(4, "nets");
        let mut smaller = 0;
        let random_nets: Vec<Net> = (0..400).map(|_| random_net(&mut rng, 5)).collect();
        for net in random_nets.into_iter().chain(examples().iter().map(Example::net)) {
            let images = random(&mut rng, &[&[2], &*net.nodes()[0].shape].concat());
            let trace = net.forward(&images);
            let from = rng.random_range(1..net.nodes().len());
            let region = random_region(&mut rng, map_of(&net.nodes()[from].shape));
            let signal = random(&mut rng, region.view(trace.activation(from)).dims());
            let whole = Region::whole(map_of(&net.nodes()[from].shape));
            let full = Patch { signal: signal.clone(), region }.widened(whole);
            for rule in [gradient, rectified] {
                let slow = pull_back(&net, &trace, from, full.clone(), rule);
                let (fast, seen) = pull_back_within(&net, &trace, from, &signal, region, rule);
                let image = Region::whole(map_of(&net.nodes()[0].shape));
                let fast = Patch { signal: fast, region: seen }.widened(image);
                let same = to_f64s(&slow)
                    .iter()
                    .zip(to_f64s(&fast))
                    .all(|(a, b)| (a - b).abs() <= 1e-12 * (1.0 + a.abs()));
                assert!(same, "from {from}, {region:?}: {net:?}");
                assert!(net.region_seen(from, region).is_within(seen));
                smaller += usize::from(seen != image);
            }
        }
        assert!(smaller > 200, "{smaller} of more than 800");
    }
}
