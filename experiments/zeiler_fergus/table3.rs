//! Zeiler & Fergus 2013, §4.4, Table 3: nets of other widths or without some layers, trained by the paper's recipe.
//!
//! Claim: taking out the two middle convolutional layers or the two dense ones costs something, taking out all four costs much more;
//! other widths of the dense layers change little, and more maps in the middle help.

use anyhow::Result;
use experiments::zeiler_fergus::{
    LearningCurve, SeedErrors, learning_curves, load_training_data, page_on_ablations,
};
use lab::Run;
use std::process::ExitCode;

fn main() -> ExitCode {
    lab::main("zeiler_fergus", "table3", "What each layer of a net is worth", table3)
}

fn table3(run: &Run) -> Result<()> {
    let (data, entries) = load_training_data(run)?;
    let recipe = data.recipe();
    let mut table = run.table();
    let all = run.at_least(3);
    let (mut curves, mut errors) = (vec![], vec![]);
    for entry in entries {
        run.stage(entry.name);
        let mut seeds = vec![];
        for &seed in entry.seeds(run.size(), &all) {
            let trained = data.train(run, entry.name, entry.design, &recipe, seed)?;
            let training = data.training_errors(&trained.net, entry.design)?;
            table.rate(entry.row, "train top-1", training.top1, training.n);
            let validation = data.validate(run, &[(&trained.net, entry.design)])?;
            table.rate(entry.row, "val top-1", validation.top1, validation.n);
            table.rate(entry.row, "val top-5", validation.top5, validation.n);
            curves.push(LearningCurve { name: entry.name, seed, epochs: trained.epochs });
            seeds.push(validation);
        }
        errors.push(SeedErrors { row: entry.row, seeds });
    }
    run.save_claims(page_on_ablations(&errors));
    table.caption(&data.scale(&curves));
    learning_curves(run, &curves)?;
    run.save_table(&table)
}
