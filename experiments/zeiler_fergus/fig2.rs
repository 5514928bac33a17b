//! Zeiler & Fergus 2013, §4, Fig. 2: for a random subset of the feature maps of each layer, the nine images that excite it most,
//! as patches (left) and as projections to pixel space by the deconvnet (right).
//!
//! Claim: the layers form a hierarchy, from edges and colors (conv1) over textures to parts of objects and whole ones (fire9);
//! projections of one map agree with each other, and show what in the patches excites it.

use anyhow::Result;
use experiments::zeiler_fergus::{PatchList, VERSIONS, choose, maps_of, photographs, pictures, rank};
use figures::ImageGrid;
use lab::Run;
use std::process::ExitCode;

/// Name in the figure, and the node whose activations are measured: after the rectifiers.
const LAYERS: [(&str, &str); 5] =
    [("conv1", "relu1"), ("fire2", "fire2"), ("fire4", "fire4"), ("fire6", "fire6"), ("fire9", "fire9")];
/// "the top 9 activations" (§4).
const K: usize = 9;
/// Maps shown of each layer.
const MAPS: usize = 9;
const GRID: ImageGrid = ImageGrid { columns: 3, side: 96 };

fn main() -> ExitCode {
    lab::main("zeiler_fergus", "fig2", "What excites feature maps: patches and projections", fig2)
}

fn fig2(run: &Run) -> Result<()> {
    let version = &VERSIONS[0];
    let images = photographs(run)?;
    let net = version.net(run)?;
    let nodes = LAYERS.map(|(_, node)| net.index_of(node).expect("a node of SqueezeNet"));
    let maps: Vec<_> = nodes.iter().flat_map(|&node| maps_of(&net, node)).collect();
    run.stage("rank images");
    let top = rank(run, (&net, version), &images, &maps, K)?;
    run.stage("project");
    let progress = run.progress("project", LAYERS.len() * MAPS);
    let (mut table, mut listing) = (run.table(), PatchList::new(&images));
    for ((layer, _), node) in LAYERS.into_iter().zip(nodes) {
        let places: Vec<usize> = (0..maps.len()).filter(|&place| maps[place].node == node).collect();
        let silent = places.iter().filter(|&&place| top.ranked()[place].firing == 0).count();
        let (seen, field) = (top.seen(), net.receptive_field(node).size);
        run.remark(layer, &format!("{silent} of {} maps never fire on these {seen} images", places.len()));
        table.rate(layer, "maps that never fire", silent, places.len());
        table.value(layer, "receptive field (pixels)", field[0] as f64, 1);
        let (mut patches, mut projections) = (vec![], vec![]);
        for place in choose(run, layer, &top, &places, MAPS, K) {
            let [patch, projection] = pictures((&net, version), &images, node, top.strongest(place))?;
            patches.push(patch);
            projections.push(projection);
            listing.add(layer, top.strongest(place))?;
            progress.inc(1);
        }
        run.save_file(&format!("{layer}.png"), GRID.png(&patches, &projections)?);
    }
    run.save_file("strongest.csv", listing.into_bytes()?);
    run.save_table(&table)
}
