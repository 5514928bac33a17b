//! What each operation computes from what it reads.

use crate::op::Op;
use tensor::{
    Tensor, add, affine, clip, concat, contrast_norm, conv2d, global_mean_pool, l2_pool, leaky_relu, linear,
    locally_connected, log_softmax, max_pool, max_pool_with_switches, mean_pool, pad, relu, response_norm,
    sigmoid, softmax, tanh, transpose,
};

impl Op {
    /// The output for a batch, and what the operation must remember to be led back: a max pooling's switches.
    pub(crate) fn apply_and_remember(&self, inputs: &[&Tensor]) -> (Tensor, Option<Tensor>) {
        if let Op::MaxPool(pool) = self {
            let (output, switches) = max_pool_with_switches(inputs[0], pool);
            return (output, Some(switches));
        }
        (self.apply(inputs), None)
    }

    /// The output for a batch.
    pub(crate) fn apply(&self, inputs: &[&Tensor]) -> Tensor {
        let x = inputs[0];
        match self {
            Op::Input | Op::Dropout | Op::Identity => x.clone(),
            Op::Flatten => x.flatten_from(1).expect("a batch of images"),
            Op::Reshape(shape) => reshaped(x, shape),
            Op::Transpose(axes) => transpose(x, axes),
            Op::Linear { weight, bias } => linear(x, weight, bias),
            Op::Conv { weight, bias, conv } => conv2d(x, weight, bias.as_ref(), conv),
            Op::LocallyConnected { weight, bias, fields } => {
                locally_connected(x, weight, bias.as_ref(), fields)
            }
            Op::MaxPool(pool) => max_pool(x, pool),
            Op::MeanPool(pool, counted) => mean_pool(x, pool, *counted),
            Op::L2Pool { pool, epsilon } => l2_pool(x, pool, *epsilon),
            Op::GlobalMeanPool => global_mean_pool(x),
            Op::ResponseNorm(norm) => response_norm(x, norm),
            Op::ContrastNorm(norm) => contrast_norm(x, norm),
            Op::Affine { scale, shift } => affine(x, scale, shift),
            Op::Relu => relu(x),
            Op::Sigmoid => sigmoid(x),
            Op::Tanh => tanh(x),
            Op::LeakyRelu(slope) => leaky_relu(x, *slope),
            Op::Clip { low, high } => clip(x, *low, *high),
            Op::Softmax => softmax(x),
            Op::LogSoftmax => log_softmax(x),
            Op::Pad { padding, value } => pad(x, *padding, *value),
            Op::Concat => concat(inputs),
            Op::Add => inputs[1..].iter().fold(x.clone(), |sum, term| add(&sum, term)),
        }
    }
}

/// The same scalars, an image in this shape.
fn reshaped(x: &Tensor, image: &[usize]) -> Tensor {
    let shape = [&x.dims()[..1], image].concat();
    x.reshape(shape).expect("as many scalars, as the builder checked")
}
