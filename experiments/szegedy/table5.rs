//! Szegedy et al. 2013, §4.3, Table 5: how far each layer of AlexNet can stretch a change of its input, by its operator norm.
//!
//! Claim: trained layers have norms above 1, so nothing forbids small changes to grow on their way through the net.
//! Beyond the paper: the bound of whole nets, and the largest gains of real images, for random and adversarial changes.

use anyhow::Result;
use core_net::Net;
use datasets::BrokenImages;
use experiments::szegedy::{
    LENET, LayerNorms, PerturbationCounts, TABLE1, alexnet, digits, lipschitz_gain, norms_figure,
    record_gain, train_all,
};
use experiments::zeiler_fergus::{VERSIONS, photographs};
use lab::{Run, Size, Table};
use std::process::ExitCode;
use tensor::DType;

const ROWS: [&str; 8] = ["Conv. 1", "Conv. 2", "Conv. 3", "Conv. 4", "Conv. 5", "FC. 1", "FC. 2", "FC. 3"];
const COLUMNS: [&str; 3] = ["size", "stride", "upper bound"];
/// Photographs that are in memory at a time.
const BATCH: usize = 16;
/// 100,000 changes of digits.
const DIGITS: PerturbationCounts = PerturbationCounts {
    images: 1000,
    lengths: &[1e-3, 1e-2, 0.1, 0.3, 1.0],
    random: 10,
    adversarial_steps: 10,
};
/// 10,000 changes of photographs; 100,000 at full size.
const PHOTOGRAPHS: PerturbationCounts =
    PerturbationCounts { images: 500, lengths: &[1e-2, 0.3], random: 4, adversarial_steps: 6 };
const PHOTOGRAPHS_AT_FULL: PerturbationCounts =
    PerturbationCounts { images: 1000, random: 20, adversarial_steps: 30, ..PHOTOGRAPHS };

fn main() -> ExitCode {
    lab::main("szegedy", "table5", "How far layers and nets can stretch a change of the image", table5)
}

fn table5(run: &Run) -> Result<()> {
    let (mut table, mut lines) = (run.table(), csv::Writer::from_writer(Vec::new()));
    lines.write_record(LayerNorms::COLUMNS)?;
    let [train, test] = digits(run)?;
    let design = [&TABLE1[..], &[LENET]].concat();
    let nets = train_all(run, &design, &[("train", &train); 7], run.seed())?;
    let images = test.select(&DIGITS.images(run, test.len())).images.to_dtype(DType::F64)?;
    for (design, net) in design.iter().zip(&nets) {
        let norms = LayerNorms::new(run, design.name, net);
        norms.write(&mut lines)?;
        let net = net.to_dtype(DType::F64);
        let gain = lipschitz_gain(
            run,
            (design.name, &net),
            ([Ok(images.clone())], images.dims()[0]),
            &DIGITS.perturbations(run),
        )?;
        record_gain(&mut table, design.name, norms.bound(), gain)?;
    }
    let images = photographs(run)?;
    let changes = if run.size() == Size::Full { PHOTOGRAPHS_AT_FULL } else { PHOTOGRAPHS };
    let images = images.select(&changes.images(run, images.len()));
    let versions = if run.size() == Size::Smoke { &VERSIONS[1..] } else { &VERSIONS };
    let nets = versions.iter().map(|version| version.net(run)).collect::<Result<Vec<Net>>>()?;
    let norms = versions.iter().zip(&nets).map(|(version, net)| LayerNorms::new(run, version.name, net));
    let norms: Vec<LayerNorms> = norms.collect();
    for ((version, net), norms) in versions.iter().zip(&nets).zip(&norms) {
        norms.write(&mut lines)?;
        let batches = images.batches(run.batch(BATCH), version.preprocessing, BrokenImages::Refuse)?;
        let batches = batches.map(|batch| Ok(batch?.images));
        let gain =
            lipschitz_gain(run, (version.name, net), (batches, images.len()), &changes.perturbations(run))?;
        record_gain(&mut table, version.name, norms.bound(), gain)?;
    }
    record_alexnet(run, &mut table, &mut lines)?;
    run.save_plot("norms", &norms_figure(&norms))?;
    run.save_file("norms.csv", lines.into_inner()?);
    run.save_table(&table)
}

/// The paper's rows, from the weights of AlexNet that the user gives.
fn record_alexnet(run: &Run, table: &mut Table, lines: &mut csv::Writer<Vec<u8>>) -> Result<()> {
    let Some((name, net)) = alexnet(run)? else {
        let why = "no trained AlexNet in the data folder";
        let cells = ROWS.iter().flat_map(|row| COLUMNS.map(|column| (row, column)));
        cells.for_each(|(row, column)| table.not_run(row, column, why));
        return Ok(());
    };
    let norms = LayerNorms::new(run, name, &net);
    norms.record(table, &ROWS);
    norms.write(lines)
}
