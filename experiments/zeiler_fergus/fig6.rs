//! Zeiler & Fergus 2013, §4.1, Fig. 6: the first two layers of AlexNet and of the paper's net, whose first filters are smaller and move in smaller steps.
//!
//! Claim: AlexNet's first layer is "a mix of extremely high and low frequency information, with little coverage of the mid frequencies",
//! and its second shows "aliasing artifacts caused by the large stride"; smaller filters in smaller steps have fewer dead features and neither fault.

use anyhow::{Context, Result};
use experiments::Contrast;
use experiments::zeiler_fergus::{FirstLayers, UNCHANGED, load_training_data, record_power};
use figures::ImageGrid;
use lab::Run;
use std::process::ExitCode;
use unit_analysis::filters::Spectrum;

const FILTERS: ImageGrid = ImageGrid { columns: 1, side: 48 };
const PROJECTIONS: ImageGrid = ImageGrid { columns: 1, side: 64 };

fn main() -> ExitCode {
    lab::main("zeiler_fergus", "fig6", "The first layers of two nets", fig6)
}

fn fig6(run: &Run) -> Result<()> {
    let (data, entries) = load_training_data(run)?;
    let (recipe, mut table) = (data.longer(), run.table());
    let [mut filters, mut in_common, mut second] = [(); 3].map(|()| vec![]);
    for row in UNCHANGED {
        let entry = entries.iter().find(|entry| entry.row == row).context("an entry of the table")?;
        run.stage(entry.name);
        let trained = data.train(run, entry.name, entry.design, &recipe, run.seed())?;
        let images = data.central_crops(entry.design)?;
        let anatomy = FirstLayers::look(run, entry.name, &trained.net, &images);
        anatomy.record(&mut table, recipe.filter_radius);
        filters.push(anatomy.filters(Contrast::Own));
        in_common.push(anatomy.filters(Contrast::Common));
        second.push(anatomy.second_layer());
        // What training has to do with it: the same before it.
        let untrained = data.untrained(entry.design, run.seed())?;
        let name = format!("{} before training", entry.name);
        FirstLayers::look(run, &name, &untrained, &images).record(&mut table, recipe.filter_radius);
        table.caption(&format!("{} training images are shown to {}.", images.dims()[0], entry.name));
    }
    record_power(&mut table, "all frequencies alike", &[Spectrum::even()]);
    for (name, sheet, [alexnet, ours]) in [
        ("layer1.png", FILTERS, both(&filters)?),
        ("layer1-common-scale.png", FILTERS, both(&in_common)?),
        ("layer2.png", PROJECTIONS, both(&second)?),
    ] {
        run.save_file(name, sheet.png(alexnet, ours)?);
    }
    run.save_table(&table)
}

/// AlexNet's pictures, and the paper's net's.
fn both<T>(pictures: &[T]) -> Result<[&[T]; 2]> {
    let (alexnet, ours) = pictures.split_at_checked(1).context("pictures of two nets")?;
    Ok([alexnet, ours])
}
