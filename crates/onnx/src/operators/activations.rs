//! Functions of one element, and what does nothing after training.

use super::normalization::exported_in_training;
use super::push;
use crate::error::Fault;
use crate::graph::{Graph, Value};
use crate::node::Node;
use core_net::{ElementWise, Op};

pub(super) fn plain<'a>(node: Node<'a>, graph: &mut Graph<'a>, op: impl Into<Op>) -> Result<Value, Fault> {
    let x = graph.map(node, 0)?;
    push(node, graph, op, &x)
}

pub(super) fn leaky_relu<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let slope = node.decimal("alpha", 0.01)?;
    plain(node, graph, ElementWise::LeakyRelu { slope })
}

/// The limits are attributes before opset 11, inputs since.
pub(super) fn clip<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let (low, high) = if node.opset < 11 {
        (node.float("min", f32::NEG_INFINITY)?.into(), node.float("max", f32::INFINITY)?.into())
    } else {
        let mut limit =
            |index, open| graph.optional_constant(node, index)?.map_or(Ok(open), |limit| limit.scalar());
        (limit(1, f64::NEG_INFINITY)?, limit(2, f64::INFINITY)?)
    };
    if low <= high {
        plain(node, graph, ElementWise::Clip { low, high })
    } else {
        Err(Fault::mismatch("min <= max", format!("min {low} and max {high}")))
    }
}

pub(super) fn dropout<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let training = graph.optional_constant(node, 2)?.map(|training| training.integers()).transpose()?;
    if training.is_some_and(|training| training != [0]) {
        return Err(exported_in_training("training_mode = false", "training_mode = true"));
    }
    if let Some(mask) = node.further_outputs().iter().find(|name| graph.is_read(name)) {
        return Err(exported_in_training(
            "its first output to be read only",
            format!("its mask, {mask}, is read"),
        ));
    }
    plain(node, graph, Op::Dropout)
}

/// A node if it reads an activation; of a constant, the constant.
pub(super) fn identity<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    match graph.value(node, 0)? {
        Value::Constant(constant) => Ok(Value::Constant(constant)),
        _ => plain(node, graph, Op::Identity),
    }
}
