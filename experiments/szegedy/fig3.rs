//! Szegedy et al. 2013, §3, Figs. 3 and 4: the photographs that stimulate a unit most,
//! and those that stimulate a random direction of the same layer most.
//!
//! Claim: the photographs of a row are semantically related in both cases.
//! Unlike the paper, whose photographs are ImageNet's validation images: of these a thousand it is not known that the nets were not trained on them.

use anyhow::{Context, Result};
use core_net::Net;
use datasets::{Broken, ImageFolder, Preprocessing, Resize};
use experiments::szegedy::{Layer, Measure, Related, rows_of_images, seek};
use experiments::zeiler_fergus::{VERSIONS, photographs};
use lab::Run;
use std::process::ExitCode;
use tensor::Tensor;
use unit_analysis::{Likeness, Places};

/// "Class distance": there is one photograph of each class, and classes are numbered as WordNet orders them, kin beside kin.
/// Cosines are those of the other net's scores.
const MEASURES: [Measure; 2] =
    [("class distance", Likeness::label_distance), ("cosine in the other version", Likeness::cosine)];
const LAYERS: [Layer; 7] = [
    Layer { name: "pixels", node: "input", places: Places::Each },
    Layer { name: "fire5, each place", node: "fire5", places: Places::Each },
    Layer { name: "fire5, strongest place", node: "fire5", places: Places::Strongest },
    Layer { name: "fire9, each place", node: "fire9", places: Places::Each },
    Layer { name: "fire9, strongest place", node: "fire9", places: Places::Strongest },
    Layer { name: "conv10, each place", node: "relu10", places: Places::Each },
    Layer { name: "conv10, strongest place", node: "relu10", places: Places::Strongest },
];
/// Images in a batch.
const BATCH: usize = 50;
fn main() -> ExitCode {
    lab::main("szegedy", "fig3", "Photographs that stimulate units, and random directions", fig3)
}

fn fig3(run: &Run) -> Result<()> {
    let images = photographs(run)?;
    let labels =
        images.labels().collect::<Option<Vec<usize>>>().context("expected a label for every image")?;
    let nets = VERSIONS.iter().map(|version| version.net(run)).collect::<Result<Vec<Net>>>()?;
    // What the nets see of an image, as small as it is shown.
    let small =
        Preprocessing { resize: Resize::ShortSide(72), crop: Some([64; 2]), ..Preprocessing::default() };
    let shown = Tensor::cat(&inputs(&images, small)?.collect::<Result<Vec<_>>>()?, 0)?;
    let mut found = Vec::new();
    for (net, version) in nets.iter().zip(&VERSIONS) {
        run.stage(version.name);
        found.push(seek(run, (net, version.name), &LAYERS, inputs(&images, version.preprocessing)?)?);
    }
    let mut table = run.table();
    for (index, version) in VERSIONS.iter().enumerate() {
        let (sought, (_, scores)) = (&found[index].0, &found[1 - index]);
        let likeness = Likeness::of(&labels, scores);
        let random = format!("{}, random images", version.name);
        let mut related = Related::new(run, &mut table, (&random, labels.len()), likeness, &MEASURES)?;
        for sought in sought {
            related.record(run, &mut table, sought)?;
            run.save_plate(&sought.file(), &rows_of_images(run, sought, &shown))?;
        }
        run.save_file(&format!("sets-{}.csv", version.stem), related.into_bytes()?);
    }
    run.save_table(&table)
}

/// The images as an input, some at a time.
fn inputs(
    images: &ImageFolder,
    preprocessing: Preprocessing,
) -> Result<impl Iterator<Item = Result<Tensor>>> {
    let batches = images.batches(BATCH, preprocessing, Broken::Refuse)?;
    Ok(batches.map(|batch| Ok(batch?.images)))
}
