//! Models made in memory, for tests.

use crate::proto::{
    AttributeProto, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto, TensorShapeProto,
    TypeProto, ValueInfoProto, tensor_shape_proto::Dimension, tensor_shape_proto::dimension::Value as Side,
    type_proto::Tensor as TensorType,
};
use crate::read::read_bytes;
use core_net::Net;
use prost::Message;
use std::path::Path;

/// Opset 13: `y` is computed from `x`, any number of images `[2, 4, 3]`, which are `[n, 2, 4, 3]` in the file.
pub(crate) fn model(nodes: Vec<NodeProto>, initializer: Vec<TensorProto>) -> ModelProto {
    let sides = [None, Some(2), Some(4), Some(3)];
    let input = vec![value("x", &sides)];
    let graph = GraphProto { node: nodes, initializer, input, output: vec![value("y", &[])] };
    let opset = OperatorSetIdProto { domain: None, version: Some(13) };
    ModelProto { opset_import: vec![opset], graph: Some(graph) }
}

/// A named batch of f32; `None` is a side left open.
pub(crate) fn value(name: &str, sides: &[Option<i64>]) -> ValueInfoProto {
    let side = |side: &Option<i64>| Dimension {
        value: Some(side.map_or(Side::DimParam("open".into()), Side::DimValue)),
    };
    let shape = Some(TensorShapeProto { dim: sides.iter().map(side).collect() });
    let tensor_type = Some(TensorType { elem_type: Some(1), shape });
    ValueInfoProto { name: Some(name.into()), r#type: Some(TypeProto { tensor_type }) }
}

/// A node called after its operator, from inputs separated by blanks to one output.
pub(crate) fn node(operator: &str, inputs: &str, output: &str, attribute: Vec<AttributeProto>) -> NodeProto {
    NodeProto {
        input: inputs.split(' ').map(String::from).collect(),
        output: vec![output.into()],
        name: Some(format!("the {operator}")),
        op_type: Some(operator.into()),
        domain: None,
        attribute,
    }
}

pub(crate) fn integer(name: &str, value: i64) -> AttributeProto {
    AttributeProto { name: Some(name.into()), i: Some(value), ..AttributeProto::default() }
}

pub(crate) fn integers(name: &str, values: &[i64]) -> AttributeProto {
    AttributeProto { name: Some(name.into()), ints: values.to_vec(), ..AttributeProto::default() }
}

pub(crate) fn text(name: &str, value: &str) -> AttributeProto {
    AttributeProto { name: Some(name.into()), s: Some(value.into()), ..AttributeProto::default() }
}

/// A stored tensor of ones.
pub(crate) fn ones(name: &str, dims: &[i64]) -> TensorProto {
    let float_data = vec![1.0; dims.iter().product::<i64>() as usize];
    TensorProto { float_data, ..stored(name, dims, 1) }
}

/// A stored tensor of this type, without its scalars.
pub(crate) fn stored(name: &str, dims: &[i64], data_type: i32) -> TensorProto {
    TensorProto {
        name: Some(name.into()),
        dims: dims.to_vec(),
        data_type: Some(data_type),
        ..TensorProto::default()
    }
}

/// A stored row of integers.
pub(crate) fn row(name: &str, values: &[i64]) -> TensorProto {
    TensorProto { int64_data: values.to_vec(), ..stored(name, &[values.len() as i64], 7) }
}

/// The model's net, or the message of its error behind the file's name.
pub(crate) fn net(model: &ModelProto) -> Result<Net, String> {
    read_bytes(model.encode_to_vec().into(), Path::new("model.onnx"), None).map_err(|error| {
        let message = error.to_string();
        assert!(!message.contains('\n'), "one line: {message}");
        message.strip_prefix("model.onnx: ").expect("the file's name first").to_string()
    })
}
