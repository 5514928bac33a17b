//! Tables of results, read back from their files.

use crate::paper::{self, PaperCell};
use crate::table_formats::COLUMNS;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use statistics::shown;
use std::path::Path;

/// One cell of a `table.csv`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Record {
    pub row: String,
    pub column: String,
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub n: Option<usize>,
    pub paper: String,
    pub verdict: String,
    pub note: String,
    /// Whether the paper's number is a rate.
    #[serde(skip)]
    pub is_rate: bool,
}

/// The cells of the table at `…/<paper>/<artefact>/table.csv`, in order.
///
/// # Errors
/// When it cannot be read or has other columns.
pub(crate) fn read(path: &Path) -> Result<Vec<Record>> {
    let place = path.display();
    let mut reader = csv::Reader::from_path(path).with_context(|| format!("{place}: cannot be read"))?;
    let header = reader.headers().with_context(|| format!("{place}: cannot be read"))?;
    ensure!(
        *header == COLUMNS[..],
        "{place}: expected the columns {}, found {}",
        COLUMNS.join(","),
        header.iter().collect::<Vec<_>>().join(",")
    );
    let rates = rates(path);
    let mut records = vec![];
    for record in reader.deserialize() {
        let record: Record = record.with_context(|| format!("{place}: cannot be read"))?;
        let is_rate = rates.iter().any(|cell| cell.place() == (&record.row, &record.column));
        records.push(Record { is_rate, ..record });
    }
    Ok(records)
}

/// The paper's rates in the table of `…/<paper>/<artefact>/table.csv`.
fn rates(path: &Path) -> Vec<PaperCell> {
    let mut folders = path.iter().rev().skip(1).map(|part| part.to_string_lossy());
    let (artefact, paper) = (folders.next(), folders.next());
    let cells = paper::cells(&paper.unwrap_or_default(), &artefact.unwrap_or_default());
    cells.into_iter().filter(PaperCell::is_rate).collect()
}

impl Record {
    /// `26.6 %`; none where there is no value.
    pub fn ours(&self) -> Option<String> {
        self.value.map(|value| shown(value, value, self.is_rate) + self.unit())
    }

    /// `[21.5, 32.3]`; none where the spread is unknown.
    pub fn interval(&self) -> Option<String> {
        let (value, low, high) = (self.value?, self.low?, self.high?);
        let [low, high] = [low, high].map(|end| shown(end, value, self.is_rate));
        Some(format!("[{low}, {high}]"))
    }

    /// `26.2 %`; none where the paper has no number.
    pub fn papers(&self) -> Option<String> {
        (!self.paper.is_empty()).then(|| format!("{}{}", self.paper, self.unit()))
    }

    fn unit(&self) -> &'static str {
        if self.is_rate { " %" } else { "" }
    }

    /// `26.6 % [21.5, 32.3] (26.2 %) agrees`.
    pub fn text(&self) -> String {
        let papers = self.papers().map(|papers| format!("({papers})"));
        let verdict = (!self.verdict.is_empty()).then(|| self.verdict.clone());
        let parts = [self.ours(), self.interval(), papers, verdict];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}
