//! Which layers of a net are shown: what its weighted nodes say, after their rectifiers.
//!
//! For each node with weights the node after its rectifier, which is left out when only joins read it: then the join stands for it.
//! The logits are shown by the last of them; where they are no more than means of maps, by these maps, which also have places.

use crate::failure::WrongArguments;
use crate::model::Model;
use anyhow::{Result, bail, ensure};
use core_net::{Net, Op};

/// Layers that are shown where none are named.
pub const MOST: usize = 24;

/// Places of a map beyond which they have no number of two bytes.
const MOST_PLACES: usize = 1 << 16;

/// A layer whose units are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    pub node: usize,
    /// How many of its units are shown, the first ones.
    pub units: usize,
    /// Height and width of a unit's map.
    pub maps: [usize; 2],
}

/// The layers that the command line names, or those of the rule, in the net's order.
pub fn chosen(model: &Model, net: &Net, names: &[String], most_units: usize) -> Result<Vec<Layer>> {
    let mut nodes = if names.is_empty() {
        spread(&by_rule(net))
    } else {
        names.iter().map(|name| model.node(net, name)).collect::<Result<_>>()?
    };
    nodes.sort_unstable();
    nodes.dedup();
    let layers: Vec<Layer> = nodes.iter().filter_map(|&node| layer(net, node, most_units)).collect();
    let without = nodes.iter().find(|&&node| layer(net, node, most_units).is_none());
    if let Some(&without) = without.filter(|_| !names.is_empty()) {
        let node = &net.nodes()[without];
        bail!(WrongArguments(format!(
            "--layers: expected nodes of maps with at most {MOST_PLACES} places, or of units, found {} of shape {:?}",
            node.name, node.shape
        )));
    }
    ensure!(!layers.is_empty(), "{}: expected a layer with weights, found none", model.path().display());
    Ok(layers)
}

/// A line on the layers that the rule names and that are left out, where there are any.
pub fn left_out(net: &Net, layers: &[Layer]) -> Option<String> {
    let all = by_rule(net);
    let is_shown = |node: &usize| layers.iter().any(|layer| layer.node == *node);
    let names: Vec<&str> =
        all.iter().filter(|node| !is_shown(node)).map(|&node| net.nodes()[node].name.as_str()).collect();
    let (count, all, list) = (names.len(), all.len(), names.join(","));
    (count > 0).then(|| format!("{count} of {all} layers are left out; to see them: --layers {list}"))
}

/// By node, the number of the layer that shows it: itself, or one between which and it no weights lie.
pub fn shown_by(net: &Net, layers: &[Layer]) -> Vec<Option<usize>> {
    let number = |node: usize| layers.iter().rposition(|layer| layer.node == node);
    let mut shown: Vec<Option<usize>> = (0..net.nodes().len()).map(number).collect();
    for node in (1..net.nodes().len()).rev() {
        let unweighted = |&reader: &usize| !is_weighted(&net.nodes()[reader].op);
        let above = || readers(net, node).into_iter().filter(unweighted).find_map(|reader| shown[reader]);
        shown[node] = shown[node].or_else(above);
    }
    for node in 1..net.nodes().len() {
        if shown[node].is_none() && !is_weighted(&net.nodes()[node].op) {
            shown[node] = net.nodes()[node].inputs.iter().find_map(|&input| shown[input]);
        }
    }
    shown
}

/// The node that the net's last weights read: its activation is what the net tells images apart by.
pub fn features(net: &Net) -> usize {
    let last = net.nodes().iter().rfind(|node| is_weighted(&node.op));
    last.map_or(net.output(), |node| node.inputs[0])
}

/// Whether a layer has a unit for each class: the logits, or the maps whose means they are.
pub fn is_of_classes(net: &Net, node: usize) -> bool {
    let weighted_above = net.nodes()[node + 1..].iter().any(|above| is_weighted(&above.op));
    !weighted_above && net.nodes()[node].shape[0] == net.nodes()[net.output()].shape[0]
}

fn layer(net: &Net, node: usize, most_units: usize) -> Option<Layer> {
    let (units, maps) = match *net.nodes()[node].shape {
        [units] => (units, [1, 1]),
        [units, height, width] if height * width <= MOST_PLACES => (units, [height, width]),
        _ => return None,
    };
    (node > 0).then_some(Layer { node, units: units.min(most_units), maps })
}

/// As many as are shown at most, the first and the last among them.
fn spread(all: &[usize]) -> Vec<usize> {
    if all.len() <= MOST {
        return all.to_vec();
    }
    (0..MOST).map(|index| all[index * (all.len() - 1) / (MOST - 1)]).collect()
}

fn by_rule(net: &Net) -> Vec<usize> {
    let begins = |&node: &usize| is_weighted(&net.nodes()[node].op) || net.nodes()[node].op.is_join();
    let mut nodes: Vec<usize> =
        (1..net.nodes().len()).filter(begins).map(|node| rectified(net, node)).collect();
    nodes.retain(|&node| !feeds_only_joins(net, node));
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

/// The rectifier that alone reads a node, perhaps behind a normalization; the node, where there is none.
fn rectified(net: &Net, node: usize) -> usize {
    let mut last = node;
    while let [reader] = readers(net, last)[..] {
        match net.nodes()[reader].op {
            Op::ElementWise(_) => return reader,
            Op::Affine(_) | Op::Identity | Op::Dropout => last = reader,
            _ => break,
        }
    }
    node
}

fn feeds_only_joins(net: &Net, node: usize) -> bool {
    let readers = readers(net, node);
    let is_passed_on = |&reader: &usize| match net.nodes()[reader].op {
        Op::Affine(_) | Op::Identity | Op::Dropout => feeds_only_joins(net, reader),
        ref op => op.is_join(),
    };
    !readers.is_empty() && readers.iter().all(is_passed_on)
}

fn readers(net: &Net, node: usize) -> Vec<usize> {
    (node + 1..net.nodes().len()).filter(|&reader| net.nodes()[reader].inputs.contains(&node)).collect()
}

fn is_weighted(op: &Op) -> bool {
    !op.parameters().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_net::{Builder, zoo};
    use tensor::{Conv, DType, Tensor, seeded, tensor_of, uniform};

    fn names<'a>(net: &'a Net, nodes: &[usize]) -> Vec<&'a str> {
        nodes.iter().map(|&node| net.nodes()[node].name.as_str()).collect()
    }

    fn weight(outputs: usize, inputs: usize) -> Tensor {
        uniform(&mut seeded(1, "weight"), &[outputs, inputs, 1, 1], 1.0, DType::F32)
    }

    /// A block of a residual net: convolution, rectifier, convolution, sum, rectifier.
    fn residual() -> Net {
        let conv = |builder: Builder, name: &str, inputs| {
            builder.conv(name, weight(4, inputs), None, Conv::default())
        };
        let begun = conv(Builder::new(&[3, 4, 4]), "conv1", 3).relu("relu1");
        let way = conv(conv(begun, "conv2", 4).relu("relu2"), "conv3", 4);
        let sum =
            way.add("sum", &["conv3", "relu1"]).relu("relu3").global_mean_pool("mean").flatten("flatten");
        let weight = uniform(&mut seeded(2, "fc"), &[5, 4], 1.0, DType::F32);
        sum.linear("fc", weight, tensor_of(vec![0.0f32; 5], &[5])).build().unwrap()
    }

    #[test]
    fn a_joined_layer_is_shown_by_its_join_and_the_logits_by_the_maps_whose_means_they_are() {
        let net = zoo::by_name("squeezenet1_1", 10, None).unwrap();
        let shown = names(&net, &by_rule(&net));
        assert_eq!(shown[..4], ["relu1", "fire2.squeeze.relu", "fire2", "fire3.squeeze.relu"]);
        assert_eq!(shown[16..], ["fire9", "relu10"]);
        assert!(is_of_classes(&net, net.index_of("relu10").unwrap()));
        assert!(!is_of_classes(&net, net.index_of("fire9").unwrap()));
    }

    #[test]
    fn a_residual_block_is_shown_after_its_sum_and_dense_layers_after_their_rectifiers() {
        let net = residual();
        assert_eq!(names(&net, &by_rule(&net)), ["relu1", "relu2", "relu3", "fc"]);
        let lenet = zoo::untrained("lenet", 10, [28, 28], 1);
        assert_eq!(names(&lenet, &by_rule(&lenet)), ["relu1", "relu2", "relu3", "relu4", "fc3"]);
        assert_eq!(names(&lenet, &[features(&lenet)]), ["relu4"]);
    }

    #[test]
    fn every_node_between_weights_is_shown_by_the_layer_there() {
        let net = residual();
        let nodes = by_rule(&net);
        let layers: Vec<Layer> = nodes.iter().filter_map(|&node| layer(&net, node, 9)).collect();
        let shown = |name: &str| shown_by(&net, &layers)[net.index_of(name).unwrap()];
        assert_eq!(["conv1", "relu1", "conv2"].map(shown), [Some(0), Some(0), Some(1)]);
        assert_eq!(
            ["conv3", "sum", "mean", "flatten", "fc"].map(shown),
            [Some(2), Some(2), Some(2), Some(2), Some(3)]
        );
        assert_eq!(shown("input"), None);
    }

    #[test]
    fn of_too_many_layers_some_are_shown_the_first_and_the_last_among_them() {
        let all: Vec<usize> = (0..53).collect();
        let shown = spread(&all);
        assert_eq!((shown.len(), shown[0], shown[MOST - 1]), (MOST, 0, 52));
    }
}
