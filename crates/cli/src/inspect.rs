//! `glassbox inspect`: what a net consists of.

use crate::model::{Facts, Layout, Model};
use crate::output::print;
use anyhow::Result;
use clap::Args;
use core_net::Net;
use lab::aligned;
use std::fmt::Write;

/// List a net's inputs, outputs and nodes with their shapes, parameters and receptive fields
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Inspect {
    #[command(flatten)]
    model: Model,
}

const EXAMPLE: &str = "\
Examples:
  glassbox card model.onnx --preset imagenet --labels classes.txt      once for a net
  glassbox inspect model.onnx

The receptive field is what one unit sees of the image: rows×columns /step from one unit to the next.
A node may be named by its own name or by that of its parameters, where the last column shows one.";

const COLUMNS: [&str; 6] = ["node", "operation", "shape", "parameters", "receptive field", "parameter names"];

impl Inspect {
    pub fn run(self) -> Result<()> {
        let net = self.model.load_whole()?;
        let facts = self.model.facts();
        let mut rows = vec![COLUMNS.map(String::from).to_vec()];
        rows.extend((0..net.nodes().len()).map(|node| row(&net, node, facts).to_vec()));
        if rows[1..].iter().all(|row| row[5].is_empty()) {
            rows.iter_mut().for_each(|row| row.truncate(5));
        }
        let parameters: usize = net.parameters().iter().map(|(_, tensor)| tensor.elem_count()).sum();
        let nodes = net.nodes().len();
        let ports = ports(&net, facts);
        print(&format!("{ports}{}\n{nodes} nodes, {parameters} parameters\n", aligned(&rows)))
    }
}

/// A line for each input and output.
fn ports(net: &Net, facts: &Facts) -> String {
    let mut text = String::new();
    for (index, (name, shape)) in facts.inputs.iter().enumerate() {
        let note = match (index, facts.layout) {
            (0, Layout::ChannelsFirst) => "",
            (0, Layout::ChannelsLast) => ", channels last (NHWC); below they come first",
            _ => ", not used",
        };
        let _ = writeln!(text, "input {name}: {shape}{note}");
    }
    for output in &facts.outputs {
        let shape = net.index_of(&output.node).map_or(String::new(), |node| by_all(&net.nodes()[node].shape));
        let _ = writeln!(text, "output {}: node {}, {shape}", output.name, output.node);
    }
    for unread in &facts.unread {
        let _ = writeln!(text, "output {}: not read: {}", unread.name, unread.reason);
    }
    text.push('\n');
    text
}

fn row(net: &Net, index: usize, facts: &Facts) -> [String; 6] {
    let node = &net.nodes()[index];
    let parameters: usize = node.op.parameters().iter().map(|(_, tensor)| tensor.elem_count()).sum();
    let field = net.receptive_field(index);
    let step = if field.stride == [0, 0] { String::new() } else { format!(" /{}", by(field.stride)) };
    let called = facts.parameter_names.get(&node.name).filter(|name| **name != node.name);
    [
        node.name.clone(),
        node.op.to_string(),
        by_all(&node.shape),
        if parameters == 0 { String::new() } else { parameters.to_string() },
        format!("{}{step}", by(field.size)),
        called.cloned().unwrap_or_default(),
    ]
}

/// `3×3`, rows before columns.
fn by([rows, columns]: [usize; 2]) -> String {
    by_all(&[rows, columns])
}

fn by_all(sides: &[usize]) -> String {
    sides.iter().map(ToString::to_string).collect::<Vec<_>>().join("×")
}
