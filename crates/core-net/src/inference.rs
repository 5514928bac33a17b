//! Outputs without a trace: a part of the batch at a time, each activation freed after its last reader.

use crate::net::Net;
use crate::plan::Plan;
use tensor::{Tensor, argmax};

/// Maximum number of images computed at a time: with more, reading a dense layer's weights no longer dominates.
const BATCH: usize = 1000;

/// Maximum number of scalars in the feature maps in use: few enough to stay in the processor's cache.
const MAPS: usize = 1 << 22;

impl Net {
    /// The last node's activation, as [`Net::forward`] computes it, to the last bit.
    ///
    /// **Shape** images `[n, …]`, with the shape of one image as the net was built.
    ///
    /// # Panics
    /// If the images have another shape or scalar type than the net.
    pub fn output_of(&self, images: &Tensor) -> Tensor {
        self.activations_of(images, &[self.output()]).remove(0)
    }

    /// These nodes' activations, as [`Net::forward`] computes them, to the last bit; no other node's is kept.
    ///
    /// # Panics
    /// As [`Net::output_of`]; if there is no such node.
    pub fn activations_of(&self, images: &Tensor, nodes: &[usize]) -> Vec<Tensor> {
        assert_eq!(&images.dims()[1..], self.nodes[0].shape, "shape of one image");
        let plan = Plan::new(self, nodes);
        let bottleneck = plan.bottleneck_node();
        let last = plan.works.len() - 1;
        let at_once = (MAPS / plan.most_scalars(bottleneck)).clamp(1, BATCH);
        let (mut early, late): (Vec<usize>, Vec<usize>) =
            nodes.iter().partition(|&&node| node <= plan.works[bottleneck].node);
        early.push(plan.works[bottleneck].node);
        let activations = in_parts(images, BATCH, |batch| {
            let mut found =
                in_parts(batch, at_once, |part| taken(&early, &plan.run(0..=bottleneck, part.clone())));
            let maps = found.pop().expect("the bottleneck's");
            found.extend(taken(&late, &plan.run(bottleneck..=last, maps)));
            found
        });
        let order: Vec<usize> = early[..early.len() - 1].iter().chain(&late).copied().collect();
        let place = |node: &usize| order.iter().position(|other| other == node).expect("one of them");
        nodes.iter().map(|node| activations[place(node)].clone()).collect()
    }

    /// The class of each image: the index of its largest output; ties take the first.
    ///
    /// # Panics
    /// As [`Net::output_of`].
    pub fn predict(&self, images: &Tensor) -> Vec<usize> {
        argmax(&self.output_of(images))
    }
}

/// These nodes' results.
fn taken(nodes: &[usize], results: &[Option<Tensor>]) -> Vec<Tensor> {
    nodes.iter().map(|&node| results[node].clone().expect("wanted, so kept")).collect()
}

/// The joined results of `make` for parts of at most `size` images.
fn in_parts(batch: &Tensor, size: usize, make: impl Fn(&Tensor) -> Vec<Tensor>) -> Vec<Tensor> {
    let n = batch.dims()[0];
    if n <= size {
        return make(batch);
    }
    let part = |from: usize| make(&batch.narrow(0, from, size.min(n - from)).expect("within the batch"));
    let parts: Vec<Vec<Tensor>> = (0..n).step_by(size).map(part).collect();
    let joined = |of: usize| {
        let each: Vec<&Tensor> = parts.iter().map(|part| &part[of]).collect();
        Tensor::cat(&each, 0).expect("parts of one shape")
    };
    (0..parts[0].len()).map(joined).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random_net::{random, random_net};
    use crate::zoo;
    use rand::Rng;
    use tensor::{DType, normal, seeded, tensor_of, to_f64s};

    #[test]
    fn the_activations_have_the_bits_of_the_forward_pass_on_random_nets() {
        let mut rng = seeded(11, "nets");
        for _ in 0..200 {
            let net = random_net(&mut rng, 5);
            let images = random(&mut rng, &[&[3], &*net.nodes()[0].shape].concat());
            let trace = net.forward(&images);
            let some = rng.random_range(0..net.nodes().len());
            let nodes = [net.output(), some, 0];
            for (node, found) in nodes.iter().zip(net.activations_of(&images, &nodes)) {
                assert_eq!(to_f64s(&found), to_f64s(trace.activation(*node)), "{node}: {net:?}");
            }
            assert_eq!(to_f64s(&net.output_of(&images)), to_f64s(trace.output()), "{net:?}");
        }
    }

    /// NaN and infinities at random places of a tensor.
    fn with_non_numbers(rng: &mut impl Rng, tensor: &Tensor) -> Tensor {
        let values = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
        let mut scalars = to_f64s(tensor);
        for _ in 0..rng.random_range(0..3) {
            let place = rng.random_range(0..scalars.len());
            scalars[place] = values[rng.random_range(0..3)];
        }
        tensor_of(scalars, tensor.dims()).to_dtype(tensor.dtype()).expect("a cast in memory")
    }

    #[test]
    fn what_is_no_number_passes_the_forward_pass_and_the_output_alike() {
        let mut rng = seeded(14, "nets");
        let mut hidden = 0;
        for case in 0..400 {
            let dtype = if case % 2 == 0 { DType::F64 } else { DType::F32 };
            let mut net = random_net(&mut rng, 4).to_dtype(dtype);
            for parameter in net.parameters_mut() {
                *parameter = with_non_numbers(&mut rng, parameter);
            }
            let images = random(&mut rng, &[&[2], &*net.nodes()[0].shape].concat());
            let images = with_non_numbers(&mut rng, &images.to_dtype(dtype).expect("a cast in memory"));
            let bits = |tensor: &Tensor| to_f64s(tensor).into_iter().map(f64::to_bits).collect::<Vec<_>>();
            let trace = net.forward(&images);
            for (node, found) in net.activations_of(&images, &[net.output(), 1]).iter().zip([net.output(), 1])
            {
                assert_eq!(bits(node), bits(trace.activation(found)), "case {case}, node {found}: {net:?}");
            }
            hidden += usize::from(to_f64s(trace.output()).iter().any(|v| v.is_nan()));
        }
        assert!(hidden > 50, "{hidden} outputs with a NaN");
    }

    #[test]
    fn a_batch_in_parts_has_the_bits_of_the_whole_batch() {
        let net = zoo::untrained("squeezenet1_1", 5, [65, 65], 3);
        let images = normal(&mut seeded(12, "images"), &[7, 3, 65, 65], 1.0, DType::F32);
        let plan = Plan::new(&net, &[net.output()]);
        let last = plan.works.len() - 1;
        let parts = in_parts(&images, 2, |part| taken(&[net.output()], &plan.run(0..=last, part.clone())));
        assert_eq!(to_f64s(&parts[0]), to_f64s(net.forward(&images).output()));
    }
}
