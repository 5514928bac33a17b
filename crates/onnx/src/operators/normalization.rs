//! Batch normalization after training, and response normalization.

use super::push;
use crate::error::Fault;
use crate::graph::{Graph, Value};
use crate::node::Node;
use core_net::operations::Affine;
use tensor::{ResponseNorm, Tensor, tensor_of, to_f64s};

/// `scale · (x − mean) / √(variance + ε) + shift`, as one product and one sum.
pub(super) fn batch_normalization<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let x = graph.map(node, 0)?;
    if node.flag("training_mode")? {
        return Err(exported_in_training("training_mode = 0", "training_mode = 1"));
    }
    // Before opset 14 it is the further outputs that say so.
    let outputs = 1 + node.further_outputs().iter().filter(|name| !name.is_empty()).count();
    if outputs > 1 && node.opset < 14 {
        return Err(exported_in_training("one output", format!("{outputs}")));
    }
    let [scale, shift, mean, variance] = [1, 2, 3, 4].map(|index| channels(node, graph, index, x.shape[0]));
    let (scale, shift, mean, variance) = (scale?, shift?, mean?, variance?);
    let epsilon = node.decimal("epsilon", 1e-5)?;
    let factors: Vec<f64> = scale.iter().zip(&variance).map(|(s, v)| s / (v + epsilon).sqrt()).collect();
    let shifts = factors.iter().zip(&mean).zip(&shift).map(|((factor, mean), shift)| shift - mean * factor);
    let shifts = row(graph, shifts.collect());
    push(node, graph, Affine { scale: row(graph, factors), shift: shifts }, &x)
}

/// A node that computes with the statistics of its batch, or at random.
pub(super) fn exported_in_training(expected: &str, found: impl Into<String>) -> Fault {
    Fault::mismatch(expected, format!("{}: exported in training mode; call .eval() first", found.into()))
}

/// One number for each channel.
fn channels<'a>(
    node: Node<'a>,
    graph: &mut Graph<'a>,
    index: usize,
    count: usize,
) -> Result<Vec<f64>, Fault> {
    let constant = graph.constant(node, index)?;
    let tensor = constant.floats()?;
    if tensor.dims() != [count] {
        return Err(Fault::mismatch(format!("[{count}] as input {index}"), format!("{:?}", tensor.dims())));
    }
    Ok(to_f64s(tensor))
}

fn row(graph: &Graph, values: Vec<f64>) -> Tensor {
    let shape = [values.len()];
    tensor_of(values, &shape).to_dtype(graph.dtype).expect("a cast in memory")
}

pub(super) fn response_normalization<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let x = graph.map(node, 0)?;
    let size = node.integer("size", 0)?;
    // A sum over an even number of channels begins one channel later in ONNX than in PyTorch.
    let odd = usize::try_from(size).ok().filter(|size| size % 2 == 1 && *size <= 2 * x.shape[0] + 1);
    let largest = 2 * x.shape[0] + 1;
    let size = odd.ok_or_else(|| {
        Fault::mismatch(format!("an odd size of at most {largest}"), format!("size {size}"))
    })?;
    let norm = ResponseNorm {
        size,
        alpha: node.decimal("alpha", 1e-4)?,
        beta: node.decimal("beta", 0.75)?,
        kappa: node.decimal("bias", 1.0)?,
    };
    push(node, graph, norm, &x)
}
