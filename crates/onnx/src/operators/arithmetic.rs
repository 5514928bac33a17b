//! Sums, differences, products and quotients: of activations with constants, of two activations, of shapes.

use super::{dense, push};
use crate::constant::{Constant, Size};
use crate::error::Fault;
use crate::graph::{Graph, Map, Value};
use crate::node::Node;
use core_net::Op;
use core_net::operations::Affine;
use std::fmt::Debug;
use tensor::Tensor;

pub(super) fn add<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    match operands(node, graph)? {
        Operands::Activations(a, b) => {
            let (a, b) = (graph.activation(a)?, graph.activation(b)?);
            graph.push(node.name(), Op::Add, &[&a, &b]).map(Value::Map)
        }
        Operands::WithConstant(x, c) | Operands::OfConstant(c, x) => plus(node, graph, x, &c),
        Operands::Integers(a, b) => folded(&a, &b, i64::checked_add),
    }
}

/// A dense layer where a product waits for its bias; else a sum with a constant.
fn plus(node: Node, graph: &mut Graph, x: Value, c: &Tensor) -> Result<Value, Fault> {
    if let Value::Product(product) = &x
        && let Some(layer) = dense::with_bias(node, graph, product, c)?
    {
        return Ok(layer);
    }
    scaled(node, graph, x, c, |c| (made(c.ones_like()), c.clone()))
}

pub(super) fn subtract<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    match operands(node, graph)? {
        Operands::WithConstant(x, c) => scaled(node, graph, x, &c, |c| (made(c.ones_like()), made(c.neg()))),
        Operands::OfConstant(c, x) => {
            scaled(node, graph, x, &c, |c| (made(made(c.ones_like()).neg()), c.clone()))
        }
        Operands::Integers(a, b) => folded(&a, &b, i64::checked_sub),
        Operands::Activations(..) => Err(two_activations()),
    }
}

pub(super) fn multiply<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    match operands(node, graph)? {
        Operands::WithConstant(x, c) | Operands::OfConstant(c, x) => {
            scaled(node, graph, x, &c, |c| (c.clone(), made(c.zeros_like())))
        }
        Operands::Integers(a, b) => folded(&a, &b, i64::checked_mul),
        Operands::Activations(..) => Err(two_activations()),
    }
}

pub(super) fn divide<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    match operands(node, graph)? {
        Operands::WithConstant(x, c) => {
            scaled(node, graph, x, &c, |c| (made(c.recip()), made(c.zeros_like())))
        }
        Operands::Integers(a, b) => folded(&a, &b, i64::checked_div),
        Operands::OfConstant(..) => Err(Fault::mismatch("a constant divisor", "an activation")),
        Operands::Activations(..) => Err(two_activations()),
    }
}

fn two_activations() -> Fault {
    Fault::mismatch("an activation and a constant", "two activations")
}

/// What stands left and right of the sign.
enum Operands {
    Activations(Value, Value),
    WithConstant(Value, Tensor),
    OfConstant(Tensor, Value),
    Integers(Constant, Constant),
}

fn operands<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Operands, Fault> {
    Ok(match (graph.value(node, 0)?, graph.value(node, 1)?) {
        (Value::Constant(a), Value::Constant(b)) => Operands::Integers(a, b),
        (Value::Constant(c), x) => Operands::OfConstant(c.floats()?.clone(), x),
        (x, Value::Constant(c)) => Operands::WithConstant(x, c.floats()?.clone()),
        (a, b) => Operands::Activations(a, b),
    })
}

/// `scale · x + shift`, both made of the constant by `coefficients`.
fn scaled(
    node: Node,
    graph: &mut Graph,
    x: Value,
    c: &Tensor,
    coefficients: impl Fn(&Tensor) -> (Tensor, Tensor),
) -> Result<Value, Fault> {
    let x = graph.activation(x)?;
    let (c, shape) = beside(c, &x)?;
    let (scale, shift) = coefficients(&c);
    // Seen at every place rather than copied to it: a map may be a million times as large as its constant.
    let [scale, shift] = [scale, shift].map(|each| made(each.broadcast_as(shape)));
    push(node, graph, Affine { scale, shift }, &x)
}

fn made<E: Debug>(tensor: Result<Tensor, E>) -> Tensor {
    tensor.expect("element-wise arithmetic in memory")
}

/// The constant, and the shape that it is to be spread to: one scalar for each channel, or else for each pixel of one image.
fn beside<'a>(c: &Tensor, x: &'a Map) -> Result<(Tensor, &'a [usize]), Fault> {
    let rank = x.shape.len() + 1;
    let no_fit = || {
        let expected = format!("a constant that fits {:?} of every image", x.shape);
        Fault::mismatch(expected, format!("{:?}", c.dims()))
    };
    let missing = rank.checked_sub(c.rank()).ok_or_else(no_fit)?;
    let dims = [vec![1; missing], c.dims().to_vec()].concat();
    let fits = dims[1..].iter().zip(&x.shape).all(|(&side, &whole)| side == 1 || side == whole);
    if dims[0] != 1 || !fits {
        return Err(no_fit());
    }
    let per_channel = dims[2..].iter().all(|&side| side == 1);
    let (dims, shape) = if per_channel { (&dims[1..2], &x.shape[..1]) } else { (&dims[1..], &x.shape[..]) };
    Ok((made(c.reshape(dims)), shape))
}

/// Arithmetic on shapes: integers in pairs, or one with all.
fn folded(a: &Constant, b: &Constant, apply: impl Fn(i64, i64) -> Option<i64>) -> Result<Value, Fault> {
    let (left, right) = (a.integers()?, b.integers()?);
    let shape = match (&left[..], &right[..]) {
        _ if a.shape() == b.shape() => a.shape(),
        ([_], [_]) if a.shape().len() < b.shape().len() => b.shape(),
        (_, [_]) => a.shape(),
        ([_], _) => b.shape(),
        _ => return Err(Fault::mismatch(format!("integers like {}", a.describe()), b.describe())),
    };
    let at = |side: &[i64], i: usize| side[if side.len() == 1 { 0 } else { i }];
    let count = if right.len() == 1 { left.len() } else { right.len() };
    let values: Option<_> = (0..count).map(|i| apply(at(&left, i), at(&right, i)).map(Size::Known)).collect();
    let values = values.ok_or_else(|| Fault::mismatch("integers of 64 bits", "an overflow"))?;
    Ok(Value::Constant(Constant::Integers { values, shape: shape.to_vec() }))
}
