//! The graph while it is read: what is known of every value, and the nodes planned so far.

use crate::constant::Constant;
use crate::error::Fault;
use crate::input::Images;
use crate::node::Node;
use crate::parameter_names::ParameterNames;
use crate::proto::TensorProto;
use crate::tensor_data;
use core_net::operations::Linear;
use core_net::{Misfit, Op};
use std::collections::HashMap;
use std::path::Path;
use tensor::{DType, Tensor};

/// What is known of a value.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// An activation.
    Map(Map),
    Constant(Constant),
    /// A matrix product that waits for the bias that a following sum may bring.
    Product(Product),
}

/// An activation: the node that computes it.
#[derive(Clone, Debug)]
pub(crate) struct Map {
    pub(crate) node: String,
    /// **Shape** of one image's.
    pub(crate) shape: Vec<usize>,
}

/// `x Wᵀ`, not yet a node.
#[derive(Clone, Debug)]
pub(crate) struct Product {
    pub(crate) name: String,
    pub(crate) x: Map,
    pub(crate) weight: Tensor,
}

/// A node that the net is to have.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) name: String,
    pub(crate) op: Op,
    pub(crate) inputs: Vec<String>,
}

/// What the file stores beside its nodes.
#[derive(Debug)]
pub(crate) struct Stored<'a> {
    pub(crate) tensors: HashMap<&'a str, &'a TensorProto>,
    /// The model's file, beside which its other files lie.
    pub(crate) model: &'a Path,
}

/// Every value by its name, and the plan of the net.
#[derive(Debug)]
pub(crate) struct Graph<'a> {
    /// The number of images that the file was exported with, where it is fixed.
    pub(crate) batch: Option<i64>,
    /// What floating-point numbers become.
    pub(crate) dtype: DType,
    stored: Stored<'a>,
    /// How many inputs read each value.
    reads: HashMap<&'a str, usize>,
    values: HashMap<&'a str, Value>,
    plan: Vec<Planned>,
    parameters: ParameterNames<'a>,
}

impl<'a> Graph<'a> {
    /// A graph that knows its input only.
    pub(crate) fn new(
        input: &'a str,
        images: Images,
        stored: Stored<'a>,
        reads: HashMap<&'a str, usize>,
    ) -> Self {
        let Images { shape, batch, dtype } = images;
        let values = HashMap::from([(input, Value::Map(Map { node: input.into(), shape }))]);
        let parameters = ParameterNames::default();
        Self { batch, dtype, stored, reads, values, plan: vec![], parameters }
    }

    /// The nodes planned, in order, and what the file calls their parameters.
    pub(crate) fn into_plan(self) -> (Vec<Planned>, HashMap<String, String>) {
        let parameters =
            self.parameters.of(self.plan.iter().map(|planned| (planned.name.as_str(), &planned.op)));
        (self.plan, parameters)
    }

    /// Plans a node, after checking that it fits what it reads.
    pub(crate) fn push(&mut self, name: &str, op: impl Into<Op>, inputs: &[&Map]) -> Result<Map, Fault> {
        let op = op.into();
        let shapes: Vec<&[usize]> = inputs.iter().map(|map| map.shape.as_slice()).collect();
        let shape = op
            .output_shape(&shapes)
            .map_err(|Misfit { expected, got }| Fault::Mismatch { expected, found: got })?;
        let inputs = inputs.iter().map(|map| map.node.clone()).collect();
        self.plan.push(Planned { name: name.into(), op, inputs });
        Ok(Map { node: name.into(), shape })
    }

    /// Whether anything reads the value.
    pub(crate) fn is_read(&self, name: &str) -> bool {
        self.reads.contains_key(name)
    }

    /// Whether nothing but the next node that reads the value does so.
    pub(crate) fn is_read_once(&self, name: &str) -> bool {
        self.reads.get(name) == Some(&1)
    }

    /// Keeps what a node computed for those that read it.
    pub(crate) fn bind(&mut self, node: Node<'a>, value: Value) -> Result<(), Fault> {
        if let Some(second) = node.further_outputs().iter().find(|name| self.is_read(name)) {
            return Err(Fault::mismatch("its first output to be read only", format!("{second} is read")));
        }
        let is_stored = |name: &str| self.stored.tensors.contains_key(name);
        self.parameters.read(node, matches!(value, Value::Constant(_)), is_stored);
        let name = node.output();
        let stored = self.stored.tensors.contains_key(name);
        if stored || self.values.insert(name, value).is_some() {
            return Err(Fault::mismatch("an output that nothing else computes", format!("a second {name}")));
        }
        Ok(())
    }

    /// The constant that a message of the file holds.
    pub(crate) fn read(&self, tensor: &TensorProto, name: &str) -> Result<Constant, Fault> {
        tensor_data::read(tensor, self.stored.model, self.dtype).map_err(|fault| fault.in_tensor(name))
    }

    /// The value of this name; a stored tensor is read when it is first needed.
    pub(crate) fn named(&mut self, name: &'a str) -> Result<Value, Fault> {
        if let Some(value) = self.values.get(name) {
            return Ok(value.clone());
        }
        let Some(tensor) = self.stored.tensors.get(name) else {
            let expected = "inputs that the net's one input or an earlier node computes, or that are stored";
            return Err(Fault::mismatch(expected, name));
        };
        let value = Value::Constant(self.read(tensor, name)?);
        self.values.insert(name, value.clone());
        Ok(value)
    }

    /// A node's input, unless it is left out.
    pub(crate) fn optional(&mut self, node: Node<'a>, index: usize) -> Result<Option<Value>, Fault> {
        node.input(index).map(|name| self.named(name)).transpose()
    }

    pub(crate) fn value(&mut self, node: Node<'a>, index: usize) -> Result<Value, Fault> {
        let missing = || Fault::mismatch(format!("{} inputs", index + 1), format!("no input {index}"));
        self.optional(node, index)?.ok_or_else(missing)
    }

    /// An input that is computed from the image.
    pub(crate) fn map(&mut self, node: Node<'a>, index: usize) -> Result<Map, Fault> {
        let value = self.value(node, index)?;
        self.activation(value)
    }

    /// The value as an activation; a product that waited for a bias gets none.
    pub(crate) fn activation(&mut self, value: Value) -> Result<Map, Fault> {
        match value {
            Value::Map(map) => Ok(map),
            Value::Product(product) => self.dense(&product.name.clone(), product, None),
            Value::Constant(constant) => {
                Err(Fault::mismatch("an activation", format!("constant {}", constant.describe())))
            }
        }
    }

    /// A dense layer of this name.
    pub(crate) fn dense(&mut self, name: &str, product: Product, bias: Option<Tensor>) -> Result<Map, Fault> {
        let Product { x, weight, .. } = product;
        let zeros = || weight.narrow(1, 0, 1).and_then(|column| column.flatten_all()?.zeros_like());
        let bias = bias.unwrap_or_else(|| zeros().expect("a column of at least one"));
        self.push(name, Linear { weight, bias }, &[&x])
    }

    /// An input that no image changes, unless it is left out.
    pub(crate) fn optional_constant(
        &mut self,
        node: Node<'a>,
        index: usize,
    ) -> Result<Option<Constant>, Fault> {
        match self.optional(node, index)? {
            None => Ok(None),
            Some(Value::Constant(constant)) => Ok(Some(constant)),
            Some(_) => {
                let found = format!("an activation, {}", node.input(index).unwrap_or_default());
                Err(Fault::mismatch(format!("a constant as input {index}"), found))
            }
        }
    }

    pub(crate) fn constant(&mut self, node: Node<'a>, index: usize) -> Result<Constant, Fault> {
        let missing = || Fault::mismatch(format!("{} inputs", index + 1), format!("no input {index}"));
        self.optional_constant(node, index)?.ok_or_else(missing)
    }

    /// Weights, unless they are left out.
    pub(crate) fn weights(&mut self, node: Node<'a>, index: usize) -> Result<Option<Tensor>, Fault> {
        self.optional_constant(node, index)?.map(|constant| constant.floats().cloned()).transpose()
    }
}
