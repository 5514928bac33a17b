//! Szegedy et al. 2013, §3, Figs. 1 and 2: the digits of the test set that stimulate a unit most,
//! and those that stimulate a random direction of the same layer most.
//!
//! Claim: in both cases the digits of a row share many high-level similarities, so the natural basis is no better than a random one for looking into φ(x).

use anyhow::Result;
use experiments::szegedy::{
    LENET, Layer, Measure, NetDesign, Sampling, SimilarityTable, TABLE1, digits, rows_of_images, top_stimuli,
    train_all,
};
use lab::Run;
use std::process::ExitCode;
use unit_analysis::{Similarity, SpatialPooling};

/// FC100-100-10, AE400-10, LeNet; and FC200-200-10, whose features say how alike digits are.
const NETS: [NetDesign; 4] = [TABLE1[3], TABLE1[5], LENET, TABLE1[4]];
/// Of the net that is not looked into, the last hidden layer.
const YARDSTICK: &str = "sigmoid2";
const MEASURES: [Measure; 2] = [("label purity", Similarity::purity), ("cosine", Similarity::cosine)];

/// By net; pixels are no layer of one, and show how alike digits are that are found without any.
const LAYERS: [&[Layer]; 3] = [
    &[
        Layer { name: "pixels", node: "input", pooling: SpatialPooling::Flatten },
        Layer { name: "hidden 1", node: "sigmoid1", pooling: SpatialPooling::Flatten },
        Layer { name: "hidden 2", node: "sigmoid2", pooling: SpatialPooling::Flatten },
    ],
    &[Layer { name: "code", node: "sigmoid1", pooling: SpatialPooling::Flatten }],
    &[
        Layer { name: "pool2, each place", node: "pool2", pooling: SpatialPooling::Flatten },
        Layer { name: "fc1", node: "relu3", pooling: SpatialPooling::Flatten },
    ],
];
/// Images in a batch.
const BATCH: usize = 1000;

fn main() -> ExitCode {
    lab::main("szegedy", "fig1", "Digits that stimulate units, and random directions", fig1)
}

fn fig1(run: &Run) -> Result<()> {
    let [train, test] = digits(run)?;
    let nets = train_all(run, &NETS, &[("train", &train); 4], run.seed())?;
    let n = run.limit().unwrap_or(test.len()).min(test.len());
    let images = test.images.narrow(0, 0, n)?;
    let batch = run.batch(BATCH);
    let yardstick = nets[3].up_to(nets[3].index_of(YARDSTICK).expect("a node of the net"));
    let similarity = Similarity::new(&test.labels[..n], &yardstick.output_of(&images));
    let (draw, mut table) = (Sampling::new(run), run.table());
    let mut similarities = SimilarityTable::new(draw, &mut table, "random images", similarity, &MEASURES)?;
    for ((net, design), layers) in nets.iter().zip(&NETS).zip(LAYERS) {
        run.stage(design.name);
        let batches = (0..n).step_by(batch).map(|from| Ok(images.narrow(0, from, batch.min(n - from))?));
        let (stimuli, _) = top_stimuli((net, design.name), layers, draw, batches)?;
        for stimuli in &stimuli {
            similarities.record(&mut table, stimuli)?;
            run.save_file(&stimuli.file(), rows_of_images(run, stimuli, &images).png()?);
        }
    }
    run.save_file("sets.csv", similarities.into_bytes()?);
    run.save_table(&table)
}
