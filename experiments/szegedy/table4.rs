//! Szegedy et al. 2013, §4.2, Table 4: images distorted for a net of one half of the training images shown to nets
//! of the other half; the same amplified; and images under Gaussian noise.
//!
//! Claim: a net misclassifies images that were distorted for a net of another architecture and other training images.

use adversarial::{amplify, gaussian_noise, misclassified};
use anyhow::Result;
use experiments::szegedy::{AttackedImages, TABLE3, digits, halves, train_all};
use lab::Run;
use std::process::ExitCode;

/// The paper's rows: as found, and amplified.
const ROWS: [[&str; 2]; 3] = [
    ["Distorted for FC100-100-10 (av. stddev=0.062)", "Distorted for FC100-100-10 amplified to stddev=0.1"],
    ["Distorted for FC123-456-10 (av. stddev=0.059)", "Distorted for FC123-456-10 amplified to stddev=0.1"],
    ["Distorted for FC100-100-10' (av. stddev=0.058)", "Distorted for FC100-100-10' amplified to stddev=0.1"],
];
const NOISE: [(&str, f64); 2] =
    [("Gaussian noise with stddev=0.06", 0.06), ("Gaussian noise with stddev=0.1", 0.1)];
/// To this distortion the images are amplified, and only upward: those beyond it stay.
const AMPLIFIED: f64 = 0.1;

fn main() -> ExitCode {
    lab::main("szegedy", "table4", "Errors that adversarial examples induce across training sets", table4)
}

fn table4(run: &Run) -> Result<()> {
    let [train, test] = digits(run)?;
    let mut table = run.table();
    for seed in run.seeds() {
        let [p1, p2] = &halves(&train, seed);
        let nets = train_all(run, &TABLE3, &[("P1", p1), ("P1", p1), ("P2", p2)], seed)?;
        let attacked = AttackedImages::draw(run, &test, seed);
        let originals = attacked.originals();
        let mut shown = Vec::new();
        for ((design, net), [plain, amplified]) in TABLE3.iter().zip(&nets).zip(ROWS) {
            let distorted = attacked.distorted(&attacked.attack(run, design.name, net));
            shown.push((amplified, amplify(&distorted, &originals, AMPLIFIED)));
            shown.push((plain, distorted));
        }
        shown.extend(NOISE.map(|(row, deviation)| (row, gaussian_noise(&originals, deviation, seed))));
        for (row, images) in &shown {
            for (design, net) in TABLE3.iter().zip(&nets) {
                let errors = misclassified(net, images, &attacked.labeled.labels);
                table.rate(row, design.name, errors, attacked.targets.len());
            }
        }
    }
    run.save_table(&table)
}
