//! One step back through one node, and the transposed map of what is linear in it.

use crate::op::Op;
use tensor::{
    Tensor, Unpool, affine_gradient, conv2d_data_gradient, global_mean_pool_gradient, l2_pool_gradient,
    linear_data_gradient, locally_connected_data_gradient, mean_pool_gradient, pad_gradient, transpose,
    unpool,
};

/// One step back through one node.
#[derive(Debug)]
pub struct Step<'a> {
    /// The node's operation; never a join, which [`pull_back`](crate::pull_back) splits itself.
    pub op: &'a Op,
    /// What it read in the forward pass.
    pub input: &'a Tensor,
    /// What it computed.
    pub output: &'a Tensor,
    /// Where each maximum of a max pooling was: flat `h·W + w` into the input's map.
    pub switches: Option<&'a Tensor>,
    /// The signal that arrived at its output.
    pub signal: &'a Tensor,
}

/// How a signal passes one node: from the node's output to its input.
pub type Rule = fn(&Step) -> Tensor;

impl Step<'_> {
    /// The transposed linear map: filters transposed, a max pooling unpooled by its switches (sums where windows share one),
    /// an L2 pooling by its pixels' shares in the length.
    /// What bends or normalizes lets the signal pass as it is.
    ///
    /// **Shape** of the step's input.
    ///
    /// # Panics
    /// If the operation is a join, or the step's tensors do not belong together.
    pub fn adjoint(&self) -> Tensor {
        let signal = self.signal;
        match self.op {
            Op::Flatten | Op::Reshape(_) => {
                signal.reshape(self.input.dims()).expect("as many scalars as in the forward pass")
            }
            Op::Transpose(axes) => transpose(signal, &inverse(axes)),
            Op::Linear { weight, .. } => linear_data_gradient(signal, weight),
            Op::Conv { weight, conv, .. } => conv2d_data_gradient(signal, weight, self.input_map(), conv),
            Op::LocallyConnected { weight, fields, .. } => {
                locally_connected_data_gradient(signal, weight, self.input_map(), fields)
            }
            Op::L2Pool { pool, .. } => l2_pool_gradient(signal, self.input, self.output, pool),
            Op::MaxPool(_) => unpool(signal, self.the_switches(), self.input_map(), Unpool::Sum),
            Op::MeanPool(pool, counted) => mean_pool_gradient(signal, self.input_map(), pool, *counted),
            Op::GlobalMeanPool => global_mean_pool_gradient(signal, self.input_map()),
            Op::Affine { scale, .. } => affine_gradient(signal, scale),
            Op::Pad { padding, .. } => pad_gradient(signal, *padding),
            Op::Concat | Op::Add => {
                unreachable!("a join has several inputs; its signal is split before any rule")
            }
            Op::Input
            | Op::Dropout
            | Op::Identity
            | Op::Relu
            | Op::Sigmoid
            | Op::Tanh
            | Op::LeakyRelu(_)
            | Op::Clip { .. }
            | Op::Softmax
            | Op::LogSoftmax
            | Op::ResponseNorm(_)
            | Op::ContrastNorm(_) => signal.clone(),
        }
    }

    /// The switches of a max pooling's step.
    ///
    /// # Panics
    /// If the step has none.
    pub fn the_switches(&self) -> &Tensor {
        self.switches.expect("a max pooling's step has switches")
    }

    /// Height and width of the input's feature maps.
    ///
    /// # Panics
    /// If the input has no feature maps.
    pub fn input_map(&self) -> [usize; 2] {
        match *self.input.dims() {
            [_, _, height, width] => [height, width],
            ref other => panic!("expected feature maps [n, c, h, w], got {other:?}"),
        }
    }
}

/// The order of axes that undoes this one.
fn inverse(axes: &[usize]) -> Vec<usize> {
    let mut inverse = vec![0; axes.len()];
    axes.iter().enumerate().for_each(|(to, &from)| inverse[from] = to);
    inverse
}
