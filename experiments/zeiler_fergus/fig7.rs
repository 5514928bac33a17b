//! Zeiler & Fergus 2013, §4.2, Fig. 7: a gray square covers each part of an image in turn, and one asks what is left of
//! the strongest feature map's activity and of the true class's probability, and which class is the most probable now.
//!
//! Claim: when the square covers what the map's projection shows, its activity drops; when it covers the object, so does its class's probability,
//! and the net reads something else that is in the image, or that the rest looks like.

use anyhow::Result;
use experiments::zeiler_fergus::{Chosen, Occluded, VERSIONS, hide, maps_of, pictures, rank, squeezenet};
use lab::{Plate, Run, Size};
use occlusion::{Border, Fill, Occluder, Watched};
use std::process::ExitCode;
use tensor::gather;

/// Images shown, each of another class; the paper has three.
const IMAGES: usize = 8;
/// The last layer of feature maps below the classifier, as the paper's layer 5 is.
const LAYER: &str = "fire9";
/// Side of the square, about a fifth of the input's, as it looks in the paper's figure.
const SIDE: usize = 48;
/// Other images whose projections are shown beside the image's own (Fig. 7c).
const OTHERS: usize = 3;
/// The middle of a byte's range.
const GRAY: f64 = 127.5;

fn main() -> ExitCode {
    lab::main("zeiler_fergus", "fig7", "What the net looks at: occlusion maps", fig7)
}

fn fig7(run: &Run) -> Result<()> {
    let (net, images) = squeezenet(run)?;
    let node = net.index_of(LAYER).expect("a node of SqueezeNet");
    let preprocessing = VERSIONS[0].preprocessing;
    run.stage("choose images");
    let chosen = Chosen::draw(run, std::slice::from_ref(&net), &images, IMAGES)?;
    let inputs = chosen.inputs(&VERSIONS[0])?;
    run.stage("rank images");
    let top = rank(run, &net, &images, &maps_of(&net, node), OTHERS + 1)?;
    run.stage("occlude");
    let stride = if run.size() == Size::Smoke { 64 } else { 4 };
    let fill = Fill::Channels(preprocessing.mean.map(|mean| GRAY - f64::from(mean)).into());
    let occluder = Occluder { fill, border: Border::Overhanging, ..Occluder::square(SIDE, stride) };
    let files: Vec<&str> = images.names().collect();
    let (mut table, mut panels, mut lines) = (run.table(), vec![], csv::Writer::from_writer(Vec::new()));
    lines.write_record(Occluded::COLUMNS)?;
    for (index, (name, file)) in chosen.names().into_iter().zip(chosen.files()).enumerate() {
        let image = gather(&inputs, &[index]);
        let watched = Watched { class: chosen.labels[index], ..Watched::strongest(&net, &image, node) };
        let maps = hide(run, &net, &image, &occluder, watched, &name);
        let others = top.strongest(watched.channel).iter().filter(|other| files[other.image] != file);
        let [_, others] = pictures(&net, &images, node, &others.take(OTHERS).copied().collect::<Vec<_>>())?;
        let occluded = Occluded::new(&net, &image, name, watched, &occluder, maps);
        occluded.record(&mut table);
        occluded.write(file, &mut lines)?;
        panels.extend(occluded.panels(preprocessing, others, images.classes()));
    }
    let legend = vec![
        "the image, and the map projected from it".into(),
        "the map's strongest unit projected from other images".into(),
    ];
    run.save_plate("maps.png", &Plate { columns: 5, panel: [272, 230], legend, panels })?;
    run.save_file("maps.csv", lines.into_inner()?);
    run.save_table(&table)
}
