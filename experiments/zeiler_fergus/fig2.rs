//! Zeiler & Fergus 2013, §4, Fig. 2: for a random subset of the feature maps of each layer, the nine images that excite it most,
//! as patches (left) and as projections to pixel space by the deconvnet (right).
//!
//! Claim: the layers form a hierarchy, from edges and colors (conv1) over textures to parts of objects and whole ones (fire9);
//! projections of one map agree with each other, and show what in the patches excites it.

use anyhow::Result;
use deconv::Strongest;
use experiments::zeiler_fergus::{choose, maps_of, pictures, rank, squeezenet};
use lab::{Run, Sheet};
use serde::Serialize;
use std::process::ExitCode;

/// Name in the figure, and the node whose activations are looked at: after the rectifiers.
const LAYERS: [(&str, &str); 5] =
    [("conv1", "relu1"), ("fire2", "fire2"), ("fire4", "fire4"), ("fire6", "fire6"), ("fire9", "fire9")];
/// "the top 9 activations" (§4).
const K: usize = 9;
/// Maps shown of each layer.
const MAPS: usize = 9;
const SHEET: Sheet = Sheet { columns: 3, side: 96 };

/// A line of `strongest.csv`: an image that excites a map, and the unit of the map that it excites most.
#[derive(Serialize)]
struct Line<'a> {
    layer: &'a str,
    map: usize,
    rank: usize,
    image: &'a str,
    class: &'a str,
    activation: f64,
    row: usize,
    column: usize,
}

fn main() -> ExitCode {
    lab::main("zeiler_fergus", "fig2", "What excites feature maps: patches and projections", fig2)
}

fn fig2(run: &Run) -> Result<()> {
    let (net, images) = squeezenet(run)?;
    let names: Vec<&str> = images.names().collect();
    let labels: Vec<Option<usize>> = images.labels().collect();
    let nodes = LAYERS.map(|(_, node)| net.index_of(node).expect("a node of SqueezeNet"));
    let maps: Vec<_> = nodes.iter().flat_map(|&node| maps_of(&net, node)).collect();
    run.stage("rank images");
    let top = rank(run, &net, &images, &maps, K)?;
    run.stage("project");
    let progress = run.progress("project", LAYERS.len() * MAPS);
    let mut table = run.table();
    let mut list = csv::Writer::from_writer(Vec::new());
    for ((layer, _), node) in LAYERS.into_iter().zip(nodes) {
        let places = maps.iter().position(|map| map.node == node).expect("every node has maps");
        let places = places..places + net.nodes()[node].shape[0];
        let silent = places.clone().filter(|&place| top.firing(place) == 0).count();
        table.rate(layer, "maps that never fire", silent, places.len());
        table.value(layer, "receptive field (pixels)", net.receptive_field(node).size[0] as f64);
        run.remark(
            layer,
            &format!("{silent} of {} maps never fire on these {} images", places.len(), top.seen()),
        );
        let (mut patches, mut projections) = (vec![], vec![]);
        for place in choose(run, layer, &top, places, MAPS, K) {
            let strongest = top.strongest(place);
            let [patch, projection] = pictures(&net, &images, node, strongest)?;
            patches.push(patch);
            projections.push(projection);
            for (rank, &Strongest { image, unit, activation }) in (1..).zip(strongest) {
                let class = labels[image].map_or("", |label| &images.classes()[label]);
                let (image, [row, column]) = (names[image], unit.at);
                list.serialize(Line {
                    layer,
                    map: unit.channel,
                    rank,
                    image,
                    class,
                    activation,
                    row,
                    column,
                })?;
            }
            progress.inc(1);
        }
        run.save_sheet(&format!("{layer}.png"), SHEET, &patches, &projections)?;
    }
    run.save_file("strongest.csv", list.into_inner()?);
    run.save_table(&table)
}
