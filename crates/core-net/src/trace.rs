//! The forward pass and its trace.

use crate::net::Net;
use crate::operations::Op;
use tensor::Tensor;

/// Every activation of one forward pass, and every max pooling's switches, by the node's index.
#[derive(Clone, Debug)]
pub struct Trace {
    activations: Vec<Tensor>,
    switches: Vec<Option<Tensor>>,
}

impl Trace {
    /// The activation of a node for the whole batch.
    ///
    /// # Panics
    /// If there is no such node.
    pub fn activation(&self, node: usize) -> &Tensor {
        &self.activations[node]
    }

    /// Where each maximum of a max pooling was: flat `h·W + w` into the map it read, without padding.
    ///
    /// **Shape** of the node's activation; u32. `None` for any other node.
    ///
    /// # Panics
    /// If there is no such node.
    pub fn switches(&self, node: usize) -> Option<&Tensor> {
        self.switches[node].as_ref()
    }

    /// The activation of the last node.
    pub fn output(&self) -> &Tensor {
        self.activations.last().expect("the input at least")
    }

    /// The same of one image alone, a batch of 1, without a copy.
    ///
    /// # Panics
    /// If the batch has no such image.
    pub fn image(&self, index: usize) -> Trace {
        let alone = |batch: &Tensor| batch.narrow(0, index, 1).expect("an image of the batch");
        Trace {
            activations: self.activations.iter().map(alone).collect(),
            switches: self.switches.iter().map(|switches| switches.as_ref().map(alone)).collect(),
        }
    }

    /// What the node read.
    pub(crate) fn inputs_of<'a>(&'a self, net: &Net, node: usize) -> Vec<&'a Tensor> {
        net.nodes[node].inputs.iter().map(|&i| &self.activations[i]).collect()
    }
}

impl Net {
    /// The trace of [`Net::forward`], except that the activation of a convolution that one rectifier alone reads is rectified:
    /// no derivative depends on the values before the rectifier.
    ///
    /// # Panics
    /// As [`Net::forward`].
    pub fn forward_for_training(&self, images: &Tensor) -> Trace {
        self.traced(images, |index, inputs| match &self.nodes[index].op {
            Op::Conv(filters) if self.is_rectified(index) => (filters.forward_rectified(inputs[0]), None),
            op if op.is_relu() && self.is_rectified(self.nodes[index].inputs[0]) => (inputs[0].clone(), None),
            op => op.operation().forward_with_switches(inputs),
        })
    }

    /// Whether the node is a convolution that one node reads, which is a rectifier.
    fn is_rectified(&self, index: usize) -> bool {
        let mut readers = self.nodes.iter().filter(|node| node.inputs.contains(&index));
        let rectifier = readers.next().is_some_and(|reader| reader.op.is_relu());
        matches!(self.nodes[index].op, Op::Conv(_)) && rectifier && readers.next().is_none()
    }

    /// Computes every node for a batch of images, and keeps it all.
    ///
    /// **Shape** images `[n, …]`, with the shape of one image as the net was built.
    ///
    /// # Panics
    /// If the images have another shape or scalar type than the net.
    pub fn forward(&self, images: &Tensor) -> Trace {
        self.traced(images, |index, inputs| self.nodes[index].op.operation().forward_with_switches(inputs))
    }

    /// The trace of what `compute` makes of each node's inputs.
    fn traced(
        &self,
        images: &Tensor,
        compute: impl Fn(usize, &[&Tensor]) -> (Tensor, Option<Tensor>),
    ) -> Trace {
        assert_eq!(&images.dims()[1..], self.nodes[0].shape, "forward: shape of one image");
        let mut trace = Trace { activations: vec![images.clone()], switches: vec![None] };
        for index in 1..self.nodes.len() {
            let (activation, switches) = compute(index, &trace.inputs_of(self, index));
            trace.activations.push(activation);
            trace.switches.push(switches);
        }
        trace
    }
}
