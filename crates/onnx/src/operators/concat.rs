//! Channels after channels, or the parts of a shape.

use super::axis;
use crate::constant::Constant;
use crate::error::Fault;
use crate::graph::{Graph, Map, Value};
use crate::node::Node;
use core_net::Op;

pub(super) fn concat<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let values = node.inputs().iter().map(|name| graph.named(name)).collect::<Result<Vec<_>, _>>()?;
    let all_constant = values.iter().all(|value| matches!(value, Value::Constant(_)));
    if all_constant { of_shapes(node, values) } else { of_channels(node, graph, values) }
}

fn of_shapes(node: Node, values: Vec<Value>) -> Result<Value, Fault> {
    let mut joined = Vec::new();
    for value in values {
        let Value::Constant(part) = value else { continue };
        if axis(node.integer("axis", 0)?, part.shape().len())? != 0 || part.shape().len() != 1 {
            return Err(Fault::mismatch("rows of integers", part.describe()));
        }
        joined.extend_from_slice(part.sizes()?);
    }
    Ok(Value::Constant(Constant::row(joined)))
}

fn of_channels(node: Node, graph: &mut Graph, values: Vec<Value>) -> Result<Value, Fault> {
    let maps = values.into_iter().map(|value| graph.activation(value)).collect::<Result<Vec<_>, _>>()?;
    let rank = maps.first().map_or(0, |map| map.shape.len() + 1);
    match axis(node.integer("axis", 1)?, rank)? {
        1 => {
            let maps: Vec<&Map> = maps.iter().collect();
            graph.push(node.name(), Op::Concat, &maps).map(Value::Map)
        }
        other => Err(Fault::mismatch("channels concatenated, axis 1", format!("axis {other}"))),
    }
}
