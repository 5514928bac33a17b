//! `data/index.js`: the net, its layers, its classes and the images.

use super::image_activations::{AnalyzedImages, ImageActivations};
use super::layers::{Layer, is_of_classes, shown_by};
use super::origin::{FORMAT, Origin};
use super::picture::TILE;
use super::probability::likeliest;
use super::script::script;
use super::site::Site;
use super::subject::Subject;
use super::top_images::RULES;
use super::twins;
use super::units::columns;
use crate::class_table::Classes;
use crate::job::MADE_WITH;
use anyhow::Result;
use serde::Serialize;

/// The file's place in the site.
const NAME: &str = "data/index.js";

#[derive(Serialize)]
struct Index<'a> {
    format: u32,
    title: &'a str,
    images_name: String,
    made_with: &'a str,
    side: [usize; 2],
    rules: Vec<&'a str>,
    classes: Vec<String>,
    nodes: Vec<Node<'a>>,
    layers: Vec<LayerEntry<'a>>,
    images: Vec<Image<'a>>,
    /// What a reader should know of how the numbers were found.
    remarks: &'a [String],
}

#[derive(Serialize)]
struct Node<'a> {
    name: &'a str,
    kind: &'a str,
    inputs: &'a [usize],
    shape: &'a [usize],
    layer: Option<usize>,
}

#[derive(Serialize)]
struct LayerEntry<'a> {
    name: &'a str,
    node: usize,
    units: usize,
    /// How many units it has, those included that are not shown.
    all: usize,
    maps: [usize; 2],
    sees: [usize; 2],
    tile: u32,
    columns: usize,
    /// Whether unit K stands for class K.
    classes: bool,
}

#[derive(Serialize)]
struct Image<'a> {
    name: &'a str,
    class: Option<usize>,
    read: Option<usize>,
    p: Option<f64>,
}

/// Writes the file, with what is to be remarked.
pub fn write(
    site: &Site,
    subject: &Subject,
    origin: &Origin,
    classes: &Classes,
    all: &AnalyzedImages,
) -> Result<()> {
    let mut remarks = vec![format!("Outputs: {}.", subject.reading)];
    remarks.extend(crate::remarks::remarks());
    if subject.has_exclusive_classes() {
        remarks.push(twins::SETTINGS.into());
    }
    let images = all.names.iter().zip(&all.images);
    let index = Index {
        format: FORMAT,
        title: origin.title(),
        images_name: origin.images_name(),
        made_with: MADE_WITH,
        side: subject.side(),
        rules: RULES.iter().map(|(name, _)| *name).collect(),
        classes: classes.names(subject.classes),
        nodes: nodes(subject),
        layers: subject.layers.iter().map(|layer| shown(subject, layer)).collect(),
        images: images.map(|(name, analyzed)| image(name, analyzed, classes)).collect(),
        remarks: &remarks,
    };
    site.write(NAME, &script("index", &[], &index)?)
}

fn nodes<'a>(subject: &'a Subject) -> Vec<Node<'a>> {
    let shown = shown_by(&subject.net, &subject.layers);
    let node = |(node, layer): (&'a core_net::Node, Option<usize>)| Node {
        name: &node.name,
        kind: node.op.kind(),
        inputs: &node.inputs,
        shape: &node.shape,
        layer,
    };
    subject.net.nodes().iter().zip(shown).map(node).collect()
}

fn shown<'a>(subject: &'a Subject, layer: &Layer) -> LayerEntry<'a> {
    let (net, side) = (&subject.net, subject.side());
    let node = &net.nodes()[layer.node];
    let field = net.receptive_field(layer.node).size;
    LayerEntry {
        name: &node.name,
        node: layer.node,
        units: layer.units,
        all: node.shape[0],
        maps: layer.maps,
        sees: [0, 1].map(|axis| field[axis].min(side[axis])),
        tile: TILE,
        columns: columns(layer.units),
        classes: node.shape[0] == subject.classes && is_of_classes(net, layer.node),
    }
}

fn image<'a>(name: &'a str, analyzed: &ImageActivations, classes: &Classes) -> Image<'a> {
    let likeliest = likeliest(&analyzed.probabilities, 1).pop();
    let (read, p) = likeliest.map(|found| (found.class, found.p)).unzip();
    Image { name, class: classes.label_of(name), read, p }
}
