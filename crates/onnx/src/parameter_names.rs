//! What the file calls the parameters of each node: `layer3.0.conv2` where its weight is `layer3.0.conv2.weight`.

use crate::node::Node;
use core_net::Op;
use std::collections::HashMap;

/// What follows a layer's name in its parameters' names.
const ENDINGS: [&str; 8] =
    [".weight", ".bias", ".running_mean", ".running_var", ".gamma", ".beta", "/kernel", "/bias"];

/// Names of stored tensors on their way to the nodes that compute with them.
#[derive(Debug, Default)]
pub(crate) struct ParameterNames<'a> {
    /// By value that is computed from constants, or is a product without its bias: the stored tensors in it.
    inside: HashMap<&'a str, Vec<&'a str>>,
    /// By node of the file: the stored tensors that it reads.
    read: HashMap<&'a str, Vec<&'a str>>,
}

impl<'a> ParameterNames<'a> {
    /// Notes what a node of the file reads.
    pub(crate) fn read(&mut self, node: Node<'a>, is_constant: bool, is_stored: impl Fn(&str) -> bool) {
        let mut names = Vec::new();
        for name in node.inputs().iter().map(String::as_str) {
            match self.inside.get(name) {
                Some(inside) => names.extend(inside),
                None if is_stored(name) => names.push(name),
                None => {}
            }
        }
        if is_constant || node.operator() == "MatMul" {
            self.inside.insert(node.output(), names.clone());
        }
        if !is_constant {
            self.read.insert(node.name(), names);
        }
    }

    /// By planned node with parameters or constants, their common name.
    pub(crate) fn of<'b>(&self, plan: impl Iterator<Item = (&'b str, &'b Op)>) -> HashMap<String, String> {
        let named = plan.filter_map(|(name, op)| {
            let layer = common(self.read.get(name)?, op)?;
            Some((name.to_owned(), layer.to_owned()))
        });
        named.collect()
    }
}

/// The layer's name in its tensors' names; of weights also a name of another form, unless an exporter made it up.
fn common<'a>(stored: &[&'a str], op: &Op) -> Option<&'a str> {
    let layer = |name: &&'a str| {
        // TensorFlow reads a layer's weights by an operation below it: `block/conv/Conv2D/ReadVariableOp:0`.
        let variable = name.strip_suffix(":0").unwrap_or(name).strip_suffix("/ReadVariableOp");
        let above = variable.and_then(|operation| operation.rsplit_once('/'));
        above.map(|(layer, _)| layer).or_else(|| ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)))
    };
    let has_weights = !op.parameters().is_empty();
    if !has_weights && !matches!(op, Op::Affine(_)) {
        return None;
    }
    let made_up = |name: &str| name.starts_with("onnx::") || name.bytes().all(|byte| byte.is_ascii_digit());
    let whole = || stored.iter().copied().find(|name| has_weights && !made_up(name));
    stored.iter().find_map(layer).filter(|name| !name.is_empty()).or_else(whole)
}
