//! Borders of one value.

use super::{axis, push};
use crate::error::Fault;
use crate::graph::{Graph, Value};
use crate::node::{LARGEST_SIZE, Node};
use core_net::operations::Pad;

/// Widths and value are attributes before opset 11, inputs since; the axes an input since opset 18.
pub(super) fn pad<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let x = graph.map(node, 0)?;
    let mode = node.text("mode")?.unwrap_or("constant");
    if mode != "constant" {
        return Err(Fault::mismatch("mode constant", format!("mode {mode}")));
    }
    let (widths, value) = widths_and_value(node, graph)?;
    let rank = x.shape.len() + 1;
    let axes = match graph.optional_constant(node, 3)? {
        Some(axes) => axes.integers()?.into_iter().map(|a| axis(a, rank)).collect::<Result<_, _>>()?,
        None => (0..rank).collect::<Vec<_>>(),
    };
    let op = Pad { padding: border(&widths, &axes)?, value };
    push(node, graph, op, &x)
}

fn widths_and_value<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<(Vec<i64>, f64), Fault> {
    if node.opset < 11 {
        let widths = node.integers("pads").unwrap_or_default();
        return Ok((widths.to_vec(), node.float("value", 0.0)?.into()));
    }
    let value = graph.optional_constant(node, 2)?.map(|value| value.scalar()).transpose()?;
    Ok((graph.constant(node, 1)?.integers()?, value.unwrap_or(0.0)))
}

/// Top, left, bottom, right, from the widths before and then after each axis.
fn border(widths: &[i64], axes: &[usize]) -> Result<[usize; 4], Fault> {
    let refused = || {
        let expected = format!("widths from 0 to {LARGEST_SIZE} around height and width only");
        Fault::mismatch(expected, format!("{widths:?} around axes {axes:?}"))
    };
    if widths.len() != 2 * axes.len() {
        return Err(refused());
    }
    let mut border = [0; 4];
    for (i, &width) in widths.iter().enumerate().filter(|(_, width)| **width != 0) {
        let axis = axes[i % axes.len()];
        let side = axis.checked_sub(2).filter(|&side| side < 2).ok_or_else(refused)?;
        let width = usize::try_from(width).ok().filter(|&width| width <= LARGEST_SIZE);
        border[2 * (i / axes.len()) + side] = width.ok_or_else(refused)?;
    }
    Ok(border)
}
