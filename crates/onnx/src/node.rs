//! A node of the graph: its name, inputs and attributes.

use crate::error::Fault;
use crate::proto::{AttributeProto, NodeProto, TensorProto};

/// A node of the file, read with the errors that its user should see.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'a> {
    proto: &'a NodeProto,
    pub(crate) opset: i64,
}

impl<'a> Node<'a> {
    pub(crate) fn new(proto: &'a NodeProto, opset: i64) -> Self {
        Self { proto, opset }
    }

    /// The node's name, or its output's where it has none.
    pub(crate) fn name(&self) -> &'a str {
        match self.proto.name() {
            "" => self.output(),
            name => name,
        }
    }

    /// The first output's name.
    pub(crate) fn output(&self) -> &'a str {
        self.proto.output.first().map_or("", String::as_str)
    }

    /// The outputs beside the first.
    pub(crate) fn further_outputs(&self) -> &'a [String] {
        self.proto.output.get(1..).unwrap_or_default()
    }

    /// The operator, with its domain unless it is ONNX's own.
    pub(crate) fn operator(&self) -> String {
        match self.proto.domain() {
            "" | "ai.onnx" => self.proto.op_type().to_string(),
            domain => format!("{domain}::{}", self.proto.op_type()),
        }
    }

    /// The input's name, unless it is left out.
    pub(crate) fn input(&self, index: usize) -> Option<&'a str> {
        self.proto.input.get(index).map(String::as_str).filter(|name| !name.is_empty())
    }

    pub(crate) fn inputs(&self) -> &'a [String] {
        &self.proto.input
    }

    fn attribute(&self, name: &str) -> Option<&'a AttributeProto> {
        self.proto.attribute.iter().find(|attribute| attribute.name() == name)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.attribute(name).is_some()
    }

    /// The attribute as `part` reads it, if the node has it.
    fn part<T>(
        &self,
        name: &str,
        kind: &str,
        part: impl Fn(&'a AttributeProto) -> Option<T>,
    ) -> Result<Option<T>, Fault> {
        let typed = |attribute| {
            let found = || format!("an attribute {name} of another type");
            part(attribute).ok_or_else(|| Fault::mismatch(format!("{kind} as {name}"), found()))
        };
        self.attribute(name).map(typed).transpose()
    }

    pub(crate) fn integer(&self, name: &str, default: i64) -> Result<i64, Fault> {
        Ok(self.part(name, "an integer", |attribute| attribute.i)?.unwrap_or(default))
    }

    /// A switch that is off unless the node turns it on.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Fault> {
        Ok(self.integer(name, 0)? != 0)
    }

    pub(crate) fn float(&self, name: &str, default: f32) -> Result<f32, Fault> {
        Ok(self.part(name, "a number", |attribute| attribute.f)?.unwrap_or(default))
    }

    /// A number that its writer meant in f64, such as 0.0001: the shortest decimal that is the stored f32, not that f32's own digits.
    pub(crate) fn decimal(&self, name: &str, default: f32) -> Result<f64, Fault> {
        let stored = self.float(name, default)?;
        Ok(stored.to_string().parse().expect("digits of a number"))
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<&'a str>, Fault> {
        self.part(name, "text", |attribute| std::str::from_utf8(attribute.s.as_deref()?).ok())
    }

    pub(crate) fn integers(&self, name: &str) -> Option<&'a [i64]> {
        self.attribute(name).map(|attribute| attribute.ints.as_slice())
    }

    pub(crate) fn floats(&self, name: &str) -> Option<&'a [f32]> {
        self.attribute(name).map(|attribute| attribute.floats.as_slice())
    }

    pub(crate) fn tensor(&self, name: &str) -> Result<Option<&'a TensorProto>, Fault> {
        self.part(name, "a tensor", |attribute| attribute.t.as_ref())
    }

    /// The attribute's integers as sizes, each from `least` to 65,535; `default` if the node has none.
    pub(crate) fn sizes<const N: usize>(
        &self,
        name: &str,
        least: usize,
        default: [usize; N],
    ) -> Result<[usize; N], Fault> {
        let Some(integers) = self.integers(name) else { return Ok(default) };
        let size = |&value: &i64| usize::try_from(value).ok().filter(|v| (least..=LARGEST_SIZE).contains(v));
        let sizes: Option<Vec<usize>> = integers.iter().map(size).collect();
        sizes.and_then(|sizes| sizes.try_into().ok()).ok_or_else(|| {
            let expected = format!("{N} integers from {least} to {LARGEST_SIZE} as {name}");
            Fault::mismatch(expected, format!("{integers:?}"))
        })
    }
}

/// The longest side of an image, window or stride: a number beyond it is an error in the file.
pub(crate) const LARGEST_SIZE: usize = 65_535;
