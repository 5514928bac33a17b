//! From the file to the net.

use super::error::{Fault, OnnxError};
use super::graph::{Graph, Planned, Stored, Value};
use super::input::{self, Images, Misread};
use super::node::Node;
use super::operators;
use super::proto::{GraphProto, ModelProto, NodeProto, ValueInfoProto};
use crate::builder::{BuildError, Builder};
use crate::net::Net;
use prost::Message;
use prost::bytes::Bytes;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// The net of an ONNX file, whose images have the size that the file fixes.
///
/// # Errors
/// If the file cannot be read, is damaged, or computes something that no node of a net does.
pub fn read(path: &Path) -> Result<Net, OnnxError> {
    read_model(path, None)
}

/// The net of an ONNX file for images of this height and width, which the file may leave open.
///
/// # Errors
/// As [`read`], and if the file fixes another size.
pub fn read_sized(path: &Path, size: [usize; 2]) -> Result<Net, OnnxError> {
    read_model(path, Some(size))
}

fn read_model(path: &Path, size: Option<[usize; 2]>) -> Result<Net, OnnxError> {
    let bytes = std::fs::read(path).map_err(|source| OnnxError::File { path: path.into(), source })?;
    read_bytes(bytes.into(), path, size)
}

/// The net in a file's bytes; the path is for errors, and for tensors stored beside the file.
pub(super) fn read_bytes(bytes: Bytes, path: &Path, size: Option<[usize; 2]>) -> Result<Net, OnnxError> {
    let malformed = |found: String| OnnxError::Format { path: path.into(), found };
    let model = ModelProto::decode(bytes).map_err(|error| malformed(error.to_string()))?;
    let graph = model.graph.as_ref().ok_or_else(|| malformed("no graph".into()))?;
    let file = File { path, graph, opset: opset(&model, path)? };
    file.net(size)
}

fn opset(model: &ModelProto, path: &Path) -> Result<i64, OnnxError> {
    let onnx = model.opset_import.iter().find(|opset| matches!(opset.domain(), "" | "ai.onnx"));
    let version = onnx.map(|opset| opset.version());
    version.filter(|version| (9..=21).contains(version)).ok_or_else(|| OnnxError::Opset {
        path: path.into(),
        found: version.map_or("none".into(), |version| version.to_string()),
    })
}

/// A file whose messages are known.
#[derive(Clone, Copy)]
struct File<'a> {
    path: &'a Path,
    graph: &'a GraphProto,
    opset: i64,
}

impl<'a> File<'a> {
    fn net(self, size: Option<[usize; 2]>) -> Result<Net, OnnxError> {
        let tensors: HashMap<_, _> = self.graph.initializer.iter().map(|t| (t.name(), t)).collect();
        let is_image = |input: &&ValueInfoProto| !tensors.contains_key(input.name());
        let input = self.graph.input.iter().find(is_image);
        let input = input.ok_or_else(|| self.error("an input for the images", "none"))?;
        let output = self.graph.output.first().ok_or_else(|| self.error("an output", "none"))?.name();
        let Images { shape, batch, dtype } =
            input::images(input, size).map_err(|misread| self.misread(misread, input.name()))?;
        let nodes = self.needed(output);
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let stored = Stored { tensors, folder, dtype };
        let image = (input.name(), shape.clone());
        let mut graph = Graph::new(image, batch, stored, reads(&nodes, output));
        for proto in nodes {
            let node = Node::new(proto, self.opset);
            self.plan(node, &mut graph)
                .map_err(|fault| fault.at(self.path, node.name(), &node.operator()))?;
        }
        self.finish(output, &mut graph)?;
        build(input.name(), &shape, graph.into_plan())
            .map_err(|source| OnnxError::Build { path: self.path.into(), source })
    }

    /// The nodes that the output depends on, in the file's order.
    fn needed(self, output: &'a str) -> Vec<&'a NodeProto> {
        let mut wanted = HashSet::from([output]);
        let mut nodes = Vec::new();
        for node in self.graph.node.iter().rev() {
            if node.output.iter().any(|name| !name.is_empty() && wanted.contains(name.as_str())) {
                wanted.extend(node.input.iter().map(String::as_str));
                nodes.push(node);
            }
        }
        nodes.reverse();
        nodes
    }

    fn plan(self, node: Node<'a>, graph: &mut Graph<'a>) -> Result<(), Fault> {
        let value = operators::read(node, graph)?;
        if let Some(second) =
            node.further_outputs().iter().find(|name| graph.reads.contains_key(name.as_str()))
        {
            return Err(Fault::mismatch("its first output to be read only", format!("{second} is read")));
        }
        graph.bind(node.output(), value)
    }

    /// The output must be the last node.
    fn finish(self, output: &'a str, graph: &mut Graph<'a>) -> Result<(), OnnxError> {
        let computed = graph.named(output).and_then(|value| match value {
            Value::Constant(_) => Err(Fault::mismatch("an output computed from the images", "a constant")),
            value => graph.activation(value),
        });
        computed.map(|_| ()).map_err(|fault| fault.at(self.path, output, "output"))
    }

    fn error(self, expected: impl Into<String>, found: impl Into<String>) -> OnnxError {
        OnnxError::Graph { path: self.path.into(), expected: expected.into(), found: found.into() }
    }

    fn misread(self, misread: Misread, input: &str) -> OnnxError {
        match misread {
            Misread::DynamicSize { found } => {
                OnnxError::DynamicSize { path: self.path.into(), input: input.into(), found }
            }
            Misread::Mismatch { expected, found } => {
                self.error(format!("{expected} as input {input}"), found)
            }
        }
    }
}

/// How many inputs of these nodes read each value; the graph's output counts as one more.
fn reads<'a>(nodes: &[&'a NodeProto], output: &'a str) -> HashMap<&'a str, usize> {
    let mut reads = HashMap::from([(output, 1)]);
    for name in nodes.iter().flat_map(|node| &node.input).filter(|name| !name.is_empty()) {
        *reads.entry(name.as_str()).or_default() += 1;
    }
    reads
}

fn build(input: &str, image: &[usize], plan: Vec<Planned>) -> Result<Net, BuildError> {
    let mut net = Builder::new(image).build()?;
    input.clone_into(&mut net.nodes[0].name);
    let add = |builder: Builder, Planned { name, op, inputs }: Planned| {
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        builder.join(&name, op, &inputs)
    };
    plan.into_iter().fold(Builder::on(net), add).build()
}
