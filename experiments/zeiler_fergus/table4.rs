//! Zeiler & Fergus 2013, §5.2, Table 4: Caltech-101 read from the features of a net trained on ImageNet,
//! beside a net of the same kind trained on Caltech-101 alone.
//!
//! Claim: the features of the upper layers generalize to other classes; a softmax on them is better than the best methods before,
//! while a net trained from scratch on so few images does poorly.

use anyhow::Result;
use experiments::zeiler_fergus::{
    FOLDS_SHARE, FromScratch, LAST, LayerProbe, OTHERS, PRETRAINED_ROW, SCRATCH_ROW, TRAINED_HERE, caltech,
    per_class,
};
use lab::Run;
use std::process::ExitCode;
use unit_analysis::Classifier;

/// "15 or 30 images per class" (§5.2)
const SIZES: [usize; 2] = [15, 30];

fn main() -> ExitCode {
    lab::main(
        "zeiler_fergus",
        "table4",
        "Caltech-101 read from the features of a net trained on ImageNet",
        table4,
    )
}

fn table4(run: &Run) -> Result<()> {
    let (caltech101, _) = caltech(run)?;
    let from_scratch = FromScratch::on(run, &caltech101)?;
    let mut table = run.table();
    table.caption(&caltech101.scale(run));
    for n in SIZES {
        run.stage(&per_class(n));
        for (row, classifier) in
            [(PRETRAINED_ROW, Classifier::Softmax), ("ImageNet-pretrained convnet, SVM", Classifier::Svm)]
        {
            let layer_probe = LayerProbe { layer: LAST, classifier };
            table.mean(row, &per_class(n), &caltech101.accuracies(run, &layer_probe, n)?);
            table.note(row, &per_class(n), FOLDS_SHARE);
        }
        table.mean(SCRATCH_ROW, &per_class(n), &from_scratch.accuracies(run, n)?);
        table.note(SCRATCH_ROW, &per_class(n), TRAINED_HERE);
        table.not_run("Jianchao et al. 2009", &per_class(n), OTHERS);
    }
    table.not_run("Bo et al. 2013", "30 per class", OTHERS);
    run.save_table(&table)
}
