//! Zeiler & Fergus 2013, §5.2, Table 5: Caltech-256 read from the features of a net trained on ImageNet.
//!
//! Claim: with 60 training images of each class the features are better than the best methods before by 19 points.
//!
//! Where Caltech-256 is not at hand, Caltech-101 is shown at the same sizes, under its own name.

use anyhow::Result;
use experiments::zeiler_fergus::{
    Collection, FOLDS_SHARE, FromScratch, LAST, LayerProbe, NO_CALTECH256, OTHERS, PRETRAINED_ROW,
    SCRATCH_ROW, TRAINED_HERE, caltech, per_class,
};
use lab::{Run, Table};
use std::process::ExitCode;
use unit_analysis::Classifier;

/// "15, 30, 45, or 60 training images per class" (§5.2)
const SIZES: [usize; 4] = [15, 30, 45, 60];
/// Caltech-101's classes differ in size: at all sizes those are read that leave some images to test on after the last.
const LEAST: usize = 70;
/// Fewer at smoke size.
const LEAST_AT_SMOKE: usize = 61;
const READER: LayerProbe = LayerProbe { layer: LAST, classifier: Classifier::Softmax };

fn main() -> ExitCode {
    lab::main(
        "zeiler_fergus",
        "table5",
        "Caltech-256 read from the features of a net trained on ImageNet",
        table5,
    )
}

fn table5(run: &Run) -> Result<()> {
    let (caltech101, caltech256) = caltech(run)?;
    let mut table = run.table();
    match &caltech256 {
        Some(caltech256) => read(run, &mut table, PRETRAINED_ROW, caltech256)?,
        None => run.remark("Caltech-256", NO_CALTECH256),
    }
    let least = if run.size() == lab::Size::Smoke { LEAST_AT_SMOKE } else { LEAST };
    let large = caltech101.of_classes_with(least);
    let classes = large.images.classes().len();
    table.caption(&large.scale(run));
    let row = format!("{PRETRAINED_ROW}, the {classes} classes of Caltech-101 with at least {least} images");
    read(run, &mut table, &row, &large)?;
    for n in SIZES {
        match &caltech256 {
            Some(caltech256) => {
                let accuracies = FromScratch::on(run, caltech256)?.accuracies(run, n)?;
                table.mean(SCRATCH_ROW, &per_class(n), &accuracies);
                table.note(SCRATCH_ROW, &per_class(n), TRAINED_HERE);
            }
            None => [PRETRAINED_ROW, SCRATCH_ROW]
                .iter()
                .for_each(|row| table.not_run(row, &per_class(n), NO_CALTECH256)),
        }
        ["Sohn et al. 2011", "Bo et al. 2013"]
            .iter()
            .for_each(|row| table.not_run(row, &per_class(n), OTHERS));
    }
    run.save_table(&table)
}

/// A row of all sizes.
fn read(run: &Run, table: &mut Table, row: &str, collection: &Collection) -> Result<()> {
    for n in SIZES {
        run.stage(&format!("{}, {}", collection.name, per_class(n)));
        table.mean(row, &per_class(n), &collection.accuracies(run, &READER, n)?);
        table.note(row, &per_class(n), FOLDS_SHARE);
    }
    Ok(())
}
