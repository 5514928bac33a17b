//! Outputs without a trace: a part of the batch at a time, and what no later node reads is freed at once.

use crate::net::Net;
use crate::op::Op;
use tensor::{Tensor, argmax, conv2d_relu};

/// Images that are computed at a time at most; beyond so many, a dense layer's weights are no longer what is read most.
const BATCH: usize = 1000;

/// What the feature maps in use may take at a time, in scalars: little enough to stay near the processor.
const MAPS: usize = 1 << 22;

impl Net {
    /// The last node's activation, as [`Net::forward`] computes it, to the last bit.
    ///
    /// **Shape** images `[n, …]`, with the shape of one image as the net was built.
    ///
    /// # Panics
    /// If the images have another shape or scalar type than the net.
    pub fn output_of(&self, images: &Tensor) -> Tensor {
        assert_eq!(&images.dims()[1..], self.nodes[0].shape, "output_of: shape of one image");
        let plan = Plan::new(self);
        let waist = plan.waist();
        let at_once = (MAPS / plan.most_scalars(waist)).clamp(1, BATCH);
        in_parts(images, BATCH, |batch| {
            let maps = in_parts(batch, at_once, |part| plan.run(0..=waist, part.clone()));
            plan.run(waist..=plan.works.len() - 1, maps)
        })
    }

    /// The class of each image: the index of its largest output; ties take the first.
    ///
    /// # Panics
    /// As [`Net::output_of`].
    pub fn predict(&self, images: &Tensor) -> Vec<usize> {
        argmax(&self.output_of(images))
    }
}

/// What is made of each part of a batch of at most `size` images, as a batch again.
fn in_parts(batch: &Tensor, size: usize, make: impl Fn(&Tensor) -> Tensor) -> Tensor {
    let n = batch.dims()[0];
    if n <= size {
        return make(batch);
    }
    let part = |from: usize| make(&batch.narrow(0, from, size.min(n - from)).expect("within the batch"));
    let parts: Vec<Tensor> = (0..n).step_by(size).map(part).collect();
    Tensor::cat(&parts, 0).expect("parts of one shape")
}

/// The nodes that the output needs, in order, and when each of them is read for the last time.
struct Plan<'a> {
    net: &'a Net,
    works: Vec<Work>,
    /// By node: the last work that reads it.
    last_reader: Vec<usize>,
}

/// The computation of one node.
struct Work {
    node: usize,
    reads: Vec<usize>,
    /// The convolution that is computed with the rectifier that alone reads it.
    rectifies: Option<usize>,
}

impl<'a> Plan<'a> {
    fn new(net: &'a Net) -> Self {
        let readers = readers(net);
        let is_conv = |node: usize| matches!(net.nodes[node].op, Op::Conv { .. });
        let rectified = |node: usize| match *readers[node] {
            [reader] => is_conv(node) && matches!(net.nodes[reader].op, Op::Relu),
            _ => false,
        };
        let mut works = Vec::new();
        for (node, computed) in net.nodes.iter().enumerate() {
            if (readers[node].is_empty() && node != net.output()) || rectified(node) {
                continue;
            }
            let rectifies = computed.inputs.first().copied().filter(|&input| rectified(input));
            let reads = net.nodes[rectifies.unwrap_or(node)].inputs.clone();
            works.push(Work { node, reads, rectifies });
        }
        let mut last_reader = vec![works.len(); net.nodes.len()];
        for (index, work) in works.iter().enumerate() {
            work.reads.iter().for_each(|&node| last_reader[node] = index);
        }
        Self { net, works, last_reader }
    }

    /// The last work before all dense layers whose result is all that later works read.
    fn waist(&self) -> usize {
        let is_dense = |work: &Work| matches!(self.net.nodes[work.node].op, Op::Linear { .. });
        let end = self.works.iter().position(is_dense).unwrap_or(self.works.len());
        let is_waist = |&index: &usize| {
            let node = self.works[index].node;
            self.works[index + 1..].iter().flat_map(|work| &work.reads).all(|&read| read >= node)
        };
        (0..end).rev().find(is_waist).unwrap_or(0)
    }

    /// The most scalars of one image that are in use at a time, up to and including this work.
    fn most_scalars(&self, last: usize) -> usize {
        let size = |work: &Work| self.net.nodes[work.node].shape.iter().product::<usize>();
        let in_use = |index: usize| {
            let done = self.works[..=index].iter();
            done.filter(|work| self.last_reader[work.node] >= index).map(size).sum::<usize>()
        };
        (0..=last).map(in_use).max().unwrap_or(0).max(1)
    }

    /// The result of the last of these works; `first` is that of the first.
    fn run(&self, works: std::ops::RangeInclusive<usize>, first: Tensor) -> Tensor {
        let (start, end) = works.into_inner();
        let mut results: Vec<Option<Tensor>> = vec![None; self.net.nodes.len()];
        results[self.works[start].node] = Some(first);
        for (index, work) in self.works.iter().enumerate().take(end + 1).skip(start + 1) {
            let read = |&node: &usize| results[node].as_ref().expect("kept until its last reader");
            let result = self.compute(work, &work.reads.iter().map(read).collect::<Vec<_>>());
            work.reads
                .iter()
                .filter(|&&node| self.last_reader[node] == index)
                .for_each(|&node| results[node] = None);
            results[work.node] = Some(result);
        }
        results[self.works[end].node].take().expect("computed last")
    }

    fn compute(&self, work: &Work, inputs: &[&Tensor]) -> Tensor {
        match work.rectifies.map(|conv| &self.net.nodes[conv].op) {
            Some(Op::Conv { weight, bias, conv }) => conv2d_relu(inputs[0], weight, bias.as_ref(), conv),
            _ => self.net.nodes[work.node].op.apply(inputs),
        }
    }
}

/// The nodes that read each node, among those that the output needs.
fn readers(net: &Net) -> Vec<Vec<usize>> {
    let mut readers: Vec<Vec<usize>> = vec![vec![]; net.nodes.len()];
    for (index, node) in net.nodes.iter().enumerate().rev() {
        if index == net.output() || !readers[index].is_empty() {
            node.inputs.iter().for_each(|&input| readers[input].push(index));
        }
    }
    readers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random_net::{random, random_net};
    use crate::{Builder, zoo};
    use tensor::{Conv, DType, normal, seeded, to_f64s, uniform};

    #[test]
    fn the_output_has_the_bits_of_the_forward_pass_on_random_nets() {
        let mut rng = seeded(11, "nets");
        for _ in 0..200 {
            let net = random_net(&mut rng, 5);
            let images = random(&mut rng, &[&[3], &*net.nodes()[0].shape].concat());
            assert_eq!(to_f64s(&net.output_of(&images)), to_f64s(net.forward(&images).output()), "{net:?}");
        }
    }

    #[test]
    fn a_batch_in_parts_has_the_bits_of_the_whole_batch() {
        let net = zoo::squeezenet1_1(5, [65, 65], 3);
        let images = normal(&mut seeded(12, "images"), &[7, 3, 65, 65], 1.0, DType::F32);
        let plan = Plan::new(&net);
        let parts = in_parts(&images, 2, |part| plan.run(0..=plan.works.len() - 1, part.clone()));
        assert_eq!(to_f64s(&parts), to_f64s(net.forward(&images).output()));
    }

    #[test]
    fn maps_are_computed_in_parts_and_dense_layers_on_all_of_them() {
        let net = zoo::by_name("vgg16", 10, None).expect("in the zoo");
        let plan = Plan::new(&net);
        assert_eq!(net.nodes()[plan.works[plan.waist()].node].name, "flatten");
        assert_eq!(plan.most_scalars(plan.waist()), 2 * 64 * 224 * 224);
    }

    #[test]
    fn a_convolution_is_rectified_at_once_only_where_nothing_else_reads_it() {
        let weight = uniform(&mut seeded(13, "weight"), &[2, 2, 1, 1], 1.0, DType::F32);
        let layer = |name: &str| {
            Builder::new(&[2, 3, 3]).conv(name, weight.clone(), None, Conv::default()).relu("relu")
        };
        let alone = layer("conv").build().expect("it fits");
        let read_twice = layer("conv").add("sum", &["conv", "relu"]).build().expect("it fits");
        assert_eq!(Plan::new(&alone).works.len(), 2);
        assert_eq!(Plan::new(&read_twice).works.len(), 4);
    }

    #[test]
    fn what_the_output_does_not_need_is_not_computed() {
        let net = Builder::new(&[3]).sigmoid("left").after("input").relu("right").build().expect("it fits");
        assert_eq!(Plan::new(&net).works.len(), 2);
    }
}
