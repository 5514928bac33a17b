//! The robustness curve: the share of images whose smallest distortion exceeds each value.

use super::rows::Row;
use crate::clean_images::Status;
use crate::job::PartStore;
use crate::output::csv_table;
use anyhow::{Context, Result};
use figures::{Axis, Chart, Line, Plot, Scale};
use std::io::Write;
use std::path::Path;

/// Writes robustness.csv and robustness.png; nothing where no image was attacked.
pub fn write(folder: &Path, parts: &PartStore, rows: &[Row]) -> Result<()> {
    let curve = curve(rows);
    let table = csv_table(["distortion", "share"], curve.iter().copied())?;
    parts.write_output(&folder.join("robustness.csv"), |writer| Ok(writer.write_all(&table)?))?;
    if curve.is_empty() {
        return Ok(());
    }
    let png = plot(&curve).files("robustness")?.into_iter().find(|(name, _)| name == "robustness.png");
    let (_, png) = png.context("a plot without a PNG")?;
    parts.write_output(&folder.join("robustness.png"), |writer| Ok(writer.write_all(&png)?))
}

/// Distortions in ascending order from 0, and the share of the attacked images that no example was found for up to there.
fn curve(rows: &[Row]) -> Vec<(f64, f64)> {
    let attacked = rows.iter().filter(|row| row.status != Status::Already).count();
    let mut found: Vec<f64> =
        rows.iter().filter(|row| row.status == Status::Found).map(|row| row.distortion.0).collect();
    found.sort_by(f64::total_cmp);
    let share = |exceeded: usize| (attacked - exceeded) as f64 / attacked as f64;
    let falls = found.iter().enumerate().map(|(index, &distortion)| (distortion, share(index + 1)));
    if attacked == 0 { Vec::new() } else { std::iter::once((0.0, 1.0)).chain(falls).collect() }
}

/// The curve as a staircase.
fn plot(curve: &[(f64, f64)]) -> Plot {
    let last = curve.last().map_or(0.0, |&(distortion, _)| distortion);
    let mut points = vec![[0.0, 1.0]];
    for pair in curve.windows(2) {
        points.extend([[pair[1].0, pair[0].1], [pair[1].0, pair[1].1]]);
    }
    let end = if last > 0.0 { 1.1 * last } else { 1.0 };
    points.push([end, points[points.len() - 1][1]]);
    let axis = |name: &str, range| Axis { name: name.into(), scale: Scale::Linear, range: Some(range) };
    let chart = Chart {
        title: "Robustness".into(),
        x: axis("distortion: root mean square pixel change, pixels in 0\u{2013}1", [0.0, end]),
        y: axis("share of images that need more", [0.0, 1.0]),
        lines: vec![Line::new(0, points)],
        level: None,
    };
    let legend = vec!["images whose smallest distortion found is larger".into()];
    Plot { columns: 1, panel: [320, 520], legend, charts: vec![chart] }
}
