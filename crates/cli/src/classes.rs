//! What a classifier says: logits, whatever the net ends in, and probabilities.

use crate::model::Model;
use anyhow::{Result, ensure};
use core_net::{Builder, Net, Op};
use tensor::{Tensor, to_f64s};

/// The net up to its logits, one row for each image: without a softmax at its end, and flattened.
///
/// Logarithms of probabilities are logits too.
///
/// # Errors
/// When the net does not end in one number for each class.
pub fn logits(model: &Model, net: Net) -> Result<Net> {
    check_classifier(model, &net)?;
    let last = &net.nodes()[net.output()];
    let net = if matches!(last.op, Op::Softmax) { net.up_to(last.inputs[0]) } else { net };
    if net.nodes()[net.output()].shape.len() == 1 {
        return Ok(net);
    }
    let name = unused_name(&net, "logits");
    Ok(Builder::on(net).flatten(&name).build()?)
}

/// A name for another node: this one, or with a number behind it.
pub fn unused_name(net: &Net, name: &str) -> String {
    let numbered = (0..net.nodes().len()).map(|number| format!("{name}{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| net.index_of(name).is_none()).expect("one name more than nodes")
}

/// # Errors
/// When the net does not end in one number for each class.
pub fn check_classifier(model: &Model, net: &Net) -> Result<()> {
    let shape = &net.nodes()[net.output()].shape;
    ensure!(
        shape.iter().skip(1).all(|&side| side == 1),
        "{}: expected a net that ends in one number for each class, found an output of shape {shape:?}",
        model.path().display()
    );
    Ok(())
}

/// The probability of every class for each image, from a net's output.
pub fn probabilities(net: &Net, output: &Tensor) -> Vec<Vec<f64>> {
    let rows = net.probabilities(output);
    to_f64s(&rows).chunks_exact(rows.dims()[1]).map(<[f64]>::to_vec).collect()
}

/// The classes, the most probable first; ties take the first.
pub fn ranked(probabilities: &[f64]) -> Vec<usize> {
    let mut classes: Vec<usize> = (0..probabilities.len()).collect();
    classes.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]));
    classes
}
