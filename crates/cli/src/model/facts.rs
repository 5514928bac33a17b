//! What a model file says beside its net: inputs, outputs, the layout of images, names of parameters.

use anyhow::{Result, anyhow};
use core_net::Net;
use onnx::{Layout, OnnxError, UnreadOutput};
use std::collections::HashMap;
use std::path::Path;

/// What a model file says beside its net.
#[derive(Debug)]
pub struct Facts {
    /// Name and shape of each input, the images' first.
    pub inputs: Vec<(String, String)>,
    /// The outputs that are read, in the file's order.
    pub outputs: Vec<NamedOutput>,
    /// The outputs that are not.
    pub unread: Vec<UnreadOutput>,
    /// The file's first output, read or not.
    pub first_output: Option<String>,
    /// Where the file has an image's channels.
    pub layout: Layout,
    /// Nodes, the input among them, whose activations have their channels first here and last in the file.
    pub moved: Vec<String>,
    /// By node, what the file calls its parameters, without `.weight`.
    pub parameter_names: HashMap<String, String>,
}

/// An output of the file, and the node that computes it.
#[derive(Debug)]
pub struct NamedOutput {
    pub name: String,
    pub node: String,
}

impl Facts {
    /// Of a net that the command line names.
    pub fn of_architecture(net: &Net) -> Facts {
        let [input, output] = [0, net.output()].map(|node| &net.nodes()[node]);
        let shape = input.shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let weighted = net.nodes().iter().filter(|node| !node.op.parameters().is_empty());
        Facts {
            inputs: vec![(input.name.clone(), format!("[n, {shape}]"))],
            outputs: vec![NamedOutput { name: output.name.clone(), node: output.name.clone() }],
            unread: vec![],
            first_output: None,
            layout: Layout::ChannelsFirst,
            moved: vec![],
            parameter_names: weighted.map(|node| (node.name.clone(), node.stored_as.clone())).collect(),
        }
    }

    /// The names of all outputs, read or not.
    pub fn output_names(&self) -> Vec<&str> {
        let read = self.outputs.iter().map(|output| output.name.as_str());
        read.chain(self.unread.iter().map(|unread| unread.name.as_str())).collect()
    }
}

/// The net of all outputs of an ONNX file, and what else the file says.
pub(super) fn read_onnx(
    path: &Path,
    size: Option<[usize; 2]>,
    layout: Option<Layout>,
) -> Result<(Net, Facts)> {
    let model = onnx::read_model(path, size, layout).map_err(with_option)?;
    let name = |node: usize| model.net.nodes()[node].name.clone();
    let mut moved = model.moved;
    if model.layout == Layout::ChannelsLast {
        moved.push(name(0));
    }
    let outputs = model.outputs.iter();
    let facts = Facts {
        inputs: model.inputs.into_iter().map(|input| (input.name, input.shape)).collect(),
        outputs: outputs.map(|o| NamedOutput { name: o.name.clone(), node: name(o.node) }).collect(),
        unread: model.unread,
        first_output: model.first_output,
        layout: model.layout,
        moved,
        parameter_names: model.parameter_names,
    };
    Ok((model.net, facts))
}

/// The error, with the option that helps.
fn with_option(error: OnnxError) -> anyhow::Error {
    match &error {
        OnnxError::DynamicSize { path, input, found } => anyhow!(
            "{}: expected images of a fixed size, found {found} for input {input}: give it with --size H,W",
            path.display()
        ),
        OnnxError::Layout { .. } => anyhow!("{error}; say --layout nhwc (last) or --layout nchw (first)"),
        _ => error.into(),
    }
}
