//! From the file to the net.

use crate::error::OnnxError;
use crate::graph::{Graph, Planned, Stored};
use crate::input::{self, Images, InputFault};
use crate::node::Node;
use crate::operators;
use crate::proto::{GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto, ValueInfoProto};
use core_net::{BuildError, Builder, Net};
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
pub(crate) fn read_bytes(bytes: Bytes, path: &Path, size: Option<[usize; 2]>) -> Result<Net, OnnxError> {
    let malformed = |found: String| OnnxError::Format { path: path.into(), found };
    let model = ModelProto::decode(bytes).map_err(|error| malformed(error.to_string()))?;
    let graph = model.graph.as_ref().ok_or_else(|| malformed("no graph".into()))?;
    let file = File { path, graph, opset: opset(&model, path)? };
    file.net(size)
}

fn opset(model: &ModelProto, path: &Path) -> Result<i64, OnnxError> {
    let onnx = model.opset_import.iter().find(|opset| matches!(opset.domain(), "" | "ai.onnx"));
    let version = onnx.map(OperatorSetIdProto::version);
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
        let output = self.graph.output.first().ok_or_else(|| self.error("an output", "none"))?.name();
        let input = self.images()?;
        let images = input::images(input, size).map_err(|fault| self.input_error(fault, input.name()))?;
        let shape = images.shape.clone();
        let plan = self.plan(input.name(), images, output)?;
        build(input.name(), &shape, plan)
            .map_err(|source| OnnxError::Build { path: self.path.into(), source })
    }

    /// The first input that is not stored; old files list what is stored as inputs too.
    fn images(self) -> Result<&'a ValueInfoProto, OnnxError> {
        let stored: HashSet<&str> = self.graph.initializer.iter().map(TensorProto::name).collect();
        let images = self.graph.input.iter().find(|input| !stored.contains(input.name()));
        images.ok_or_else(|| self.error("an input for the images", "none"))
    }

    /// The nodes that compute the output, the last one its own.
    fn plan(self, input: &'a str, images: Images, output: &'a str) -> Result<Vec<Planned>, OnnxError> {
        let nodes = self.needed(output);
        let mut graph = Graph::new(input, images, self.stored(), reads(&nodes, output));
        for proto in nodes {
            let node = Node::new(proto, self.opset);
            let planned = operators::read(node, &mut graph).and_then(|value| graph.bind(node, value));
            planned.map_err(|fault| fault.at(self.path, node.name(), &node.operator()))?;
        }
        let computed = graph.named(output).and_then(|value| graph.activation(value));
        computed.map_err(|fault| fault.at(self.path, output, "output"))?;
        Ok(graph.into_plan())
    }

    fn stored(self) -> Stored<'a> {
        let tensors = self.graph.initializer.iter().map(|tensor| (tensor.name(), tensor)).collect();
        Stored { tensors, folder: self.path.parent().unwrap_or(Path::new("")) }
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

    fn error(self, expected: impl Into<String>, found: impl Into<String>) -> OnnxError {
        OnnxError::Graph { path: self.path.into(), expected: expected.into(), found: found.into() }
    }

    fn input_error(self, fault: InputFault, input: &str) -> OnnxError {
        match fault {
            InputFault::DynamicSize { found } => {
                OnnxError::DynamicSize { path: self.path.into(), input: input.into(), found }
            }
            InputFault::Mismatch { expected, found } => {
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
    let net = Builder::new(image).build()?.with_input_name(input);
    let add = |builder: Builder, Planned { name, op, inputs }: Planned| {
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        builder.join(&name, op, &inputs)
    };
    plan.into_iter().fold(Builder::on(net), add).build()
}
