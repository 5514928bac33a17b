//! One operator of the file at a time: what it computes, as planned nodes or as a constant.

mod activations;
mod arithmetic;
mod concat;
mod constants;
mod convolution;
mod dense;
mod normalization;
mod pad;
mod pooling;
mod shape_arithmetic;
mod shapes;
mod softmax;
mod window;

use super::error::Fault;
use super::graph::{Graph, Map, Value};
use super::node::Node;
use core_net::operations::Statistic;
use core_net::{ElementWise, Op};

/// Plans what the node computes.
pub(super) fn read<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    match node.operator().as_str() {
        "Conv" => convolution::convolution(node, graph),
        "MaxPool" => pooling::pool(node, graph, Statistic::Max),
        "AveragePool" => pooling::average_pool(node, graph),
        "GlobalAveragePool" => activations::plain(node, graph, Op::GlobalMeanPool),
        "ReduceMean" => pooling::reduce_mean(node, graph),
        "Gemm" => dense::gemm(node, graph),
        "MatMul" => dense::mat_mul(node, graph),
        "BatchNormalization" => normalization::batch_normalization(node, graph),
        "LRN" => normalization::response_normalization(node, graph),
        "Relu" => activations::plain(node, graph, ElementWise::Relu),
        "Sigmoid" => activations::plain(node, graph, ElementWise::Sigmoid),
        "Tanh" => activations::plain(node, graph, ElementWise::Tanh),
        "LeakyRelu" => activations::leaky_relu(node, graph),
        "Clip" => activations::clip(node, graph),
        "Dropout" => activations::dropout(node, graph),
        "Identity" => activations::identity(node, graph),
        "Softmax" => softmax::softmax(node, graph, Op::Softmax),
        "LogSoftmax" => softmax::softmax(node, graph, Op::LogSoftmax),
        "Add" => arithmetic::add(node, graph),
        "Sub" => arithmetic::subtract(node, graph),
        "Mul" => arithmetic::multiply(node, graph),
        "Div" => arithmetic::divide(node, graph),
        "Concat" => concat::concat(node, graph),
        "Pad" => pad::pad(node, graph),
        "Flatten" => shapes::flatten(node, graph),
        "Reshape" => shapes::reshape(node, graph),
        "Transpose" => shapes::transpose(node, graph),
        "Squeeze" => shapes::squeeze(node, graph),
        "Unsqueeze" => shapes::unsqueeze(node, graph),
        "Constant" => constants::constant(node, graph),
        "Cast" => constants::cast(node, graph),
        "Shape" => shape_arithmetic::shape(node, graph),
        "Gather" => shape_arithmetic::gather(node, graph),
        "Slice" => shape_arithmetic::slice(node, graph),
        _ => Err(Fault::Unsupported),
    }
}

/// Plans one node that reads one activation.
fn push(node: Node, graph: &mut Graph, op: impl Into<Op>, x: &Map) -> Result<Value, Fault> {
    graph.push(node.name(), op, &[x]).map(Value::Map)
}

/// The axis counted from the front; the batch is axis 0.
fn axis(axis: i64, rank: usize) -> Result<usize, Fault> {
    let counted = if axis < 0 { axis.checked_add(rank as i64) } else { Some(axis) };
    let within = counted.and_then(|axis| usize::try_from(axis).ok()).filter(|&axis| axis < rank);
    within.ok_or_else(|| Fault::mismatch(format!("an axis of {rank}"), format!("axis {axis}")))
}

/// Axes from the attribute, or since this opset from the second input.
fn axes<'a>(node: Node<'a>, graph: &mut Graph<'a>, input_since: i64) -> Result<Option<Vec<i64>>, Fault> {
    if node.opset < input_since {
        return Ok(node.integers("axes").map(Vec::from));
    }
    graph.optional_constant(node, 1)?.map(|axes| axes.integers()).transpose()
}
