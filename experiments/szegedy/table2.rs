//! Szegedy et al. 2013, §4.2, Table 2: the images distorted for one net shown to the five others, and images under Gaussian noise.
//!
//! Claim: many of them are misclassified by nets of other depths and weight decays, at distortions at which noise hardly harms.

use adversarial::{distortions, gaussian_noise, misclassified};
use anyhow::Result;
use experiments::szegedy::{AttackedImages, TABLE1, digits, record_distortion, train_all};
use lab::Run;
use std::process::ExitCode;

/// The paper's noise rows, not clipped to [0, 1]: clipping raises the errors several times.
const NOISE: [(&str, f64); 2] = [("Gaussian noise, stddev=0.1", 0.1), ("Gaussian noise, stddev=0.3", 0.3)];

fn main() -> ExitCode {
    lab::main("szegedy", "table2", "Errors that one net's adversarial examples induce on five others", table2)
}

fn table2(run: &Run) -> Result<()> {
    let [train, _] = digits(run)?;
    let mut table = run.table();
    for seed in run.seeds() {
        let nets = train_all(run, &TABLE1, &[("train", &train); 6], seed)?;
        let attacked = AttackedImages::draw(run, &train, seed);
        let mut shown = Vec::new();
        for (design, net) in TABLE1.iter().zip(&nets) {
            let found = attacked.attack(run, design.name, net);
            record_distortion(&mut table, design.name, "average distortion", &found);
            shown.push((design.name, attacked.distorted(&found)));
        }
        for (row, deviation) in NOISE {
            let noisy = gaussian_noise(&attacked.labeled.images, deviation, seed);
            table.mean(row, "average distortion", &distortions(&noisy, &attacked.labeled.images));
            shown.push((row, noisy));
        }
        for (row, images) in &shown {
            for (design, net) in TABLE1.iter().zip(&nets) {
                let errors = misclassified(net, images, &attacked.labeled.labels);
                table.rate(row, design.name, errors, attacked.targets.len());
            }
        }
    }
    run.save_table(&table)
}
