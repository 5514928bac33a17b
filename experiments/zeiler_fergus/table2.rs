//! Zeiler & Fergus 2013, §4.1, Table 2: AlexNet, the paper's net and its wider sister, alone and together.
//!
//! Claim: the net with the finer first layer misclassifies fewer images than AlexNet, the wider one fewer still, and an ensemble the fewest.

use anyhow::Result;
use core_net::Net;
use core_net::zoo::Ablation;
use experiments::zeiler_fergus::{
    Entry, LearningCurve, OTHER_GROUPS, UNCHANGED, WIDER, learning_curves, load_training_data,
};
use lab::{Run, Size, TrainedNet};
use std::process::ExitCode;
use training::Recipe;

const ALEXNET: &str = "Our replication of Krizhevsky 2012, 1 convnet";
const ONE: &str = "1 convnet as per Fig. 3";
const FIVE: &str = "5 convnets as per Fig. 3 - (a)";
const WIDE: &str = "1 convnet as per Fig. 3, layers 3,4,5: 512,1024,512 - (b)";
const SIX: &str = "6 convnets, (a) & (b) combined";

/// Rows that the paper does not have: both nets after longer training, as in the figures.
const LONGER: [&str; 2] =
    ["Our replication of Krizhevsky 2012, trained longer", "1 convnet as per Fig. 3, trained longer"];

/// Nets of row (a): "5 convnets".
const TOGETHER: u64 = 5;

fn main() -> ExitCode {
    lab::main("zeiler_fergus", "table2", "Nets alone and together", table2)
}

fn table2(run: &Run) -> Result<()> {
    let (data, entries) = load_training_data(run)?;
    let (recipe, longer) = (data.recipe(), data.longer());
    let by = |wanted: &dyn Fn(&Entry) -> bool| *entries.iter().find(|entry| wanted(entry)).expect("an entry");
    let [alexnet, ours] = UNCHANGED.map(|row| by(&|entry| entry.row == row));
    let wider = by(&|entry| entry.name == WIDER);
    let mut curves = vec![];
    let mut train = |entry: Entry, recipe: &Recipe, seed: u64| -> Result<(Net, Ablation)> {
        run.stage(entry.name);
        let TrainedNet { net, epochs, .. } = data.train(run, entry.name, entry.design, recipe, seed)?;
        curves.push(LearningCurve { name: entry.name, seed, epochs });
        Ok((net, entry.design))
    };
    let together = if run.size() == Size::Smoke { 2 } else { TOGETHER };
    let replication = train(alexnet, &recipe, run.seed())?;
    let mut nets = (0..together).map(|i| train(ours, &recipe, run.seed() + i)).collect::<Result<Vec<_>>>()?;
    nets.push(train(wider, &recipe, run.seed())?);
    let [alexnet, ours] = [train(alexnet, &longer, run.seed())?, train(ours, &longer, run.seed())?];
    run.stage("validate");
    let all: Vec<(&Net, Ablation)> = nets.iter().map(|(net, design)| (net, *design)).collect();
    let (wide, five) = all.split_last().expect("nets");
    let rows = [
        (ALEXNET, vec![(&replication.0, replication.1)]),
        (ONE, vec![five[0]]),
        (FIVE, five.to_vec()),
        (WIDE, vec![*wide]),
        (SIX, all.clone()),
        (LONGER[0], vec![(&alexnet.0, alexnet.1)]),
        (LONGER[1], vec![(&ours.0, ours.1)]),
    ];
    let mut table = run.table();
    for (row, nets) in rows {
        let validation = data.validate(run, &nets)?;
        table.rate(row, "val top1 err", validation.top1, validation.n);
        table.rate(row, "val top5 err", validation.top5, validation.n);
    }
    for (row, column) in OTHER_GROUPS {
        table.not_run(row, column, "another group's nets");
    }
    for row in [FIVE, WIDE, SIX] {
        table.not_run(row, "test top5 err", "the labels of the test images are not public");
    }
    let more = format!("at most {} epochs instead of {}", longer.epochs, recipe.epochs);
    LONGER.iter().for_each(|row| table.note(row, "val top1 err", &more));
    table.caption(&data.scale(&curves));
    learning_curves(run, &curves)?;
    run.save_table(&table)
}
