//! Szegedy et al. 2013, §4.1, Fig. 5: correctly classified photographs, the smallest change found with which a net predicts an ostrich, and the changed photographs.
//!
//! Claim: every image can be made an ostrich by a change that nobody sees.
//! Beyond the paper: which other nets misclassify them, also after rounding to bytes or JPEG compression.

use adversarial::{Attack, amplify};
use anyhow::Result;
use core_net::Net;
use experiments::szegedy::{Encoding, OSTRICH, Photographs, images, ostrich_figure, record_distortion};
use experiments::zeiler_fergus::{SampledImages, VERSIONS};
use lab::{Run, Size};
use std::process::ExitCode;
use tensor::DType;

/// Maximum number of images attacked, of other classes, that both nets classify correctly.
const IMAGES: usize = 64;
/// The paper's average distortion for AlexNet.
const PAPERS: f64 = 0.0065;
const ENCODINGS: [Encoding; 3] = [Encoding::AsFound, Encoding::Rounded, Encoding::Jpeg(90)];

fn main() -> ExitCode {
    lab::main("szegedy", "fig5", "Photographs that are read as ostriches", fig5)
}

fn fig5(run: &Run) -> Result<()> {
    let every = run.imagenet_sample()?;
    let labels: Vec<Option<usize>> = every.labels().collect();
    let others: Vec<usize> = (0..every.len()).filter(|&image| labels[image] != Some(OSTRICH)).collect();
    let every = every.select(&others);
    let nets = VERSIONS.iter().map(|version| version.net(run)).collect::<Result<Vec<Net>>>()?;
    run.stage("choose images");
    let wanted = run.limit().unwrap_or(if run.size() == Size::Smoke { 1 } else { IMAGES });
    let photographs = Photographs::new(SampledImages::draw(run, &nets, &every, wanted)?, &nets)?;
    let mut table = run.table();
    table.not_run("AlexNet on ImageNet", "average distortion", "its authors published no weights");
    for (version, net) in VERSIONS.iter().enumerate() {
        let found = photographs.attack(run, version, &attack(run))?;
        let reached = found.iter().filter(|outcome| outcome.is_found()).count();
        table.rate(net.name, "success", reached, found.len());
        record_distortion(&mut table, net.name, "average distortion", &found);
        let evaluations: Vec<f64> =
            found.iter().map(|outcome| outcome.attempt().evaluations as f64).collect();
        table.mean(net.name, "evaluations", &evaluations);
        let distorted = images(&found, photographs.pixels.dims());
        let original = photographs.pixels.to_dtype(DType::F64)?;
        let amplified = amplify(&distorted.to_dtype(DType::F64)?, &original, PAPERS);
        ostrich_figure(run, &photographs, version, &found)?;
        for (strength, images) in [("smallest", &distorted), ("amplified to 0.0065", &amplified)] {
            for encoding in ENCODINGS {
                let row = format!("{}, {strength}, {}", net.name, encoding.name());
                photographs.record(&mut table, &row, &encoding.apply(images)?);
            }
        }
    }
    for encoding in ENCODINGS {
        photographs.record(
            &mut table,
            &format!("photographs, {}", encoding.name()),
            &encoding.apply(&photographs.pixels)?,
        );
    }
    run.save_table(&table)
}

/// At smoke size the first c that reaches the target is good enough, and few are tried.
fn attack(run: &Run) -> Attack {
    let attack = Attack::for_photographs();
    if run.size() == Size::Smoke { Attack { most_growths: 2, ratio: 4.0, ..attack } } else { attack }
}
