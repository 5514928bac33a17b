//! The forward pass and what it leaves behind.

use crate::net::Net;
use tensor::{Tensor, argmax};

/// Every activation of one forward pass, by the node's index.
#[derive(Debug)]
pub struct Trace {
    activations: Vec<Tensor>,
}

impl Trace {
    /// The activation of a node for the whole batch.
    ///
    /// # Panics
    /// If there is no such node.
    pub fn activation(&self, node: usize) -> &Tensor {
        &self.activations[node]
    }

    /// The activation of the last node.
    pub fn output(&self) -> &Tensor {
        self.activations.last().expect("the input at least")
    }

    /// What the node read.
    pub(crate) fn inputs_of<'a>(&'a self, net: &Net, node: usize) -> Vec<&'a Tensor> {
        net.nodes[node].inputs.iter().map(|&i| &self.activations[i]).collect()
    }
}

impl Net {
    /// Computes every node for a batch of images.
    ///
    /// **Shape** images `[n, …]`, with the shape of one image as the net was built.
    ///
    /// # Panics
    /// If the images have another shape or scalar type than the net.
    pub fn forward(&self, images: &Tensor) -> Trace {
        assert_eq!(&images.dims()[1..], self.nodes[0].shape, "forward: shape of one image");
        let mut trace = Trace { activations: Vec::with_capacity(self.nodes.len()) };
        for (index, node) in self.nodes.iter().enumerate() {
            let inputs = if index == 0 { vec![images] } else { trace.inputs_of(self, index) };
            let activation = node.op.apply(&inputs);
            trace.activations.push(activation);
        }
        trace
    }

    /// The class of each image: the index of its largest output; ties take the first.
    ///
    /// # Panics
    /// As [`Net::forward`].
    pub fn predict(&self, images: &Tensor) -> Vec<usize> {
        let n = images.dims()[0];
        let part = |from: usize| images.narrow(0, from, PART.min(n - from)).expect("within the batch");
        (0..n).step_by(PART).flat_map(|from| argmax(self.forward(&part(from)).output())).collect()
    }
}

/// Images that `predict` computes at a time, so that a data set's activations need not fit into memory at once.
const PART: usize = 1000;
