//! Building a net, node after node.

use crate::net::{Net, Node};
use crate::operations::{
    Affine, ContrastNorm, Convolution, ElementWise, Linear, Op, Pooling, ResponseNorm, Statistic,
};
use crate::shape::{Misfit, in_memory};
use std::collections::HashSet;
use tensor::{Conv, Pool, Tensor};
use thiserror::Error;

/// Why nodes do not make a net.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A node's parameters or inputs do not fit.
    #[error("node {node}: {misfit}")]
    Shape {
        /// The node's name.
        node: String,
        /// What would fit, and what came.
        misfit: Misfit,
    },
    /// Two nodes have one name.
    #[error("node {node}: a node of this name already exists")]
    DuplicateName {
        /// The name.
        node: String,
    },
    /// Two nodes' parameters have one name in weight files.
    #[error("node {node}: weight files already hold a {parameter}")]
    DuplicateParameter {
        /// The name of the second node.
        node: String,
        /// The name in weight files.
        parameter: String,
    },
    /// A node is to read one that does not exist, or not yet.
    #[error("node {node}: expected an earlier node to read, got {read}")]
    UnknownNode {
        /// The name of the node that reads.
        node: String,
        /// The name that no earlier node has.
        read: String,
    },
}

/// Adds node after node; each reads the one before it, unless [`Builder::after`] says otherwise.
///
/// After [`Builder::build`] every shape is known to fit, and forward and backward passes are total.
#[derive(Debug)]
pub struct Builder {
    nodes: Vec<Node>,
    /// The node that the next one reads.
    last: usize,
    error: Option<BuildError>,
}

impl Builder {
    /// A net whose images have this shape, without the batch.
    pub fn new(image: &[usize]) -> Self {
        let [name, stored_as] = ["input", "input"].map(String::from);
        let (shape, error) = match in_memory("an image", image.to_vec()) {
            Ok(shape) => (shape, None),
            Err(misfit) => (vec![], Some(BuildError::Shape { node: name.clone(), misfit })),
        };
        let input = Node { name, op: Op::Input, inputs: vec![], shape, stored_as };
        Self { nodes: vec![input], last: 0, error }
    }

    /// Goes on from the output of a net.
    pub fn on(net: Net) -> Self {
        Self { last: net.output(), nodes: net.nodes, error: None }
    }

    /// The next node reads the one of this name.
    pub fn after(mut self, name: &str) -> Self {
        match self.index_of(name) {
            Some(index) => self.last = index,
            None => self.fail(BuildError::UnknownNode { node: format!("after {name}"), read: name.into() }),
        }
        self
    }

    /// What weight files call the last node, where it is not its name: `features.0` for `features.0.weight`.
    pub fn stored_as(mut self, prefix: &str) -> Self {
        self.nodes[self.last].stored_as = prefix.into();
        self
    }

    /// One row for each image.
    pub fn flatten(self, name: &str) -> Self {
        self.node(name, Op::Flatten)
    }

    /// A dense layer: weight `[outputs, inputs]`, bias `[outputs]`.
    pub fn linear(self, name: &str, weight: Tensor, bias: Tensor) -> Self {
        self.node(name, Linear { weight, bias })
    }

    /// Filters `[outputs, channels / groups, height, width]` and, where there is one, a bias `[outputs]`.
    pub fn conv(self, name: &str, weight: Tensor, bias: impl Into<Option<Tensor>>, conv: Conv) -> Self {
        self.node(name, Convolution { weight, bias: bias.into(), conv })
    }

    /// The largest value of each window.
    pub fn max_pool(self, name: &str, pool: Pool) -> Self {
        self.node(name, Pooling { pool, statistic: Statistic::Max })
    }

    /// The mean of each feature map.
    pub fn global_mean_pool(self, name: &str) -> Self {
        self.node(name, Op::GlobalMeanPool)
    }

    /// Response normalization across neighboring channels.
    pub fn response_norm(self, name: &str, norm: ResponseNorm) -> Self {
        self.node(name, norm)
    }

    /// Contrast normalization over a neighborhood in all channels.
    pub fn contrast_norm(self, name: &str, norm: ContrastNorm) -> Self {
        self.node(name, norm)
    }

    /// `scale · x + shift`, each `[channels]` or of one image's shape.
    pub fn affine(self, name: &str, scale: Tensor, shift: Tensor) -> Self {
        self.node(name, Affine { scale, shift })
    }

    /// `max(x, 0)`, element by element.
    pub fn relu(self, name: &str) -> Self {
        self.node(name, ElementWise::Relu)
    }

    /// `1 / (1 + exp(−x))`, element by element.
    pub fn sigmoid(self, name: &str) -> Self {
        self.node(name, ElementWise::Sigmoid)
    }

    /// The identity: what dropout is after training.
    pub fn dropout(self, name: &str) -> Self {
        self.node(name, Op::Dropout)
    }

    /// The identity.
    pub fn identity(self, name: &str) -> Self {
        self.node(name, Op::Identity)
    }

    /// The channels of these nodes, one node's after the other's.
    pub fn concat(self, name: &str, inputs: &[&str]) -> Self {
        self.join(name, Op::Concat, inputs)
    }

    /// The sum of these nodes.
    pub fn add(self, name: &str, inputs: &[&str]) -> Self {
        self.join(name, Op::Add, inputs)
    }

    /// Any operation, reading the last node.
    pub fn node(self, name: &str, op: impl Into<Op>) -> Self {
        let inputs = vec![self.last];
        self.push(name, op.into(), inputs)
    }

    /// Any operation, reading these nodes.
    pub fn join(mut self, name: &str, op: impl Into<Op>, inputs: &[&str]) -> Self {
        let unknown = inputs.iter().find(|input| self.index_of(input).is_none());
        if let Some(read) = unknown {
            self.fail(BuildError::UnknownNode { node: name.into(), read: (*read).into() });
        }
        let inputs = inputs.iter().filter_map(|input| self.index_of(input)).collect();
        self.push(name, op.into(), inputs)
    }

    /// The shape of one image's output at the last node.
    pub fn shape(&self) -> &[usize] {
        &self.nodes[self.last].shape
    }

    /// The shape of one image's output at the node of this name.
    pub(crate) fn shape_of(&self, name: &str) -> Option<&[usize]> {
        Some(&self.nodes[self.index_of(name)?].shape)
    }

    /// The net.
    ///
    /// # Errors
    /// The first node that did not fit, with what was expected and what came.
    pub fn build(mut self) -> Result<Net, BuildError> {
        if let Some(error) = self.duplicate_parameter() {
            self.fail(error);
        }
        match self.error {
            Some(error) => Err(error),
            None => Ok(Net { nodes: self.nodes }),
        }
    }

    fn duplicate_parameter(&self) -> Option<BuildError> {
        let mut prefixes = HashSet::new();
        let holds = |node: &&Node| !node.op.parameters().is_empty();
        let node = self.nodes.iter().filter(holds).find(|node| !prefixes.insert(&node.stored_as))?;
        let parameter = format!("{}.weight", node.stored_as);
        Some(BuildError::DuplicateParameter { node: node.name.clone(), parameter })
    }

    fn index_of(&self, name: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.name == name)
    }

    /// Adds a node. After the first error shapes are unknown, and nodes are no longer checked.
    fn push(mut self, name: &str, op: Op, inputs: Vec<usize>) -> Self {
        if self.index_of(name).is_some() {
            self.fail(BuildError::DuplicateName { node: name.into() });
        }
        let shapes: Vec<&[usize]> = inputs.iter().map(|&input| &*self.nodes[input].shape).collect();
        let shape = op.output_shape(&shapes).unwrap_or_else(|misfit| {
            self.fail(BuildError::Shape { node: name.into(), misfit });
            vec![]
        });
        self.last = self.nodes.len();
        self.nodes.push(Node { name: name.into(), op, inputs, shape, stored_as: name.into() });
        self
    }

    fn fail(&mut self, error: BuildError) {
        self.error.get_or_insert(error);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::tests::zeros;
    use crate::operations::{Pad, Reshape, Transpose};

    fn image() -> Builder {
        Builder::new(&[2, 6, 5])
    }

    /// Each builder fails with this message.
    fn fail(cases: Vec<(Builder, &str)>) {
        for (builder, message) in cases {
            assert_eq!(builder.build().expect_err(message).to_string(), message);
        }
    }

    #[test]
    fn a_layer_that_does_not_fit_is_named_with_what_was_expected_and_what_came() {
        fail(vec![
            (
                Builder::new(&[1, 2, 3]).flatten("flatten").linear("fc1", zeros(&[4, 5]), zeros(&[4])),
                "node fc1: expected weight [outputs, inputs] and bias [outputs] for input [6], got weight [4, 5] and bias [4]",
            ),
            (
                image().conv("conv1", zeros(&[4, 3, 1, 1]), None, Conv::default()),
                "node conv1: expected weight [outputs, 2 / 1, height, width] with outputs divisible by 1, got [4, 3, 1, 1]",
            ),
            (
                image().conv("conv1", zeros(&[3, 1, 1, 1]), None, Conv { groups: 2, ..Conv::default() }),
                "node conv1: expected weight [outputs, 2 / 2, height, width] with outputs divisible by 2, got [3, 1, 1, 1]",
            ),
            (
                image().conv("conv1", zeros(&[4, 2, 1, 1]), zeros(&[3]), Conv::default()),
                "node conv1: expected bias [4], got [3]",
            ),
            (
                image().affine("norm", zeros(&[3]), zeros(&[3])),
                "node norm: expected scale and shift both [2] or both [2, 6, 5], got scale [3] and shift [3]",
            ),
            (
                image().node("r", Reshape(vec![7])),
                "node r: expected a shape of 60 scalars for input [2, 6, 5], got [7]",
            ),
            (
                image().node("t", Transpose(vec![0, 1, 1, 3])),
                "node t: expected an order of the axes 0 to 3 with the batch, 0, first, got [0, 1, 1, 3]",
            ),
            (
                image().flatten("f").global_mean_pool("p"),
                "node p: expected feature maps [channels, height, width], got [60]",
            ),
        ]);
    }

    #[test]
    fn a_window_larger_than_the_map_is_refused() {
        let filter = image().conv("conv1", zeros(&[1, 2, 7, 1]), None, Conv::default());
        let pool = image().max_pool("pool1", Pool::square(6, 2));
        for (builder, name) in [(filter, "conv1"), (pool, "pool1")] {
            let message = builder.build().expect_err("too large").to_string();
            assert!(message.starts_with(&format!("node {name}: expected a ")), "{message}");
            assert!(message.contains("that fits into [2, 6, 5], got "), "{message}");
        }
    }

    #[test]
    fn a_filter_that_does_not_move_is_refused() {
        let still = Conv { stride: [1, 0], ..Conv::default() };
        let message =
            image().conv("conv1", zeros(&[1, 2, 1, 1]), None, still).build().expect_err("no stride");
        let expected =
            "node conv1: expected a stride and a dilation of at least 1, got Conv { stride: [1, 0]";
        assert!(message.to_string().starts_with(expected), "{message}");
    }

    #[test]
    fn a_join_reads_earlier_nodes_of_fitting_shapes() {
        fail(vec![
            (image().relu("a").add("sum", &["a", "b"]), "node sum: expected an earlier node to read, got b"),
            (image().after("a").relu("b"), "node after a: expected an earlier node to read, got a"),
            (
                image().global_mean_pool("a").add("sum", &["input", "a"]),
                "node sum: expected terms of one shape, [2, 6, 5], got [2, 1, 1]",
            ),
            (
                image().global_mean_pool("a").concat("both", &["input", "a"]),
                "node both: expected [channels, ...] over [6, 5] from every node, got [2, 1, 1]",
            ),
            (image().concat("none", &[]), "node none: expected a node to read, got none"),
        ]);
    }

    #[test]
    fn every_shape_follows_from_those_before_it() {
        let net = image()
            .conv("conv", zeros(&[4, 2, 3, 2]), zeros(&[4]), Conv { stride: [2, 1], ..Conv::default() })
            .node("pad", Pad { padding: [1, 2, 3, 4], value: 0.0 })
            .node("transpose", Transpose(vec![0, 3, 1, 2]))
            .after("conv")
            .identity("conv again")
            .concat("concat", &["conv", "conv again"])
            .build()
            .expect("all of it fits");
        let shapes: Vec<&[usize]> = net.nodes().iter().map(|node| &*node.shape).collect();
        assert_eq!(shapes, [&[2, 6, 5][..], &[4, 2, 4], &[4, 6, 10], &[10, 4, 6], &[4, 2, 4], &[8, 2, 4]]);
    }

    #[test]
    fn a_name_stands_for_one_node_only_and_in_weight_files_for_one_layer() {
        let layer = |builder: Builder, name: &str| {
            builder.conv(name, zeros(&[2, 2, 1, 1]), None, Conv::default()).stored_as("features.0")
        };
        let stored_twice = layer(layer(image(), "conv1"), "conv2");
        fail(vec![
            (stored_twice, "node conv2: weight files already hold a features.0.weight"),
            (Builder::new(&[2]).sigmoid("a").relu("a"), "node a: a node of this name already exists"),
        ]);
    }
}
