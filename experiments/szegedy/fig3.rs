//! Szegedy et al. 2013, §3, Figs. 3 and 4: the photographs that stimulate a unit most,
//! and those that stimulate a random direction of the same layer most.
//!
//! Claim: the photographs of a row are semantically related in both cases.
//! Unlike the paper, whose photographs are ImageNet's validation images: of these thousand it is not known that the nets were not trained on them.

use anyhow::{Context, Result};
use core_net::Net;
use datasets::{BrokenImages, ImageFolder, Preprocessing, Resize};
use experiments::szegedy::{Layer, Measure, Sampling, SimilarityTable, rows_of_images, top_stimuli};
use experiments::zeiler_fergus::{UNTRAINED, VERSIONS, Version, photographs};
use lab::Run;
use std::process::ExitCode;
use tensor::Tensor;
use unit_analysis::{Similarity, SpatialPooling};

const MEASURES: [Measure; 2] =
    [("purity (animals or not)", Similarity::purity), ("cosine", Similarity::cosine)];
/// There is one photograph of each class; this many classes, the first in the order of the synsets, are animals.
const ANIMALS: usize = 398;
const STRONGEST: [Layer; 3] = [
    Layer { name: "fire5", node: "fire5", pooling: SpatialPooling::Max },
    Layer { name: "fire9", node: "fire9", pooling: SpatialPooling::Max },
    Layer { name: "conv10", node: "relu10", pooling: SpatialPooling::Max },
];
const PIXELS: Layer = Layer { name: "pixels", node: "input", pooling: SpatialPooling::Flatten };
const FIRE9: Layer = Layer { name: "fire9, each place", node: "fire9", pooling: SpatialPooling::Flatten };
/// Each with the number of the net whose scores say how alike photographs are; the last for comparison, since nothing in it was learned.
const NETS: [(Version, &[Layer], usize); 3] = [
    (VERSIONS[0], &[STRONGEST[0], STRONGEST[1], FIRE9, STRONGEST[2]], 1),
    (VERSIONS[1], &[STRONGEST[0], STRONGEST[1], FIRE9, STRONGEST[2]], 0),
    (UNTRAINED, &[PIXELS, STRONGEST[1], FIRE9], 1),
];
/// Images in a batch.
const BATCH: usize = 50;

fn main() -> ExitCode {
    lab::main("szegedy", "fig3", "Photographs that stimulate units, and random directions", fig3)
}

fn fig3(run: &Run) -> Result<()> {
    let images = photographs(run)?;
    let animal = |label: Option<usize>| Some(usize::from(label? < ANIMALS));
    let animals = images.labels().map(animal).collect::<Option<Vec<usize>>>();
    let animals = animals.context("expected a label for every image")?;
    // What the nets see of an image, as small as it is shown.
    let small =
        Preprocessing { resize: Resize::ShortSide(72), crop: Some([64; 2]), ..Preprocessing::default() };
    let shown = Tensor::cat(&inputs(run, &images, small)?.collect::<Result<Vec<_>>>()?, 0)?;
    let nets = NETS.iter().map(|(version, ..)| version.net(run)).collect::<Result<Vec<Net>>>()?;
    let (draw, mut table) = (Sampling::new(run), run.table());
    let mut found = Vec::new();
    for (net, (version, layers, _)) in nets.iter().zip(&NETS) {
        run.stage(version.name);
        found.push(top_stimuli(
            (net, version.name),
            layers,
            draw,
            inputs(run, &images, version.preprocessing)?,
        )?);
    }
    run.stage("compare");
    for ((stimuli, _), (version, _, yardstick)) in found.iter().zip(&NETS) {
        let similarity = Similarity::new(&animals, &found[*yardstick].1);
        let random = format!("{}, random images", version.name);
        let mut similarities = SimilarityTable::new(draw, &mut table, &random, similarity, &MEASURES)?;
        for stimuli in stimuli {
            similarities.record(&mut table, stimuli)?;
            run.save_file(&stimuli.file(), rows_of_images(run, stimuli, &shown).png()?);
        }
        run.save_file(&format!("sets-{}.csv", version.stem), similarities.into_bytes()?);
    }
    run.save_table(&table)
}

/// The images as an input, some at a time.
fn inputs(
    run: &Run,
    images: &ImageFolder,
    preprocessing: Preprocessing,
) -> Result<impl Iterator<Item = Result<Tensor>>> {
    let batches = images.batches(run.batch(BATCH), preprocessing, BrokenImages::Refuse)?;
    Ok(batches.map(|batch| Ok(batch?.images)))
}
