//! Building a net: the one place where shapes are checked.

use crate::net::{Net, Node, Op};
use tensor::Tensor;
use thiserror::Error;

/// Why nodes do not make a net.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A node's parameters or inputs do not fit.
    #[error("node {node}: expected {expected}, got {got}")]
    Shape {
        /// The node's name.
        node: String,
        /// What would fit.
        expected: String,
        /// What came.
        got: String,
    },
    /// Two nodes have one name.
    #[error("node {node}: a node of this name already exists")]
    DuplicateName {
        /// The name.
        node: String,
    },
}

/// Adds node after node; each reads the one before it.
///
/// After [`Builder::build`] every shape is known to fit, and forward and backward passes are total.
#[derive(Debug)]
pub struct Builder {
    nodes: Vec<Node>,
    error: Option<BuildError>,
}

impl Builder {
    /// A net whose images have this shape, without the batch.
    pub fn new(image: &[usize]) -> Self {
        let input = Node { name: "input".into(), op: Op::Input, inputs: vec![], shape: image.to_vec() };
        Self { nodes: vec![input], error: None }
    }

    /// Goes on from the output of a net.
    pub fn on(net: Net) -> Self {
        Self { nodes: net.nodes, error: None }
    }

    /// One row for each image.
    pub fn flatten(self, name: &str) -> Self {
        let shape = vec![self.shape().iter().product()];
        self.push(name, Op::Flatten, shape)
    }

    /// A dense layer: weight `[outputs, inputs]`, bias `[outputs]`.
    pub fn linear(mut self, name: &str, weight: Tensor, bias: Tensor) -> Self {
        let fits =
            matches!((weight.dims(), bias.dims(), self.shape()), (&[o, i], &[b], &[n]) if o == b && i == n);
        if !fits {
            let expected =
                format!("weight [outputs, inputs] and bias [outputs] for input {:?}", self.shape());
            let got = format!("weight {:?} and bias {:?}", weight.dims(), bias.dims());
            self.fail(BuildError::Shape { node: name.into(), expected, got });
        }
        let shape = bias.dims().to_vec();
        self.push(name, Op::Linear { weight, bias }, shape)
    }

    /// `1 / (1 + exp(−x))`, element by element.
    pub fn sigmoid(self, name: &str) -> Self {
        let shape = self.shape().to_vec();
        self.push(name, Op::Sigmoid, shape)
    }

    /// `max(x, 0)`, element by element.
    pub fn relu(self, name: &str) -> Self {
        let shape = self.shape().to_vec();
        self.push(name, Op::Relu, shape)
    }

    /// The net.
    ///
    /// # Errors
    /// The first node that did not fit, with what was expected and what came.
    pub fn build(self) -> Result<Net, BuildError> {
        match self.error {
            Some(error) => Err(error),
            None => Ok(Net { nodes: self.nodes }),
        }
    }

    fn shape(&self) -> &[usize] {
        &self.nodes.last().expect("the input at least").shape
    }

    fn push(mut self, name: &str, op: Op, shape: Vec<usize>) -> Self {
        if self.nodes.iter().any(|node| node.name == name) {
            self.fail(BuildError::DuplicateName { node: name.into() });
        }
        let inputs = vec![self.nodes.len() - 1];
        self.nodes.push(Node { name: name.into(), op, inputs, shape });
        self
    }

    fn fail(&mut self, error: BuildError) {
        self.error.get_or_insert(error);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::tensor_of;

    fn zeros(shape: &[usize]) -> Tensor {
        tensor_of(vec![0.0f32; shape.iter().product()], shape)
    }

    #[test]
    fn a_layer_that_does_not_fit_is_named_with_what_was_expected_and_what_came() {
        let built =
            Builder::new(&[1, 2, 3]).flatten("flatten").linear("fc1", zeros(&[4, 5]), zeros(&[4])).build();
        let message = built.expect_err("six inputs, not five").to_string();
        assert_eq!(
            message,
            "node fc1: expected weight [outputs, inputs] and bias [outputs] for input [6], got weight [4, 5] and bias [4]"
        );
    }

    #[test]
    fn a_name_stands_for_one_node_only() {
        let built = Builder::new(&[2]).sigmoid("a").relu("a").build();
        assert_eq!(built.expect_err("twice a").to_string(), "node a: a node of this name already exists");
    }
}
