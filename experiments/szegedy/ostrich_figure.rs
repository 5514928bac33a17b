//! Fig. 5: photographs, the changes added, and the sums that a net classifies as ostriches; and a CSV file of all.

use super::ostrich_attack::Photographs;
use crate::zeiler_fergus::VERSIONS;
use adversarial::Outcome;
use anyhow::Result;
use datasets::Preprocessing;
use figures::{Gallery, Panel, PanelFigure};
use lab::Run;
use tensor::{Tensor, gather, to_f64s};

/// Images shown.
const SHOWN: usize = 12;
/// Factor of the differences, drawn around gray.
///
/// The average distortion is a quarter of a byte's step.
const MAGNIFICATION: f64 = 64.0;
/// Letters of a class's name that a panel has room for.
const LETTERS: usize = 22;
const COLUMNS: [&str; 7] = ["net", "file", "class", "found", "distortion", "c", "evaluations"];

/// Draws the first images and lists all.
///
/// # Errors
/// When a picture cannot be drawn or a line cannot be written.
pub fn ostrich_figure(run: &Run, photographs: &Photographs, version: usize, found: &[Outcome]) -> Result<()> {
    let net = &VERSIONS[version];
    let (names, files) = (photographs.sample.names(), photographs.sample.files());
    let mut lines = csv::Writer::from_writer(Vec::new());
    lines.write_record(COLUMNS)?;
    for ((outcome, name), file) in found.iter().zip(&names).zip(files) {
        let attempt = outcome.attempt();
        let (distortion, c) = (attempt.distortion, attempt.c);
        lines.serialize((net.name, file, name, outcome.is_found(), distortion, c, attempt.evaluations))?;
    }
    run.save_file(&format!("{}.csv", net.stem), lines.into_inner()?);
    let bytes = net.preprocessing.without_normalization();
    let panels = found.iter().zip(&names).take(SHOWN).enumerate();
    let panels = panels.map(|(index, (outcome, name))| {
        let pixels = gather(&photographs.pixels, &[index]).squeeze(0).expect("a batch of one");
        panel(&bytes, name, &pixels, outcome)
    });
    let legend = vec![
        "photograph".into(),
        format!("difference, magnified {MAGNIFICATION} times around gray"),
        format!("read as an ostrich by {}", net.name),
    ];
    let figure = PanelFigure { columns: 2, panel: [234, 612], legend, panels: panels.collect() };
    run.save_file(&format!("{}.png", net.stem), figure.png()?);
    Ok(())
}

fn panel(bytes: &Preprocessing, name: &str, pixels: &Tensor, outcome: &Outcome) -> Panel {
    let original = to_f64s(pixels);
    let image = &outcome.attempt().image;
    let difference = image.iter().zip(&original).map(|(x, x0)| 0.5 + MAGNIFICATION * (x - x0)).collect();
    let picture = |values: Vec<f64>| bytes.picture(&tensor::tensor_of(values, pixels.dims()));
    let pictures = [picture(original), picture(difference), picture(image.clone())];
    let name: String = name.chars().take(LETTERS).collect();
    Panel::Gallery(Gallery {
        title: format!("{name}, distortion {:.5}", outcome.attempt().distortion),
        columns: 3,
        pictures: pictures.into_iter().enumerate().collect(),
    })
}
