//! Other shapes and orders of the same scalars; the batch stays first and whole.

use super::{axes, axis, push};
use crate::constant::{Constant, Size};
use crate::error::Fault;
use crate::graph::{Graph, Map, Value};
use crate::node::Node;
use core_net::operations::{Reshape, Transpose};
use core_net::{Op, element_count};

pub(super) fn flatten<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let x = graph.map(node, 0)?;
    match axis(node.integer("axis", 1)?, x.shape.len() + 1)? {
        1 => push(node, graph, Op::Flatten, &x),
        other => Err(Fault::mismatch("one row for each image, axis 1", format!("axis {other}"))),
    }
}

pub(super) fn reshape<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let target = graph.constant(node, 1)?;
    let zero = if node.flag("allowzero")? { Zero::Literal } else { Zero::Copies };
    match graph.value(node, 0)? {
        Value::Constant(constant) => {
            let sides: Vec<Size> = target.integers()?.into_iter().map(Size::Known).collect();
            let shape = completed(&sides, constant.shape(), zero)?;
            constant.reshaped(shape).map(Value::Constant)
        }
        value => {
            let x = graph.activation(value)?;
            let shape = image_shape(target.sizes()?, &x, graph.batch, zero)?;
            reshaped(node, graph, &x, shape)
        }
    }
}

fn reshaped(node: Node, graph: &mut Graph, x: &Map, shape: Vec<usize>) -> Result<Value, Fault> {
    let op = if shape.len() == 1 { Op::Flatten } else { Reshape(shape).into() };
    push(node, graph, op, x)
}

/// What a 0 in a target shape means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Zero {
    Copies,
    Literal,
}

/// One image's shape in a target whose first side is the number of images.
fn image_shape(target: &[Size], x: &Map, batch: Option<i64>, zero: Zero) -> Result<Vec<usize>, Fault> {
    let refused = || {
        let expected = format!("a shape of {:?} for each image, the batch first", x.shape);
        Fault::mismatch(expected, format!("{target:?}"))
    };
    let (first, image) = target.split_first().ok_or_else(refused)?;
    let keeps_batch = match first {
        Size::Batch => true,
        Size::Known(0) => zero == Zero::Copies,
        Size::Known(-1) => !image.contains(&Size::Known(-1)),
        Size::Known(number) => batch == Some(*number),
    };
    if !keeps_batch {
        return Err(refused());
    }
    completed(image, &x.shape, zero).map_err(|_| refused())
}

/// The target with its 0 and −1 filled in from the shape that there is.
fn completed(target: &[Size], from: &[usize], zero: Zero) -> Result<Vec<usize>, Fault> {
    let refused =
        || Fault::mismatch(format!("a shape of as many scalars as {from:?}"), format!("{target:?}"));
    let side = |(i, size): (usize, &Size)| match *size {
        Size::Known(0) if zero == Zero::Copies => from.get(i).copied().map(Some),
        Size::Known(-1) => Some(None),
        Size::Known(side) => usize::try_from(side).ok().map(Some),
        Size::Batch => None,
    };
    let sides: Option<Vec<Option<usize>>> = target.iter().enumerate().map(side).collect();
    let sides = sides.ok_or_else(refused)?;
    let known: Vec<usize> = sides.iter().copied().flatten().collect();
    let (whole, part) = (element_count(from), element_count(&known));
    let (Some(whole), Some(part)) = (whole, part) else { return Err(refused()) };
    match sides.len() - known.len() {
        0 if whole == part => Ok(known),
        1 if part > 0 && whole % part == 0 => {
            Ok(sides.into_iter().map(|side| side.unwrap_or(whole / part)).collect())
        }
        _ => Err(refused()),
    }
}

/// Of an activation, an order that leaves the batch first; of weights, any.
pub(super) fn transpose<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let value = graph.value(node, 0)?;
    let rank = match &value {
        Value::Constant(constant) => constant.floats()?.rank(),
        Value::Map(map) => map.shape.len() + 1,
        Value::Product(_) => 2,
    };
    let order = order(node, rank)?;
    match value {
        Value::Constant(constant) => {
            Ok(Value::Constant(Constant::Floats(tensor::transpose(constant.floats()?, &order))))
        }
        value => {
            let x = graph.activation(value)?;
            push(node, graph, Transpose(order), &x)
        }
    }
}

/// The attribute, or the axes from last to first; each occurs once.
fn order(node: Node, rank: usize) -> Result<Vec<usize>, Fault> {
    let Some(given) = node.integers("perm") else { return Ok((0..rank).rev().collect()) };
    let order: Option<Vec<usize>> = given.iter().map(|&axis| usize::try_from(axis).ok()).collect();
    let mut sorted = order.clone().unwrap_or_default();
    sorted.sort_unstable();
    match order {
        Some(order) if sorted.iter().copied().eq(0..rank) => Ok(order),
        _ => Err(Fault::mismatch(format!("an order of {rank} axes"), format!("{given:?}"))),
    }
}

/// Without sides of 1: those of the axes named, or all.
pub(super) fn squeeze<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let named = axes(node, graph, 13)?;
    edited(node, graph, |sides| {
        let gone: Vec<usize> = match &named {
            Some(axes) => axes.iter().map(|&a| axis(a, sides.len())).collect::<Result<_, _>>()?,
            None => (0..sides.len()).filter(|&i| sides[i] == Some(1)).collect(),
        };
        if let Some(&other) = gone.iter().find(|&&i| sides[i] != Some(1)) {
            return Err(Fault::mismatch("an axis of size 1", format!("axis {other}")));
        }
        Ok((0..sides.len()).filter(|i| !gone.contains(i)).map(|i| sides[i]).collect())
    })
}

/// With sides of 1 at the axes named, which count in the result.
pub(super) fn unsqueeze<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let named = axes(node, graph, 13)?.unwrap_or_default();
    edited(node, graph, |sides| {
        let rank = sides.len() + named.len();
        let new = named.iter().map(|&a| axis(a, rank)).collect::<Result<Vec<_>, _>>()?;
        let mut old = sides.iter().copied();
        (0..rank)
            .map(|i| if new.contains(&i) { Some(Some(1)) } else { old.next() })
            .collect::<Option<_>>()
            .ok_or_else(|| Fault::mismatch("every axis once", format!("{named:?}")))
    })
}

/// The same scalars with sides of 1 taken away or put in; the batch's side is `None`.
fn edited<'a>(
    node: Node<'a>,
    graph: &mut Graph<'a>,
    edit: impl Fn(&[Option<usize>]) -> Result<Vec<Option<usize>>, Fault>,
) -> Result<Value, Fault> {
    match graph.value(node, 0)? {
        Value::Constant(constant) => {
            let sides: Vec<_> = constant.shape().iter().copied().map(Some).collect();
            let shape = edit(&sides)?.into_iter().flatten().collect();
            constant.reshaped(shape).map(Value::Constant)
        }
        value => {
            let x = graph.activation(value)?;
            let sides: Vec<_> = [None].into_iter().chain(x.shape.iter().copied().map(Some)).collect();
            match &*edit(&sides)? {
                [None, image @ ..] => reshaped(node, graph, &x, image.iter().copied().flatten().collect()),
                _ => Err(Fault::mismatch("the batch to stay first", "an axis before it")),
            }
        }
    }
}
