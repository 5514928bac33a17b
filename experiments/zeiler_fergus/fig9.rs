//! Zeiler & Fergus 2013, §5.2, Fig. 9: accuracy against the number of training images of each class.
//!
//! Claim: six training images of each class of Caltech-256 are enough to pass the best method before, which had ten times as many.
//! Caltech-101 is shown beside it, and alone where Caltech-256 is not at hand: its best method before is that of Table 4 with 30 images.

use anyhow::Result;
use experiments::zeiler_fergus::{
    Collection, FOLDS_SHARE, LAST, LayerProbe, NO_CALTECH256, PRETRAINED_ROW, caltech, per_class,
};
use figures::{Axis, Chart, Line, Plot, Scale};
use lab::{Run, Size, Table};
use std::process::ExitCode;
use unit_analysis::Classifier;

/// Training images of each class; on Caltech-101 those below 31, of which one class has no more.
const SIZES: [usize; 13] = [1, 2, 3, 4, 6, 8, 10, 15, 20, 25, 30, 45, 60];
const MOST_OF_CALTECH101: usize = 30;
const SMOKE: [usize; 3] = [1, 2, 6];
/// The best method before: Jianchao et al. 2009 (Table 4), Bo et al. 2013 (Table 5), in %.
const BEFORE: [f64; 2] = [84.3, 55.2];
const READER: LayerProbe = LayerProbe { layer: LAST, classifier: Classifier::Softmax };
const PANEL: [usize; 2] = [460, 620];

fn main() -> ExitCode {
    lab::main("zeiler_fergus", "fig9", "Accuracy against the number of training images", fig9)
}

fn fig9(run: &Run) -> Result<()> {
    let (caltech101, caltech256) = caltech(run)?;
    let mut table = run.table();
    table.caption(&caltech101.scale(run));
    let mut charts = vec![curve(run, &mut table, &caltech101, MOST_OF_CALTECH101, BEFORE[0])?];
    match &caltech256 {
        Some(caltech256) => charts.push(curve(run, &mut table, caltech256, usize::MAX, BEFORE[1])?),
        None => run.remark("Caltech-256", NO_CALTECH256),
    }
    let legend = vec![format!("{PRETRAINED_ROW}, with its 95 % interval over the folds")];
    run.save_plot("accuracy", &Plot { columns: charts.len(), panel: PANEL, legend, charts })?;
    run.save_table(&table)
}

/// The accuracy of a collection at every size, in the table and as a chart.
fn curve(run: &Run, table: &mut Table, collection: &Collection, most: usize, before: f64) -> Result<Chart> {
    run.stage(collection.name);
    let sizes: &[usize] = if run.size() == Size::Smoke { &SMOKE } else { &SIZES };
    let sizes: Vec<usize> = sizes.iter().copied().filter(|n| *n <= most).collect();
    let progress = run.progress(collection.name, sizes.len());
    let row = format!("{PRETRAINED_ROW}, {}", collection.name);
    let mut curve = vec![];
    for &n in &sizes {
        let found = collection.accuracies(run, &READER, n)?;
        table.mean(&row, &per_class(n), &found);
        table.note(&row, &per_class(n), FOLDS_SHARE);
        curve.push((n as f64, found));
        progress.inc(1);
    }
    let line = Line::from_means(0, &curve, run.seed());
    let enough = line.points.iter().find(|[_, mean]| *mean > before);
    let enough = enough.map_or("no number of these".to_owned(), |[n, _]| format!("{n}"));
    let sentence =
        format!("{enough} training images of each class pass the {before} % of the best method before");
    run.remark(collection.name, &sentence);
    let axis = |name: &str, range| Axis { name: name.into(), scale: Scale::Linear, range };
    Ok(Chart {
        title: format!("{} (dashed: the best method before)", collection.name),
        x: axis("training images of each class", None),
        y: axis("mean accuracy of the classes (%)", Some([0.0, 100.0])),
        lines: vec![line],
        level: Some(before),
    })
}
