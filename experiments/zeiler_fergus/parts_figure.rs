//! The correspondence of parts at every layer, as a figure.

use super::correspondence_of_parts::{Finding, LEVEL, ROWS};
use super::hidden_parts::LAYERS;
use super::parts_csv::words;
use correspondence::Zeros;
use figures::{Axis, Chart, Line, Plot, Scale};

/// A row for each set of dogs and occluder; in it the distances under either convention, and the p-values of both.
pub fn parts_figure(findings: &[Finding]) -> Plot {
    let mut legend: Vec<String> = ROWS.map(String::from).to_vec();
    legend.extend([Zeros::ThirdSign, Zeros::LeftOut].map(|zeros| format!("p, {}", words(zeros))));
    let same =
        |a: &Finding, b: &Finding| (a.setting.dogs, a.setting.side) == (b.setting.dogs, b.setting.side);
    let charts = findings.chunk_by(same).flat_map(|row| {
        let conventions: Vec<&[Finding]> = row.chunk_by(|a, b| a.zeros == b.zeros).collect();
        let distances = conventions.iter().map(|layers| distances(layers));
        distances.chain([p_values(&conventions)]).collect::<Vec<_>>()
    });
    Plot { columns: 3, panel: [300, 520], legend, charts: charts.collect() }
}

fn distances(layers: &[Finding]) -> Chart {
    let line = |row: usize| {
        let mean = |finding: &Finding| finding.all[row].map_or(f64::NAN, |found| found.mean);
        Line::new(row, points(layers, mean))
    };
    let y = Axis { name: "mean sign distance".into(), scale: Scale::Linear, range: None };
    let lines = (0..ROWS.len()).map(line).collect();
    chart(&format!("{}, {}", title(&layers[0]), words(layers[0].zeros)), y, lines, None)
}

fn p_values(conventions: &[&[Finding]]) -> Chart {
    let p = |finding: &Finding| finding.tests[0].map_or(f64::NAN, |test| test.p);
    let line = |(index, layers): (usize, &&[Finding])| Line::new(ROWS.len() + index, points(layers, p));
    let y = Axis { name: "p".into(), scale: Scale::Logarithmic, range: Some([1e-4, 1.0]) };
    let lines = conventions.iter().enumerate().map(line).collect();
    chart(&format!("{}: named beside random", title(&conventions[0][0])), y, lines, Some(LEVEL))
}

fn chart(title: &str, y: Axis, lines: Vec<Line>, level: Option<f64>) -> Chart {
    let names = LAYERS.iter().map(|(name, _)| (*name).into()).collect();
    let x = Axis { name: "layer".into(), scale: Scale::Named(names), range: None };
    Chart { title: title.into(), x, y, lines, level }
}

fn title(finding: &Finding) -> String {
    format!("{}, occluder {}", finding.setting.dogs, finding.setting.side)
}

fn points(layers: &[Finding], value: impl Fn(&Finding) -> f64) -> Vec<[f64; 2]> {
    layers.iter().map(|finding| [finding.layer as f64, value(finding)]).collect()
}
