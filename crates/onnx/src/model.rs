//! A file as a whole: all outputs, the layout of its images, and the names of its parameters.

use crate::error::OnnxError;
use crate::input;
use crate::layout::{self, Layout};
use crate::proto::{ModelProto, ValueInfoProto};
use crate::read::{File, Plan, bytes_of, decoded};
use core_net::Net;
use std::collections::HashMap;
use std::path::Path;

/// The net of an ONNX file with all its outputs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Model {
    /// The nodes of all outputs that are read, in the file's order; images are `[channels, height, width]`.
    pub net: Net,
    /// What the file reads, the images first.
    pub inputs: Vec<Input>,
    /// The outputs that are read, in the file's order.
    pub outputs: Vec<Output>,
    /// The file's first output, read or not.
    pub first_output: Option<String>,
    /// The outputs that are not, and why.
    pub unread: Vec<UnreadOutput>,
    /// Where the file has an image's channels.
    pub layout: Layout,
    /// The nodes, beside the input, whose activations are `[channels, height, width]` here and channels last in the file.
    pub moved: Vec<String>,
    /// By node, what the file calls its parameters, without `.weight`.
    pub parameter_names: HashMap<String, String>,
}

/// An input of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Its shape as the file says it, such as `[n, 3, 224, 224]`.
    pub shape: String,
}

/// An output of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Its name in the file.
    pub name: String,
    /// The index of the node that computes it.
    pub node: usize,
}

/// An output that no node of a net computes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadOutput {
    /// Its name in the file.
    pub name: String,
    /// Why, without the file's name.
    pub reason: String,
}

/// The net of all outputs of an ONNX file.
///
/// Height and width may be given where the file leaves them open, and the layout where the graph does not say it.
///
/// # Errors
/// As [`read`](crate::read) where no output is read; [`OnnxError::Layout`] where the images' layout is neither known nor given.
pub fn read_model(path: &Path, size: Option<[usize; 2]>, layout: Option<Layout>) -> Result<Model, OnnxError> {
    let proto = decoded(bytes_of(path)?, path)?;
    model(&proto, path, size, layout)
}

pub(crate) fn model(
    proto: &ModelProto,
    path: &Path,
    size: Option<[usize; 2]>,
    layout: Option<Layout>,
) -> Result<Model, OnnxError> {
    let file = File::new(proto, path)?;
    let images = file.images()?;
    let shape = || input::written_shape(images);
    let layout = layout.or_else(|| layout::found(file.graph, images)).ok_or_else(|| OnnxError::Layout {
        path: path.into(),
        input: images.name().into(),
        found: shape(),
    })?;
    let (names, unread, (net, plan)) = readable(file, size, layout)?;
    let (net, moved) = match layout {
        Layout::ChannelsFirst => (net, vec![]),
        Layout::ChannelsLast => net
            .with_channels_first()
            .map_err(|source| OnnxError::Build { path: path.into(), source })?
            .ok_or_else(|| file.error("images [n, height, width, channels]", shape()))?,
    };
    let node = |name: &String| net.index_of(name).expect("a node of the plan");
    let outputs = names.iter().zip(&plan.outputs);
    let outputs = outputs.map(|(&name, computed)| Output { name: name.into(), node: node(computed) });
    let input =
        |input: &ValueInfoProto| Input { name: input.name().into(), shape: input::written_shape(input) };
    Ok(Model {
        outputs: outputs.collect(),
        inputs: file.inputs().map(input).collect(),
        first_output: file.graph.output.first().map(|output| output.name().into()),
        net,
        unread,
        layout,
        moved,
        parameter_names: plan.parameters,
    })
}

/// The names of the outputs that make one net, the reasons why others do not, and that net.
type Readable<'a> = (Vec<&'a str>, Vec<UnreadOutput>, (Net, Plan));

fn readable<'a>(file: File<'a>, size: Option<[usize; 2]>, layout: Layout) -> Result<Readable<'a>, OnnxError> {
    let all: Vec<&str> = file.graph.output.iter().map(ValueInfoProto::name).collect();
    if all.is_empty() {
        return Err(file.error("an output", "none"));
    }
    if let Ok(net) = file.net_of(size, layout, &all) {
        return Ok((all, vec![], net));
    }
    // One after the other, each with those before it: the order of the file decides where two exclude each other.
    let (mut names, mut unread, mut last, mut refusal) = (vec![], vec![], None, None);
    for name in all {
        names.push(name);
        match file.net_of(size, layout, &names) {
            Ok(net) => last = Some(net),
            Err(error) => {
                names.pop();
                unread.push(UnreadOutput { name: name.into(), reason: without_path(&error, file.path) });
                refusal.get_or_insert(error);
            }
        }
    }
    match (last, refusal) {
        (Some(net), _) => Ok((names, unread, net)),
        (None, Some(error)) => Err(error),
        (None, None) => unreachable!("an output is read or refused"),
    }
}

fn without_path(error: &OnnxError, path: &Path) -> String {
    let text = error.to_string();
    let path = format!("{}: ", path.display());
    text.strip_prefix(&path).map_or(text.clone(), str::to_owned)
}
