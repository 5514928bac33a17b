//! Zeiler & Fergus 2013, §4.2, Fig. 7: a gray square covers each part of an image in turn, and measures what remains of
//! the strongest feature map's activity and of the true class's probability, and which class is the most probable now.
//!
//! Claim: when the square covers what the map's projection shows, its activity drops; when it covers the object, so does its class's probability,
//! and the net reads something else that is in the image, or that the rest looks like.

use anyhow::Result;
use core_net::Net;
use experiments::zeiler_fergus::{
    OcclusionResult, SampledImages, VERSIONS, Version, maps_of, photographs, pictures, rank, sensitivity_maps,
};
use figures::PanelFigure;
use lab::{Run, Size};
use occlusion::{Border, Fill, Occluder, SensitivityTarget};
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
const GRAY: f32 = 127.5;
const LEGEND: [&str; 2] =
    ["the image, and the map projected from it", "the map's strongest unit projected from other images"];

fn main() -> ExitCode {
    lab::main("zeiler_fergus", "fig7", "What the net looks at: occlusion maps", fig7)
}

fn fig7(run: &Run) -> Result<()> {
    let images = photographs(run)?;
    let nets = VERSIONS.iter().map(|version| version.net(run)).collect::<Result<Vec<Net>>>()?;
    run.stage("choose images");
    let chosen = SampledImages::draw(run, &nets, &images, IMAGES)?;
    let files: Vec<&str> = images.names().collect();
    let stride = if run.size() == Size::Smoke { 64 } else { 4 };
    let (mut table, mut lines) = (run.table(), csv::Writer::from_writer(Vec::new()));
    lines.write_record(OcclusionResult::COLUMNS)?;
    for (net, version) in nets.iter().zip(&VERSIONS) {
        let node = net.index_of(LAYER).expect("a node of SqueezeNet");
        run.stage(&format!("{}: rank images", version.name));
        let top = rank(run, (net, version), &images, &maps_of(net, node), OTHERS + 1)?;
        run.stage(&format!("{}: occlude", version.name));
        let (inputs, occluder) = (chosen.inputs(version)?, occluder(version, stride));
        let mut panels = vec![];
        for (index, (name, file)) in chosen.names().into_iter().zip(chosen.files()).enumerate() {
            let image = gather(&inputs, &[index]);
            let target = SensitivityTarget {
                class: chosen.labels[index],
                ..SensitivityTarget::strongest(net, &image, node)
            };
            let maps = sensitivity_maps(run, net, &image, &occluder, target, &name);
            let others = top.strongest(target.channel).iter().filter(|other| files[other.image] != file);
            let others: Vec<_> = others.take(OTHERS).copied().collect();
            let [_, others] = pictures((net, version), &images, node, &others)?;
            let occluded = OcclusionResult::new((net, version), &image, name, target, &occluder, maps);
            occluded.record(&mut table);
            occluded.write(file, &mut lines)?;
            panels.extend(occluded.panels(others, images.classes()));
        }
        let legend = LEGEND.map(String::from).into();
        let plate = PanelFigure { columns: 5, panel: [272, 230], legend, panels };
        run.save_file(&format!("{}.png", version.stem), plate.png()?);
    }
    run.save_file("maps.csv", lines.into_inner()?);
    run.save_table(&table)
}

/// The gray square, its center on every `stride`-th pixel.
fn occluder(version: &Version, stride: usize) -> Occluder {
    let gray = version.preprocessing.mean.map(|mean| f64::from(GRAY - mean));
    Occluder {
        fill: Fill::Channels(gray.into()),
        border: Border::Overhanging,
        ..Occluder::square(SIDE, stride)
    }
}
