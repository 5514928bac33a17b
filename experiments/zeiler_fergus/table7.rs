//! Zeiler & Fergus 2013, §5.3, Table 7: a linear classifier on the features of each layer of a trained net.
//!
//! Claim: the features become more discriminative from layer to layer, and those of the last layers are the best.

use anyhow::Result;
use experiments::zeiler_fergus::{
    Collection, FOLDS_SHARE, LAYERS, LayerProbe, NO_CALTECH256, PAPERS_LAYERS, caltech,
};
use lab::{Run, Table};
use std::process::ExitCode;
use unit_analysis::Classifier;

fn main() -> ExitCode {
    lab::main("zeiler_fergus", "table7", "A linear classifier on the features of each layer", table7)
}

fn table7(run: &Run) -> Result<()> {
    let (caltech101, caltech256) = caltech(run)?;
    let mut table = run.table();
    table.caption(&caltech101.scale(run));
    read(run, &mut table, &caltech101, 30)?;
    if let Some(caltech256) = &caltech256 {
        read(run, &mut table, caltech256, 60)?;
    } else {
        run.remark("Caltech-256", NO_CALTECH256);
        let rows = PAPERS_LAYERS.iter().map(|(row, ..)| row);
        rows.for_each(|row| table.not_run(row, "Caltech-256, 60 per class", NO_CALTECH256));
    }
    run.save_table(&table)
}

/// A column: the layers that stand for the paper's, and then every layer under its own name.
fn read(run: &Run, table: &mut Table, collection: &Collection, n: usize) -> Result<()> {
    let column = format!("{}, {n} per class", collection.name);
    run.stage(&column);
    let progress = run.progress(&column, LAYERS.len() + 2);
    let accuracies = |layer, classifier| {
        progress.inc(1);
        collection.accuracies(run, &LayerProbe { layer, classifier }, n)
    };
    for layer in LAYERS {
        let found = accuracies(layer, Classifier::Svm)?;
        let papers = PAPERS_LAYERS.iter().filter(|(row, of, _)| *of == layer && row.starts_with("SVM"));
        let rows = papers.map(|(row, ..)| (*row).to_owned()).chain([format!("SVM, {layer}")]);
        for row in rows {
            table.mean(&row, &column, &found);
            table.note(&row, &column, FOLDS_SHARE);
        }
    }
    for (row, layer, classifier) in PAPERS_LAYERS {
        if classifier == Classifier::Softmax {
            table.mean(row, &column, &accuracies(layer, classifier)?);
            table.note(row, &column, FOLDS_SHARE);
        }
        table.note(row, &column, &format!("read from {layer}"));
    }
    Ok(())
}
