//! Szegedy et al. 2013, §4.2, end: FC100-100-10 trained beside pools of adversarial examples for the output of every layer,
//! a random part of which is continuously replaced; with weight decay alone, with dropout, and with a pool at the input alone for comparison.
//!
//! Claim: pools at every layer bring the test error below 1.2 %, dropout to about 1.3 %, weight decay alone to 1.6 %;
//! it is the pools of the layers' outputs, not those of images, that help.

use anyhow::Result;
use experiments::szegedy::{
    AttackedImages, REGULARIZED, RegularizationResult, digits, errors, record_distortion,
    regularization_page, train_all,
};
use lab::Run;
use std::process::ExitCode;

/// Number of seeds. Unlike the paper, which does not give one: the differences are as small as those among seeds.
const SEEDS: u64 = 3;
/// The hidden layers, at whose outputs the nets are attacked too.
const HIDDEN: [&str; 2] = ["sigmoid1", "sigmoid2"];

fn main() -> ExitCode {
    lab::main(
        "szegedy",
        "adversarial-training",
        "Training beside adversarial examples for every layer's output",
        adversarial_training,
    )
}

fn adversarial_training(run: &Run) -> Result<()> {
    let mut table = run.table();
    let mut results = REGULARIZED.map(|design| RegularizationResult::new(design.name));
    let seeds = run.at_least(SEEDS);
    let [train, test] = digits(run)?;
    for seed in seeds {
        let nets = train_all(run, &REGULARIZED, &[("train", &train); 4], seed)?;
        let attacked = AttackedImages::draw(run, &train, seed);
        let mut shown = Vec::new();
        for ((design, net), results) in REGULARIZED.iter().zip(&nets).zip(&mut results) {
            table.rate(design.name, "test error", errors(net, &test), test.len());
            table.rate(design.name, "train error (%)", errors(net, &train), train.len());
            let found = attacked.attack(run, design.name, net);
            record_distortion(&mut table, design.name, "average minimum distortion", &found);
            for (layer, name) in (1..).zip(HIDDEN) {
                let inner = attacked.attack_at(run, design.name, net, name);
                record_distortion(&mut table, design.name, &format!("at hidden layer {layer}"), &inner);
            }
            results.add((errors(net, &test), test.len()), &found);
            shown.push((design.name, attacked.distorted(&found)));
        }
        for (distorted, images) in &shown {
            for (design, net) in REGULARIZED.iter().zip(&nets) {
                let column =
                    format!("distorted for {} (%)", distorted.trim_start_matches("FC100-100-10 with "));
                let wrong = adversarial::misclassified(net, images, &attacked.labeled.labels);
                table.rate(design.name, &column, wrong, attacked.targets.len());
            }
        }
    }
    for results in &results {
        table.note(results.name, "test error", &results.each_seed());
    }
    run.save_claims(regularization_page(&results));
    run.save_table(&table)
}
