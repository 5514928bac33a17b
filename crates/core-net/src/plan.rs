//! The nodes that a pass without a trace computes, their order, and the last reader of each.

use crate::net::Net;
use crate::operations::Op;
use tensor::Tensor;

/// The computation of one node.
pub(crate) struct Work {
    pub node: usize,
    pub reads: Vec<usize>,
    /// The convolution that is computed with the rectifier that alone reads it.
    pub rectifies: Option<usize>,
}

/// The nodes that the wanted nodes need, in order.
pub(crate) struct Plan<'a> {
    net: &'a Net,
    pub works: Vec<Work>,
    /// By node: the last work that reads it; none does so for a wanted node, which is kept.
    last_reader: Vec<usize>,
}

impl<'a> Plan<'a> {
    pub fn new(net: &'a Net, wanted: &[usize]) -> Self {
        let readers = readers(net, wanted);
        let is_wanted = |node: usize| wanted.contains(&node);
        let is_conv = |node: usize| matches!(net.nodes[node].op, Op::Conv(_));
        let rectified = |node: usize| match *readers[node] {
            [reader] => is_conv(node) && net.nodes[reader].op.is_relu() && !is_wanted(node),
            _ => false,
        };
        let mut works = Vec::new();
        for (node, computed) in net.nodes.iter().enumerate() {
            if (readers[node].is_empty() && !is_wanted(node)) || rectified(node) {
                continue;
            }
            let rectifies = computed.inputs.first().copied().filter(|&input| rectified(input));
            let reads = net.nodes[rectifies.unwrap_or(node)].inputs.clone();
            works.push(Work { node, reads, rectifies });
        }
        let mut last_reader = vec![works.len(); net.nodes.len()];
        for (index, work) in works.iter().enumerate() {
            work.reads.iter().filter(|&&node| !is_wanted(node)).for_each(|&node| last_reader[node] = index);
        }
        Self { net, works, last_reader }
    }

    /// Whether no work after this one reads the node.
    pub fn is_freed_after(&self, node: usize, index: usize) -> bool {
        self.last_reader[node] <= index
    }

    /// The last work before all dense layers whose result is all that later works read.
    pub fn bottleneck_node(&self) -> usize {
        let is_dense = |work: &Work| matches!(self.net.nodes[work.node].op, Op::Linear(_));
        let end = self.works.iter().position(is_dense).unwrap_or(self.works.len());
        let is_bottleneck = |&index: &usize| {
            let node = self.works[index].node;
            self.works[index + 1..].iter().flat_map(|work| &work.reads).all(|&read| read >= node)
        };
        (0..end).rev().find(is_bottleneck).unwrap_or(0)
    }

    /// The most scalars of one image that are in use at a time, up to and including this work.
    pub fn most_scalars(&self, last: usize) -> usize {
        let size = |work: &Work| self.net.nodes[work.node].shape.iter().product::<usize>();
        let in_use = |index: usize| {
            let done = self.works[..=index].iter();
            done.filter(|work| self.last_reader[work.node] >= index).map(size).sum::<usize>()
        };
        (0..=last).map(in_use).max().unwrap_or(0).max(1)
    }

    /// The results of these works that are read later or wanted, by node; `first` is that of the first.
    pub fn run(&self, works: std::ops::RangeInclusive<usize>, first: Tensor) -> Vec<Option<Tensor>> {
        let (start, end) = works.into_inner();
        let mut results: Vec<Option<Tensor>> = vec![None; self.net.nodes.len()];
        results[self.works[start].node] = Some(first);
        for (index, work) in self.works.iter().enumerate().take(end + 1).skip(start + 1) {
            let read = |&node: &usize| results[node].as_ref().expect("kept until its last reader");
            let inputs: Vec<_> = work.reads.iter().map(read).collect();
            let result = work.compute(work.operation(self.net), &inputs);
            let done = work.reads.iter().filter(|&&node| self.is_freed_after(node, index));
            done.for_each(|&node| results[node] = None);
            results[work.node] = Some(result);
        }
        results
    }
}

impl Work {
    /// The operation that is computed: for a rectified convolution, the convolution.
    pub fn operation<'a>(&self, net: &'a Net) -> &'a Op {
        &net.nodes[self.rectifies.unwrap_or(self.node)].op
    }

    /// The result of [`Work::operation`], or of a part of it.
    pub fn compute(&self, operation: &Op, inputs: &[&Tensor]) -> Tensor {
        match operation {
            Op::Conv(filters) if self.rectifies.is_some() => filters.forward_rectified(inputs[0]),
            _ => operation.forward(inputs),
        }
    }
}

/// The nodes that read each node, among those that the wanted ones need.
fn readers(net: &Net, wanted: &[usize]) -> Vec<Vec<usize>> {
    let mut readers: Vec<Vec<usize>> = vec![vec![]; net.nodes.len()];
    for (index, node) in net.nodes.iter().enumerate().rev() {
        if wanted.contains(&index) || !readers[index].is_empty() {
            node.inputs.iter().for_each(|&input| readers[input].push(index));
        }
    }
    readers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Builder, zoo};
    use tensor::{Conv, DType, seeded, uniform};

    #[test]
    fn a_convolution_is_rectified_at_once_only_where_nothing_else_needs_it() {
        let weight = uniform(&mut seeded(13, "weight"), &[2, 2, 1, 1], 1.0, DType::F32);
        let layer = |name: &str| {
            Builder::new(&[2, 3, 3]).conv(name, weight.clone(), None, Conv::default()).relu("relu")
        };
        let alone = layer("conv").build().expect("it fits");
        let read_twice = layer("conv").add("sum", &["conv", "relu"]).build().expect("it fits");
        assert_eq!(Plan::new(&alone, &[alone.output()]).works.len(), 2);
        assert_eq!(Plan::new(&alone, &[1, 2]).works.len(), 3);
        assert_eq!(Plan::new(&read_twice, &[read_twice.output()]).works.len(), 4);
    }

    #[test]
    fn what_the_output_does_not_need_is_not_computed() {
        let net = Builder::new(&[3]).sigmoid("left").after("input").relu("right").build().expect("it fits");
        assert_eq!(Plan::new(&net, &[2]).works.len(), 2);
        assert_eq!(Plan::new(&net, &[1, 2]).works.len(), 3);
    }

    #[test]
    fn the_waist_of_vgg_is_before_its_dense_layers() {
        let net = zoo::by_name("vgg16", 10, None).expect("in the zoo");
        let plan = Plan::new(&net, &[net.output()]);
        assert_eq!(net.nodes()[plan.works[plan.bottleneck_node()].node].name, "flatten");
        assert_eq!(plan.most_scalars(plan.bottleneck_node()), 2 * 64 * 224 * 224);
    }
}
