//! A net is data: nodes in topological order, each an operation with the nodes it reads.

use tensor::{
    DType, Tensor, linear, linear_bias_gradient, linear_data_gradient, linear_weight_gradient, relu, sigmoid,
};

/// What a node computes.
#[derive(Clone, Debug)]
pub enum Op {
    /// The image that `forward` is given.
    Input,
    /// One row for each image.
    Flatten,
    /// `x Wᵀ + b`, with `weight` `[outputs, inputs]` and `bias` `[outputs]`.
    Linear {
        /// **Shape** `[outputs, inputs]`
        weight: Tensor,
        /// **Shape** `[outputs]`
        bias: Tensor,
    },
    /// `1 / (1 + exp(−x))`
    Sigmoid,
    /// `max(x, 0)`
    Relu,
}

impl Op {
    /// The operation's output for a batch.
    pub(crate) fn apply(&self, inputs: &[&Tensor]) -> Tensor {
        let x = inputs[0];
        match self {
            Op::Input => x.clone(),
            Op::Flatten => x.flatten_from(1).expect("a batch of images"),
            Op::Linear { weight, bias } => linear(x, weight, bias),
            Op::Sigmoid => sigmoid(x),
            Op::Relu => relu(x),
        }
    }

    /// What training may change, by the name that weight files use.
    pub fn parameters(&self) -> Vec<(&'static str, &Tensor)> {
        match self {
            Op::Linear { weight, bias } => vec![("weight", weight), ("bias", bias)],
            Op::Input | Op::Flatten | Op::Sigmoid | Op::Relu => vec![],
        }
    }

    /// The same, to be replaced.
    pub(crate) fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        match self {
            Op::Linear { weight, bias } => vec![weight, bias],
            Op::Input | Op::Flatten | Op::Sigmoid | Op::Relu => vec![],
        }
    }

    /// The derivative with respect to each parameter, in the order of [`Op::parameters`].
    pub(crate) fn parameter_gradients(&self, inputs: &[&Tensor], signal: &Tensor) -> Vec<Tensor> {
        match self {
            Op::Linear { .. } => {
                vec![linear_weight_gradient(signal, inputs[0]), linear_bias_gradient(signal)]
            }
            Op::Input | Op::Flatten | Op::Sigmoid | Op::Relu => vec![],
        }
    }

    /// The transposed linear map, where the operation is linear in its input.
    pub(crate) fn adjoint(&self, input: &Tensor, signal: &Tensor) -> Tensor {
        match self {
            Op::Flatten => signal.reshape(input.dims()).expect("as many scalars as were flattened"),
            Op::Linear { weight, .. } => linear_data_gradient(signal, weight),
            Op::Input | Op::Sigmoid | Op::Relu => signal.clone(),
        }
    }
}

/// One step of the computation.
#[derive(Clone, Debug)]
pub struct Node {
    /// Unique within the net.
    pub name: String,
    /// What it computes.
    pub op: Op,
    /// The nodes it reads, all of them earlier.
    pub inputs: Vec<usize>,
    /// **Shape** of one image's output, without the batch.
    pub shape: Vec<usize>,
}

/// Nodes in topological order; the first is the input, the last the output. Made by [`Builder`](crate::Builder).
#[derive(Clone, Debug)]
pub struct Net {
    pub(crate) nodes: Vec<Node>,
}

impl Net {
    /// The nodes, in the order they are computed.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The index of the node of this name.
    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.name == name)
    }

    /// The index of the last node.
    pub fn output(&self) -> usize {
        self.nodes.len() - 1
    }

    /// Every parameter by its full name, such as `fc1.weight`, in the order of the nodes.
    pub fn parameters(&self) -> Vec<(String, &Tensor)> {
        let mut parameters = Vec::new();
        for node in &self.nodes {
            let named = |(part, tensor)| (format!("{}.{part}", node.name), tensor);
            parameters.extend(node.op.parameters().into_iter().map(named));
        }
        parameters
    }

    /// Every parameter, to be replaced, in the order of [`Net::parameters`].
    pub(crate) fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        self.nodes.iter_mut().flat_map(|node| node.op.parameters_mut()).collect()
    }

    /// The same net with parameters of this scalar type.
    ///
    /// # Panics
    /// If candle cannot cast to the type.
    pub fn to_dtype(&self, dtype: DType) -> Net {
        let mut net = self.clone();
        for tensor in net.parameters_mut() {
            *tensor = tensor.to_dtype(dtype).expect("a cast in memory");
        }
        net
    }

    /// The nodes up to and including this one, as a net of their own.
    ///
    /// # Panics
    /// If there is no such node.
    pub fn up_to(&self, node: usize) -> Net {
        Net { nodes: self.nodes[..=node].to_vec() }
    }
}
