//! `glassbox inspect`: what a net consists of.

use crate::model::Model;
use crate::output::print;
use anyhow::Result;
use clap::Args;
use core_net::Net;
use lab::aligned;

/// List a net's nodes with their shapes, parameters and receptive fields
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Inspect {
    #[command(flatten)]
    model: Model,
}

const EXAMPLE: &str = "\
Example:
  glassbox inspect model.onnx

The receptive field is what one unit sees of the image: rows×columns /step from one unit to the next.";

const COLUMNS: [&str; 5] = ["node", "operation", "shape", "parameters", "receptive field"];

impl Inspect {
    pub fn run(self) -> Result<()> {
        let net = self.model.load()?;
        let mut rows = vec![COLUMNS.map(String::from)];
        rows.extend((0..net.nodes().len()).map(|node| row(&net, node)));
        let parameters: usize = net.parameters().iter().map(|(_, tensor)| tensor.elem_count()).sum();
        let nodes = net.nodes().len();
        print(&format!("{}\n{nodes} nodes, {parameters} parameters\n", aligned(&rows)))
    }
}

fn row(net: &Net, index: usize) -> [String; 5] {
    let node = &net.nodes()[index];
    let parameters: usize = node.op.parameters().iter().map(|(_, tensor)| tensor.elem_count()).sum();
    let field = net.receptive_field(index);
    let step = if field.stride == [0, 0] { String::new() } else { format!(" /{}", by(field.stride)) };
    [
        node.name.clone(),
        node.op.to_string(),
        node.shape.iter().map(ToString::to_string).collect::<Vec<_>>().join("×"),
        if parameters == 0 { String::new() } else { parameters.to_string() },
        format!("{}{step}", by(field.size)),
    ]
}

/// `3×3`, rows before columns.
fn by([rows, columns]: [usize; 2]) -> String {
    format!("{rows}×{columns}")
}
