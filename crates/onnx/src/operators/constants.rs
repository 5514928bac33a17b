//! Constants that stand in the graph as nodes, and their types.

use super::activations;
use crate::constant::{Constant, Size};
use crate::error::Fault;
use crate::graph::{Graph, Value};
use crate::node::Node;
use core_net::Op;
use tensor::{DType, Tensor, tensor_of};

pub(super) fn constant<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let dtype = graph.dtype;
    let constant = if let Some(tensor) = node.tensor("value")? {
        graph.read(tensor, node.name())?
    } else if let Some(values) = node.integers("value_ints").filter(|values| !values.is_empty()) {
        Constant::row(values.iter().map(|&value| Size::Known(value)).collect())
    } else if let Some(values) = node.floats("value_floats").filter(|values| !values.is_empty()) {
        Constant::Floats(floats(values, &[values.len()], dtype))
    } else if node.has("value_int") {
        Constant::Integers { values: vec![Size::Known(node.integer("value_int", 0)?)], shape: vec![] }
    } else if node.has("value_float") {
        Constant::Floats(floats(&[node.float("value_float", 0.0)?], &[], dtype))
    } else {
        return Err(Fault::mismatch("a tensor, numbers or a number as value", "something else"));
    };
    Ok(Value::Constant(constant))
}

fn floats(values: &[f32], shape: &[usize], dtype: DType) -> Tensor {
    tensor_of(values.to_vec(), shape).to_dtype(dtype).expect("a cast in memory")
}

/// Between floating-point types, which are all one here; of constants also between integer types, and to floating point.
pub(super) fn cast<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let (to_float, to_integer) = match node.integer("to", 0)? {
        1 | 10 | 11 | 16 => (true, false),
        6 | 7 => (false, true),
        _ => (false, false),
    };
    match graph.value(node, 0)? {
        Value::Constant(Constant::Floats(tensor)) if to_float => {
            Ok(Value::Constant(Constant::Floats(tensor)))
        }
        Value::Constant(integers @ Constant::Integers { .. }) if to_integer => Ok(Value::Constant(integers)),
        Value::Constant(constant @ Constant::Integers { .. }) if to_float => {
            let values = constant.integers()?.into_iter().map(|value| value as f64).collect();
            let tensor = tensor_of::<f64>(values, constant.shape());
            let tensor = tensor.to_dtype(graph.dtype).expect("a cast in memory");
            Ok(Value::Constant(Constant::Floats(tensor)))
        }
        Value::Map(_) | Value::Product(_) if to_float => activations::plain(node, graph, Op::Identity),
        _ => Err(Fault::mismatch(
            "a cast between floating-point types, or of constants",
            format!("a cast to data type {}", node.integer("to", 0)?),
        )),
    }
}
