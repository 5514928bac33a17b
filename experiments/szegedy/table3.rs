//! Szegedy et al. 2013, §4.2, Table 3: three nets trained on two disjoint halves P1 and P2 of the training images.
//!
//! Claim: nets of either half make as many errors on unseen images, and have the same minimum distortion.

use anyhow::Result;
use experiments::szegedy::{AttackedImages, TABLE3, digits, errors, halves, record_distortion, train_all};
use lab::Run;
use std::process::ExitCode;

const ROWS: [&str; 3] =
    ["FC100-100-10 trained on P1", "FC123-456-10 trained on P1", "FC100-100-10' trained on P2"];

fn main() -> ExitCode {
    lab::main(
        "szegedy",
        "table3",
        "Errors and smallest distortions of nets trained on two halves of MNIST",
        table3,
    )
}

fn table3(run: &Run) -> Result<()> {
    let [train, test] = digits(run)?;
    let mut table = run.table();
    for seed in run.seeds() {
        let [p1, p2] = &halves(&train, seed);
        let nets = train_all(run, &TABLE3, &[("P1", p1), ("P1", p1), ("P2", p2)], seed)?;
        let attacked = AttackedImages::draw(run, &test, seed);
        for (row, net) in ROWS.iter().zip(&nets) {
            for (column, set) in [("error on P1", p1), ("error on P2", p2), ("error on test", &test)] {
                table.rate(row, column, errors(net, set), set.len());
            }
            record_distortion(&mut table, row, "average minimum distortion", &attacked.attack(run, row, net));
        }
    }
    run.save_table(&table)
}
