//! Zeiler & Fergus 2013, §4, Fig. 4: the evolution of features during training. For some feature maps of each layer, the strongest activation
//! over training images at epochs 1, 2, 5, 10, …, projected to pixel space by the deconvnet; a row for each map, a column for each epoch.
//!
//! Claim: the lower layers converge within a few epochs, the upper ones only after many;
//! sudden jumps in appearance come from a change of the image with the strongest activation.

use anyhow::{Context, Result};
use experiments::zeiler_fergus::{FeatureEvolution, UNCHANGED, load_training_data};
use lab::Run;
use std::process::ExitCode;

/// Name in the figure, and the node whose activations are measured: after the rectifiers.
const LAYERS: [(&str, &str); 5] = [
    ("layer 1", "relu1"),
    ("layer 2", "relu2"),
    ("layer 3", "relu3"),
    ("layer 4", "relu4"),
    ("layer 5", "relu5"),
];
/// Maps shown of each layer.
const MAPS: usize = 6;

fn main() -> ExitCode {
    lab::main("zeiler_fergus", "fig4", "How features come about in training", fig4)
}

fn fig4(run: &Run) -> Result<()> {
    let (data, entries) = load_training_data(run)?;
    let ours = entries.iter().find(|entry| entry.row == UNCHANGED[1]).context("the paper's net")?;
    run.stage("train");
    let trained = data.train(run, ours.name, ours.design, &data.longer(), run.seed())?;
    let images = data.central_crops(ours.design)?;
    run.stage("look");
    let epochs = FeatureEvolution::epochs(trained);
    let development = FeatureEvolution::watch(run, &epochs, &LAYERS, &images);
    let mut table = run.table();
    table.caption(&format!("{} training images are shown to {}.", images.dims()[0], ours.name));
    development.record(&mut table);
    run.stage("project");
    run.save_file("evolution.png", development.plate(run, MAPS).png()?);
    run.save_plot("convergence", &development.convergence(run))?;
    run.save_table(&table)
}
