//! Probabilities and their logarithms: over one axis since opset 13, over all from an axis on before.

use super::{axis, push};
use crate::error::Fault;
use crate::graph::{Graph, Map, Value};
use crate::node::Node;
use core_net::Op;
use core_net::operations::{Reshape, Transpose};

pub(super) fn softmax<'a>(node: Node<'a>, graph: &mut Graph<'a>, op: Op) -> Result<Value, Fault> {
    let x = graph.map(node, 0)?;
    let rank = x.shape.len() + 1;
    let joins_axes = node.opset < 13;
    let axis = axis(node.integer("axis", if joins_axes { 1 } else { -1 })?, rank)?;
    match axis {
        0 => Err(Fault::mismatch("an axis other than the batch's", "axis 0")),
        1 if !joins_axes || rank == 2 => push(node, graph, op, &x),
        1 => over_the_image(node, graph, op, &x),
        last if !joins_axes || last == rank - 1 => over_axis(node, graph, op, &x, axis),
        _ => Err(Fault::mismatch("the first axis after the batch, or the last", format!("axis {axis}"))),
    }
}

fn over_the_image(node: Node, graph: &mut Graph, op: Op, x: &Map) -> Result<Value, Fault> {
    let row = graph.push(&format!("{}.row", node.name()), Op::Flatten, &[x])?;
    let softmax = graph.push(&format!("{}.softmax", node.name()), op, &[&row])?;
    push(node, graph, Reshape(x.shape.clone()), &softmax)
}

fn over_axis(node: Node, graph: &mut Graph, op: Op, x: &Map, axis: usize) -> Result<Value, Fault> {
    let mut order: Vec<usize> = (0..=x.shape.len()).collect();
    order.swap(1, axis);
    let first = graph.push(&format!("{}.first", node.name()), Transpose(order.clone()), &[x])?;
    let softmax = graph.push(&format!("{}.softmax", node.name()), op, &[&first])?;
    push(node, graph, Transpose(order), &softmax)
}
