//! Shapes that exporters take apart and put together: `x.view(x.size(0), -1)` becomes Shape, Gather, Unsqueeze, Concat, Reshape.

use super::axis;
use crate::constant::{Constant, Size};
use crate::error::Fault;
use crate::graph::{Graph, Value};
use crate::node::Node;

/// The sides of a value, the number of images left open; since opset 15 perhaps only some of them.
pub(super) fn shape<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let known = |side: &usize| Size::Known(*side as i64);
    let sides: Vec<Size> = match graph.value(node, 0)? {
        Value::Constant(constant) => constant.shape().iter().map(known).collect(),
        Value::Map(map) => [Size::Batch].into_iter().chain(map.shape.iter().map(known)).collect(),
        Value::Product(product) => vec![Size::Batch, known(&product.weight.dims()[0])],
    };
    let (start, end) = (node.integer("start", 0)?, node.integer("end", i64::MAX)?);
    Ok(Value::Constant(Constant::row(part(&sides, start, end).to_vec())))
}

/// Some of a row's integers.
pub(super) fn gather<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let row = row(graph.constant(node, 0)?)?;
    let indices = graph.constant(node, 1)?;
    axis(node.integer("axis", 0)?, 1)?;
    let taken = indices.integers()?.into_iter().map(|index| axis(index, row.len()).map(|index| row[index]));
    let values = taken.collect::<Result<_, _>>()?;
    Ok(Value::Constant(Constant::Integers { values, shape: indices.shape().to_vec() }))
}

/// A piece of a row of integers; its limits are attributes before opset 10, inputs since.
pub(super) fn slice<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let row = row(graph.constant(node, 0)?)?;
    let mut limits = |name: &str, index| -> Result<Option<Vec<i64>>, Fault> {
        if node.opset < 10 {
            return Ok(node.integers(name).map(Vec::from));
        }
        graph.optional_constant(node, index)?.map(|limits| limits.integers()).transpose()
    };
    let (starts, ends, axes) = (limits("starts", 1)?, limits("ends", 2)?, limits("axes", 3)?);
    let steps = limits("steps", 4)?;
    let along_the_row = axes.is_none_or(|axes| axes == [0] || axes == [-1]);
    match (starts.as_deref(), ends.as_deref()) {
        (Some(&[start]), Some(&[end])) if along_the_row && steps.is_none_or(|steps| steps == [1]) => {
            Ok(Value::Constant(Constant::row(part(&row, start, end).to_vec())))
        }
        _ => Err(Fault::mismatch("one slice of a shape, in steps of 1", format!("{starts:?} to {ends:?}"))),
    }
}

fn row(constant: Constant) -> Result<Vec<Size>, Fault> {
    match constant {
        Constant::Integers { values, shape } if shape.len() == 1 => Ok(values),
        other => Err(Fault::mismatch("a row of integers, such as a shape", other.describe())),
    }
}

/// From start to end, both counted from the back where negative, and cut to the row.
fn part(row: &[Size], start: i64, end: i64) -> &[Size] {
    let length = row.len() as i64;
    let place = |index: i64| {
        let counted = if index < 0 { index.saturating_add(length) } else { index };
        counted.clamp(0, length) as usize
    };
    row.get(place(start)..place(end)).unwrap_or_default()
}
