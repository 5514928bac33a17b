//! From the file to the net.

use crate::error::OnnxError;
use crate::graph::{Graph, Planned, Stored};
use crate::input::{self, InputFault};
use crate::layout::Layout;
use crate::node::Node;
use crate::operators;
use crate::proto::{GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto, ValueInfoProto};
use core_net::{BuildError, Builder, FileFormat, Net, foreign_content};
use prost::Message;
use prost::bytes::Bytes;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// The net of an ONNX file, whose images have the size that the file fixes.
///
/// # Errors
/// If the file cannot be read, is damaged, or computes something that no node of a net does.
pub fn read(path: &Path) -> Result<Net, OnnxError> {
    read_bytes(bytes_of(path)?, path, None)
}

/// The net of an ONNX file for images of this height and width, which the file may leave open.
///
/// # Errors
/// As [`read`], and if the file fixes another size.
pub fn read_sized(path: &Path, size: [usize; 2]) -> Result<Net, OnnxError> {
    read_bytes(bytes_of(path)?, path, Some(size))
}

pub(crate) fn bytes_of(path: &Path) -> Result<Bytes, OnnxError> {
    let bytes = std::fs::read(path).map_err(|source| OnnxError::File { path: path.into(), source })?;
    Ok(bytes.into())
}

/// The net in a file's bytes; the path is for errors, and for tensors stored beside the file.
pub(crate) fn read_bytes(bytes: Bytes, path: &Path, size: Option<[usize; 2]>) -> Result<Net, OnnxError> {
    let model = decoded(bytes, path)?;
    File::new(&model, path)?.net(size)
}

/// The messages of a file; content of another kind is called what it is.
pub(crate) fn decoded(bytes: Bytes, path: &Path) -> Result<ModelProto, OnnxError> {
    let malformed = |found: String| OnnxError::Format { path: path.into(), found };
    if let Some(found) = foreign_content(&bytes, FileFormat::Onnx) {
        return Err(malformed(found.into()));
    }
    ModelProto::decode(bytes).map_err(|error| malformed(error.to_string()))
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
pub(crate) struct File<'a> {
    pub(crate) path: &'a Path,
    pub(crate) graph: &'a GraphProto,
    opset: i64,
}

/// The nodes of a net, and what is known of them beside their operations.
pub(crate) struct Plan {
    nodes: Vec<Planned>,
    /// By output, the node that computes it.
    pub(crate) outputs: Vec<String>,
    /// By node, what the file calls its parameters.
    pub(crate) parameters: HashMap<String, String>,
}

impl<'a> File<'a> {
    pub(crate) fn new(model: &'a ModelProto, path: &'a Path) -> Result<Self, OnnxError> {
        let graph = model.graph.as_ref();
        let graph = graph.ok_or_else(|| OnnxError::Format { path: path.into(), found: "no graph".into() })?;
        Ok(Self { path, graph, opset: opset(model, path)? })
    }

    fn net(self, size: Option<[usize; 2]>) -> Result<Net, OnnxError> {
        let output = self.graph.output.first().ok_or_else(|| self.error("an output", "none"))?.name();
        let (input, shape, plan) = self.plan(size, Layout::ChannelsFirst, &[output])?;
        self.build(input, &shape, plan.nodes)
    }

    /// The net of these outputs, and what is known of it.
    pub(crate) fn net_of(
        self,
        size: Option<[usize; 2]>,
        layout: Layout,
        outputs: &[&'a str],
    ) -> Result<(Net, Plan), OnnxError> {
        let (input, shape, mut plan) = self.plan(size, layout, outputs)?;
        let net = self.build(input, &shape, std::mem::take(&mut plan.nodes))?;
        Ok((net, plan))
    }

    /// The first input that is not stored; old files list what is stored as inputs too.
    pub(crate) fn images(self) -> Result<&'a ValueInfoProto, OnnxError> {
        let images = self.inputs().next();
        images.ok_or_else(|| self.error("an input for the images", "none"))
    }

    /// The inputs that are not stored.
    pub(crate) fn inputs(self) -> impl Iterator<Item = &'a ValueInfoProto> {
        let stored: HashSet<&str> = self.graph.initializer.iter().map(TensorProto::name).collect();
        self.graph.input.iter().filter(move |input| !stored.contains(input.name()))
    }

    /// The nodes that compute the outputs, of one output the last one its own; before them the input's name and shape.
    fn plan(
        self,
        size: Option<[usize; 2]>,
        layout: Layout,
        outputs: &[&'a str],
    ) -> Result<(&'a str, Vec<usize>, Plan), OnnxError> {
        let input = self.images()?;
        let images =
            input::images(input, size, layout).map_err(|fault| self.input_error(fault, input.name()))?;
        let shape = images.shape.clone();
        let nodes = self.needed(outputs);
        let mut graph = Graph::new(input.name(), images, self.stored(), reads(&nodes, outputs));
        for proto in nodes {
            let node = Node::new(proto, self.opset);
            let planned = operators::read(node, &mut graph).and_then(|value| graph.bind(node, value));
            planned.map_err(|fault| fault.at(self.path, node.name(), &node.operator()))?;
        }
        let mut computed = Vec::new();
        for &output in outputs {
            let map = graph.named(output).and_then(|value| graph.activation(value));
            computed.push(map.map_err(|fault| fault.at(self.path, output, "output"))?.node);
        }
        let (nodes, parameters) = graph.into_plan();
        Ok((input.name(), shape, Plan { nodes, outputs: computed, parameters }))
    }

    fn stored(self) -> Stored<'a> {
        let tensors = self.graph.initializer.iter().map(|tensor| (tensor.name(), tensor)).collect();
        Stored { tensors, model: self.path }
    }

    /// The nodes that the outputs depend on, in the file's order.
    fn needed(self, outputs: &[&'a str]) -> Vec<&'a NodeProto> {
        let mut wanted: HashSet<&str> = outputs.iter().copied().collect();
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

    fn build(self, input: &str, image: &[usize], plan: Vec<Planned>) -> Result<Net, OnnxError> {
        build(input, image, plan).map_err(|source| OnnxError::Build { path: self.path.into(), source })
    }

    pub(crate) fn error(self, expected: impl Into<String>, found: impl Into<String>) -> OnnxError {
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

/// How many inputs of these nodes read each value; the graph's outputs count as one more each.
fn reads<'a>(nodes: &[&'a NodeProto], outputs: &[&'a str]) -> HashMap<&'a str, usize> {
    let mut reads = HashMap::new();
    let inputs = nodes.iter().flat_map(|node| &node.input).map(String::as_str);
    for name in inputs.filter(|name| !name.is_empty()).chain(outputs.iter().copied()) {
        *reads.entry(name).or_default() += 1;
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
