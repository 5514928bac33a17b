//! Results of an attack by image: attack.csv and the summary.

use crate::clean_images::{AttackResults, Status};
use crate::job::F64Bits;
use crate::output::csv_table;
use crate::remarks::remark;
use anyhow::Result;
use serde::{Deserialize, Serialize};
use std::fmt::Write;

const COLUMNS: [&str; 16] = [
    "example",
    "image",
    "label",
    "target",
    "predicted",
    "status",
    "distortion",
    "l2",
    "linf",
    "rms",
    "c",
    "evaluations",
    "survives_8_bits",
    "survives_jpeg_90",
    "bytes_distortion",
    "found",
];

/// Result of an image.
#[derive(Deserialize, Serialize)]
pub struct Row {
    pub label: usize,
    pub target: usize,
    pub predicted: usize,
    pub status: Status,
    pub distortion: F64Bits,
    pub l2: F64Bits,
    pub linf: F64Bits,
    pub c: F64Bits,
    pub evaluations: usize,
    /// Whether the 8-bit picture is still adversarial; none where no example was found.
    pub survives_8_bits: Option<bool>,
    pub survives_jpeg: Option<bool>,
    /// Of the 8-bit picture, where the search ended at one.
    pub bytes_distortion: Option<F64Bits>,
}

impl Row {
    /// The row of this image of a part, whose pixels before the attack are `clean`.
    pub fn new(label: usize, predicted: usize, results: &AttackResults, image: usize, clean: &[f64]) -> Row {
        let attempt = results.outcomes[image].attempt();
        let changes = || attempt.image.iter().zip(clean).map(|(x, x0)| (x - x0).abs());
        Row {
            label,
            target: results.targets[image],
            predicted,
            status: Status::new(&results.outcomes[image]),
            distortion: F64Bits(attempt.distortion),
            l2: F64Bits(changes().map(|r| r * r).sum::<f64>().sqrt()),
            linf: F64Bits(changes().fold(0.0, f64::max)),
            c: F64Bits(attempt.c),
            evaluations: attempt.evaluations,
            survives_8_bits: None,
            survives_jpeg: None,
            bytes_distortion: None,
        }
    }
}

/// The lines of attack.csv.
pub fn table(rows: &[Row], names: &[String]) -> Result<Vec<u8>> {
    let line = |(example, row): (usize, &Row)| {
        let survival =
            |survives: Option<bool>| survives.map(|survives| survives.to_string()).unwrap_or_default();
        let c = if row.c.0 > 0.0 { row.c.0.to_string() } else { String::new() };
        let bytes = row.bytes_distortion.map(|distortion| distortion.0.to_string()).unwrap_or_default();
        [
            example.to_string(),
            names[example].clone(),
            row.label.to_string(),
            row.target.to_string(),
            row.predicted.to_string(),
            row.status.name().to_owned(),
            row.distortion.0.to_string(),
            row.l2.0.to_string(),
            row.linf.0.to_string(),
            row.distortion.0.to_string(),
            c,
            row.evaluations.to_string(),
            survival(row.survives_8_bits),
            survival(row.survives_jpeg),
            bytes,
            (row.status != Status::NotFound).to_string(),
        ]
    };
    csv_table(COLUMNS, rows.iter().enumerate().map(line))
}

fn count(rows: &[Row], status: Status) -> usize {
    rows.iter().filter(|row| row.status == status).count()
}

/// Remarks images that count for nothing, that none was found, and of how many images pictures are shown.
pub fn remark_counts(rows: &[Row], shown: usize) {
    if shown > 0 && shown < rows.len() {
        remark(format!("pictures of the first {shown} of {} images; --pictures N writes more", rows.len()));
    }
    let (found, already) = (count(rows, Status::Found), count(rows, Status::Already));
    if already > 0 {
        remark(format!(
            "{already} of {} images are assigned to the target before any change (status already): outside averages and counts",
            rows.len()
        ));
    }
    if found == 0 && already < rows.len() {
        remark("no adversarial example was found: there is no distortion to average");
    }
}

/// How many examples were found, their average distortion, and how many survive in files.
pub fn summary(rows: &[Row], any: bool, bytes: bool) -> String {
    let found: Vec<&Row> = rows.iter().filter(|row| row.status == Status::Found).collect();
    let attacked = rows.len() - count(rows, Status::Already);
    if attacked == 0 {
        return format!(
            "all {} images are assigned to the target before any change: nothing to attack\n",
            rows.len()
        );
    }
    let what = if any { "become another class" } else { "become their targets" };
    let mut text = format!("{} of {attacked} images {what}", found.len());
    let _ = match average(found.iter().map(|row| row.distortion)) {
        None => writeln!(text, ", no distortion to average"),
        Some(mean) => writeln!(text, ", average distortion {mean:.6}"),
    };
    if found.is_empty() {
        return text;
    }
    if bytes {
        let distortions: Vec<F64Bits> = found.iter().filter_map(|row| row.bytes_distortion).collect();
        let mean = average(distortions.iter().copied());
        let mean = mean.map(|mean| format!(", average distortion {mean:.6}")).unwrap_or_default();
        let _ = writeln!(
            text,
            "{} of {} have an 8-bit picture that was searched for{mean}",
            distortions.len(),
            found.len()
        );
    }
    let survivors = |survives: &dyn Fn(&Row) -> Option<bool>| {
        let tried: Vec<bool> = found.iter().filter_map(|row| survives(row)).collect();
        (tried.iter().filter(|survives| **survives).count(), tried.len())
    };
    let (in_bytes, tried) = survivors(&|row| row.survives_8_bits);
    let _ = write!(text, "{in_bytes} of {tried} survive 8 bits");
    let (in_jpeg, tried) = survivors(&|row| row.survives_jpeg);
    let jpeg = if tried > 0 { format!(", {in_jpeg} of {tried} JPEG of quality 90") } else { String::new() };
    text + &jpeg + "\n"
}

fn average(distortions: impl Iterator<Item = F64Bits>) -> Option<f64> {
    let distortions: Vec<f64> = distortions.map(|distortion| distortion.0).collect();
    (!distortions.is_empty()).then(|| distortions.iter().sum::<f64>() / distortions.len() as f64)
}
