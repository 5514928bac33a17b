//! Changes of the image propagated forward, layer by layer.

use super::Changes;
use crate::net::Net;
use crate::operations::Op;
use crate::plan::{Plan, Work};
use crate::region::{Crop, Reach, Region, map_of};
use crate::trace::Trace;
use rayon::prelude::*;
use std::collections::BTreeMap;
use tensor::Tensor;

/// Maximum number of scalars of all copies' changes at a node, for [`Net::copies_at_once`].
const SCALARS: usize = 1 << 23;

impl Net {
    /// The changes at these nodes that changes of the image cause: those of [`Net::forward`] of the changed copies,
    /// computed only in the regions that they reach.
    ///
    /// Windows are computed with the same sums as the whole map; a mean over a whole map and a dense layer that reads maps
    /// add the difference that the change makes, and so differ from a forward pass by rounding.
    ///
    /// # Panics
    /// If the trace is not one of a single image, or the changes do not fit it.
    pub fn changes_at(&self, trace: &Trace, changes: &Changes, nodes: &[usize]) -> Vec<Changes> {
        let plan = Plan::new(self, nodes);
        let reached_by = |region| self.regions_reached(region);
        let reached = (0..changes.len())
            .map(|copy| changes.region(copy).map_or(vec![None; self.nodes.len()], reached_by))
            .collect();
        let mut propagation = Propagation { net: self, trace, reached, at: vec![None; self.nodes.len()] };
        propagation.at[0] = Some((changes.clone(), 0));
        for (index, work) in plan.works.iter().enumerate().skip(1) {
            propagation.at[work.node] = Some(propagation.through(work));
            let done = work.reads.iter().filter(|&&node| plan.is_freed_after(node, index));
            done.for_each(|&node| propagation.at[node] = None);
        }
        nodes.iter().map(|&node| propagation.changes_of(node)).collect()
    }

    /// The number of these regions of the image, from the first, whose changes fit into a bounded memory at once.
    ///
    /// # Panics
    /// If the image has no such region.
    pub fn copies_at_once(&self, regions: &[Region]) -> usize {
        let mut taken = vec![0; self.nodes.len()];
        let fits = |region: &&Region| {
            let reached = self.regions_reached(**region);
            for ((taken, node), part) in taken.iter_mut().zip(&self.nodes).zip(reached) {
                let [height, width] = map_of(&node.shape);
                let channels = node.shape.iter().product::<usize>() / (height * width);
                *taken += part.map_or(0, |part| part.area() * channels);
            }
            taken.iter().all(|&taken| taken <= SCALARS)
        };
        regions.iter().take_while(fits).count().max(1)
    }
}

/// The changes at the nodes computed so far.
struct Propagation<'a> {
    net: &'a Net,
    trace: &'a Trace,
    /// By copy and node.
    reached: Vec<Vec<Option<Region>>>,
    /// By node; and the node whose maps the regions are of, where a flattening has only been recorded.
    at: Vec<Option<(Changes, usize)>>,
}

impl Propagation<'_> {
    fn through(&self, work: &Work) -> (Changes, usize) {
        let source = work.reads[0];
        let (changes, maps) = self.at[source].as_ref().expect("kept until its last reader");
        let operation = work.operation(self.net);
        if operation.operation().keeps_scalars() {
            return (changes.clone(), *maps);
        }
        let [before, after] = [*maps, work.node].map(|node| self.trace.activation(node));
        let difference = operation.operation().difference(changes, before, after);
        let found = difference.unwrap_or_else(|| match operation.operation().reach() {
            Reach::Place if work.reads.len() == 1 => {
                self.changes_of(source).map(|values| operation.forward(&[values]))
            }
            _ => self.windowed(work),
        });
        (found, work.node)
    }

    /// The changes at a node in regions of its own maps.
    fn changes_of(&self, node: usize) -> Changes {
        let (changes, maps) = self.at[node].as_ref().expect("kept until its last reader");
        if self.net.nodes[*maps].shape == self.net.nodes[node].shape {
            return changes.clone();
        }
        let changed = changes.changed();
        let whole = Region::whole(map_of(&self.net.nodes[*maps].shape));
        let mut flat = Changes::none(changes.len());
        if !changed.is_empty() {
            let values = changes.windows(self.trace.activation(*maps), &changed, &vec![whole; changed.len()]);
            let values = values.flatten_from(1).expect("a batch");
            flat.push(changed.into_iter().map(|copy| (copy, Region::unit(0, 0))), values);
        }
        flat
    }

    /// The operation on the window that each copy's region needs; windows of one shape are computed together.
    fn windowed(&self, work: &Work) -> Changes {
        let sources: Vec<Changes> = work.reads.iter().map(|&node| self.changes_of(node)).collect();
        let crops: Vec<(Op, Vec<CroppedCopy>)> = self.crops(work).into_values().collect();
        let values = |(crop, members): &(Op, Vec<CroppedCopy>)| {
            let copies: Vec<usize> = members.iter().map(|member| member.copy).collect();
            let windows: Vec<Region> = members.iter().map(|member| member.input).collect();
            let windows_of = |(changes, &node): (&Changes, &usize)| {
                changes.windows(self.trace.activation(node), &copies, &windows)
            };
            let inputs: Vec<Tensor> = sources.iter().zip(&work.reads).map(windows_of).collect();
            work.compute(crop, &inputs.iter().collect::<Vec<_>>())
        };
        // While one thread packs filters, the others compute the next shape.
        let values: Vec<Tensor> = crops.par_iter().map(values).collect();
        let mut found = Changes::none(self.reached.len());
        for ((_, members), values) in crops.iter().zip(values) {
            found.push(members.iter().map(|member| (member.copy, member.output)), values);
        }
        found
    }

    /// The copies that the change reaches at a node, by the shape of their crops.
    fn crops(&self, work: &Work) -> BTreeMap<CropShape, (Op, Vec<CroppedCopy>)> {
        let node = &self.net.nodes[work.rectifies.unwrap_or(work.node)];
        let mut crops: BTreeMap<CropShape, (Op, Vec<CroppedCopy>)> = BTreeMap::new();
        for (copy, reached) in self.reached.iter().enumerate() {
            let Some(output) = reached[work.node] else { continue };
            let crop = Crop::new(self.net, node, output).expect("its windows reach what changed");
            let input = [crop.input.height, crop.input.width];
            let shape = CropShape { input, padding: crop.padding, place: crop.place };
            let member = CroppedCopy { copy, input: crop.input, output: crop.output };
            crops.entry(shape).or_insert_with(|| (crop.op, vec![])).1.push(member);
        }
        crops
    }
}

/// The properties that copies computed together share.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct CropShape {
    input: [usize; 2],
    padding: [usize; 4],
    /// Where the operation differs from place to place.
    place: Option<[usize; 2]>,
}

struct CroppedCopy {
    copy: usize,
    input: Region,
    output: Region,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::{Example, examples};
    use crate::random_net::{random, random_net, random_region};
    use crate::zoo;
    use rand::Rng;
    use rand_chacha::ChaCha8Rng;
    use tensor::{DType, normal, seeded, to_f64s};

    /// Values in random regions of an image.
    fn random_changes(rng: &mut ChaCha8Rng, image: &[usize], copies: usize) -> Changes {
        let copies: Vec<(Region, Tensor)> = (0..copies)
            .map(|_| {
                let region = random_region(rng, map_of(image));
                (region, random(rng, &[1, image[0], region.height, region.width]))
            })
            .collect();
        Changes::new(&copies)
    }

    fn same(fast: &Tensor, slow: &Tensor, tolerance: f64) -> bool {
        assert_eq!(fast.dims(), slow.dims());
        let (fast, slow) = (to_f64s(fast), to_f64s(slow));
        fast.iter()
            .zip(slow)
            .all(|(a, b)| (a - b).abs() <= tolerance * (1.0 + b.abs()) || (a.is_nan() && b.is_nan()))
    }

    #[test]
    fn what_changes_is_what_the_forward_pass_of_the_changed_copies_finds_on_random_nets() {
        let mut rng = seeded(21, "nets");
        let mut local = 0;
        let random_nets: Vec<Net> = (0..500).map(|_| random_net(&mut rng, 5)).collect();
        let nets = examples().iter().filter(|example| example.input.len() == 3).map(Example::net);
        for net in random_nets.into_iter().chain(nets) {
            let shape = &net.nodes()[0].shape;
            let image = random(&mut rng, &[&[1], &**shape].concat());
            let trace = net.forward(&image);
            let changes = random_changes(&mut rng, shape, 5);
            let slow = net.forward(&changes.applied_to(&image));
            let nodes = [net.output(), rng.random_range(0..net.nodes().len())];
            for (node, found) in nodes.into_iter().zip(net.changes_at(&trace, &changes, &nodes)) {
                let fast = found.applied_to(trace.activation(node));
                assert!(same(&fast, slow.activation(node), 1e-11), "{node}, {changes:?}: {net:?}");
                let whole = Region::whole(map_of(&net.nodes()[node].shape));
                local += (0..5).filter(|&copy| found.region(copy) != Some(whole)).count();
            }
        }
        assert!(local > 500, "{local} of more than 5000 changes stayed local");
    }

    #[test]
    fn windows_have_the_bits_of_the_forward_pass() {
        let net = zoo::untrained("alexnet", 10, [96, 96], 2);
        let mut rng = seeded(22, "image");
        let image = normal(&mut rng, &[1, 3, 96, 96], 1.0, DType::F32);
        let patch = |at: usize| {
            let region = Region { top: at, left: 60 - at, height: 16, width: 16 };
            (region, normal(&mut rng, &[1, 3, 16, 16], 1.0, DType::F32))
        };
        let changes = Changes::new(&[0, 7, 20, 60].map(patch));
        let slow = net.forward(&changes.applied_to(&image));
        let trace = net.forward(&image);
        for (node, layer) in net.nodes().iter().enumerate().take_while(|(_, layer)| layer.name != "flatten") {
            let found = &net.changes_at(&trace, &changes, &[node])[0];
            let fast = found.applied_to(trace.activation(node));
            assert_eq!(to_f64s(&fast), to_f64s(slow.activation(node)), "{}", layer.name);
        }
    }

    #[test]
    fn dense_layers_add_the_difference_of_few_changed_inputs_and_recompute_many() {
        let mut rng = seeded(23, "image");
        let builder = crate::Builder::new(&[2, 20, 20]).flatten("flatten");
        let net = builder
            .linear("fc", random(&mut rng, &[7, 800]), random(&mut rng, &[7]))
            .build()
            .expect("it fits");
        let image = random(&mut rng, &[1, 2, 20, 20]);
        let region = |side: usize| Region { top: 0, left: 0, height: side, width: side };
        let copies: Vec<(Region, Tensor)> =
            [3, 3, 3, 20, 19].map(|side| (region(side), random(&mut rng, &[1, 2, side, side]))).into();
        let changes = Changes::new(&copies);
        let trace = net.forward(&image);
        let found = &net.changes_at(&trace, &changes, &[2])[0];
        let slow = net.forward(&changes.applied_to(&image));
        assert!(same(&found.applied_to(trace.output()), slow.output(), 1e-12));
        assert_eq!(found.batches.iter().map(|batch| batch.dims()[0]).collect::<Vec<_>>(), [3, 2]);
    }

    #[test]
    fn as_many_copies_at_once_as_the_memory_bound_allows() {
        let net = zoo::untrained("alexnet", 10, [224, 224], 1);
        let region = Region { top: 96, left: 96, height: 32, width: 32 };
        let scalars = |(node, part): (&crate::Node, Option<Region>)| {
            let [height, width] = map_of(&node.shape);
            part.map_or(0, |part| node.shape.iter().product::<usize>() / (height * width) * part.area())
        };
        let most = net.nodes().iter().zip(net.regions_reached(region)).map(scalars).max();
        assert_eq!(net.copies_at_once(&vec![region; 5000]), SCALARS / most.expect("nodes"));
        assert_eq!(net.copies_at_once(&[region]), 1);
    }
}
