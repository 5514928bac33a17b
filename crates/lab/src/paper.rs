//! The papers' printed numbers, and how exactly they are known.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use statistics::{Interval, wilson};
use std::path::Path;

const SZEGEDY: &str = include_str!("../paper/szegedy2013.csv");
const ZEILER_FERGUS: &str = include_str!("../paper/zeiler_fergus2013.csv");

/// Beyond all that is printed.
const LARGEST: f64 = 1e30;

/// One number of a paper's table.
#[derive(Clone, Debug, Deserialize)]
pub struct PaperCell {
    artefact: String,
    /// The table's row.
    pub row: String,
    /// The table's column.
    pub column: String,
    /// As printed: the last digit says how exactly it is known.
    #[serde(rename = "value")]
    pub printed: String,
    spread: Option<f64>,
    /// What the number is counted in; `%` for a rate.
    pub unit: String,
}

/// The paper's cells of `artefact`, in the paper's order; none for a figure.
///
/// # Panics
/// When `paper` is neither "szegedy" nor "zeiler_fergus" and yet has a table.
pub(crate) fn cells(paper: &str, artefact: &str) -> Vec<PaperCell> {
    let file = match paper {
        "szegedy" => SZEGEDY,
        "zeiler_fergus" => ZEILER_FERGUS,
        _ => return Vec::new(),
    };
    let mut cells = parsed(file).expect("the paper's file is part of the program");
    cells.retain(|cell| cell.artefact == artefact);
    cells
}

/// All cells of a file of a paper's numbers, `artefact,row,column,value,spread,unit`.
///
/// # Errors
/// When the file cannot be read, lacks a column, or has a rate, a spread or an unnamed cell that cannot be.
pub fn read_paper(path: &Path) -> Result<Vec<PaperCell>> {
    let place = || format!("{}: expected a paper's numbers", path.display());
    let text = std::fs::read_to_string(path).with_context(place)?;
    parsed(&text).with_context(place)
}

fn parsed(text: &str) -> Result<Vec<PaperCell>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut cells = Vec::new();
    for cell in reader.deserialize() {
        let cell: PaperCell = cell?;
        cell.check()?;
        cells.push(cell);
    }
    Ok(cells)
}

/// How many trials stand behind the rates of a table, where the paper leaves it to be inferred.
///
/// The rates of SZ Tables 2 and 4 are multiples of 1/256.
pub(crate) fn trials(paper: &str, artefact: &str) -> Option<usize> {
    matches!((paper, artefact), ("szegedy", "table2" | "table4")).then_some(256)
}

impl PaperCell {
    /// Whether the cell can be what a paper printed: then its interval is made of finite numbers.
    fn check(&self) -> Result<()> {
        let Self { artefact, row, column, printed, spread, .. } = self;
        let place = format!("{artefact}, {row}, {column}");
        ensure!(
            !artefact.is_empty() && !row.is_empty() && !column.is_empty(),
            "{place}: a cell without a name"
        );
        let finite = |value: f64| value.abs() <= LARGEST;
        ensure!(self.value().is_none_or(finite), "{place}: expected a number below 1e30, found {printed}");
        let rate = self.value().filter(|_| self.is_rate()).unwrap_or(0.0);
        ensure!((0.0..=100.0).contains(&rate), "{place}: expected a rate from 0 to 100 %, found {printed}");
        let spread = spread.unwrap_or(0.0);
        ensure!((0.0..=LARGEST).contains(&spread), "{place}: expected a spread from 0 on, found {spread}");
        Ok(())
    }

    /// Row and column.
    pub fn place(&self) -> (&str, &str) {
        (&self.row, &self.column)
    }

    /// Whether it is a part of a whole, in percent.
    pub fn is_rate(&self) -> bool {
        self.unit == "%"
    }

    /// The printed number; none for a text such as a layer's size.
    pub fn value(&self) -> Option<f64> {
        self.printed.trim_start_matches('<').parse().ok()
    }

    /// Where the paper's true value lies: Wilson's interval for a rate over `n` trials, the printed spread over `n` values, or else the rounding of the print.
    ///
    /// A value printed as "<1.2" reaches down without end.
    pub fn interval(&self, n: Option<usize>) -> Option<Interval> {
        let value = self.value()?;
        let known = match (n, self.spread) {
            (Some(n), None) if self.is_rate() => wilson(value / 100.0, n).scaled(100.0),
            (Some(n), Some(spread)) => Interval::around(value, 1.96 * spread / (n as f64).sqrt()),
            _ => Interval::around(value, self.half_unit()),
        };
        let low = if self.printed.starts_with('<') { f64::NEG_INFINITY } else { known.low };
        Some(Interval { low, ..known })
    }

    /// Half a unit of the last printed digit.
    pub fn half_unit(&self) -> f64 {
        let decimals = self.printed.split_once('.').map_or(0, |(_, d)| d.len());
        0.5 / 10f64.powi(decimals as i32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(artefact: &str, row: &str, column: &str) -> PaperCell {
        let found = |cell: &PaperCell| cell.row == row && cell.column == column;
        let mut cells = cells("szegedy", artefact).into_iter();
        cells.find(found).expect("a cell of the paper")
    }

    fn about(found: Interval, low: f64, high: f64) {
        assert!((found.low - low).abs() < 0.01, "{found:?}");
        assert!((found.high - high).abs() < 0.01, "{found:?}");
    }

    #[test]
    fn the_tables_have_all_their_cells() {
        let count = |paper, artefact| cells(paper, artefact).len();
        let szegedy = ["table1", "table2", "table3", "table4"].map(|a| count("szegedy", a));
        assert_eq!(szegedy, [18, 56, 12, 24]);
        assert_eq!(count("szegedy", "fig7"), 0);
        assert_eq!(count("zeiler_fergus", "table1"), 8);
    }

    #[test]
    fn what_no_paper_prints_is_refused_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("paper.csv");
        let refused = |cell: &str| {
            std::fs::write(&path, format!("artefact,row,column,value,spread,unit\n{cell}\n")).unwrap();
            format!("{:#}", read_paper(&path).expect_err(cell))
        };
        let cases = [
            ("t,r,c,101,,%", "t, r, c: expected a rate from 0 to 100 %, found 101"),
            ("t,r,c,-1,,%", "found -1"),
            ("t,r,c,NaN,,", "t, r, c: expected a number below 1e30, found NaN"),
            ("t,r,c,1e999,,", "found 1e999"),
            ("t,r,c,1,-2,", "t, r, c: expected a spread from 0 on, found -2"),
            ("t,r,c,1,NaN,", "found NaN"),
            ("t,,c,1,,", "t, , c: a cell without a name"),
            ("t,r,c,1", "found record with 4 fields"),
        ];
        for (cell, expected) in cases {
            let error = refused(cell);
            assert!(
                error.contains("paper.csv: expected a paper's numbers") && error.contains(expected),
                "{error}"
            );
        }
        std::fs::write(&path, SZEGEDY).unwrap();
        assert_eq!(read_paper(&path).unwrap().len(), parsed(SZEGEDY).unwrap().len());
    }

    #[test]
    fn a_rate_is_known_as_wilson_says() {
        let cell = cell("table4", "Distorted for FC100-100-10 (av. stddev=0.062)", "FC123-456-10");
        about(cell.interval(Some(256)).unwrap(), 21.19, 31.91);
    }

    #[test]
    fn a_number_without_spread_is_known_to_its_last_digit() {
        let distortion = |row| cell("table1", row, "average minimum distortion");
        let interval = distortion("FC100-100-10").interval(Some(256)).unwrap();
        assert_eq!(interval, Interval::around(0.058, 0.0005));
        let interval = distortion("FC10(1e-2)").interval(Some(256)).unwrap();
        assert_eq!(interval, Interval::around(0.1, 0.05));
    }

    #[test]
    fn a_number_with_spread_is_known_to_the_error_of_its_mean() {
        let cells = cells("zeiler_fergus", "table1");
        let half = 1.96 * 0.007 / 5f64.sqrt();
        let expected = Interval::around(0.067, half);
        assert_eq!(cells[0].interval(Some(5)), Some(expected));
    }

    #[test]
    fn less_than_is_an_upper_bound() {
        let cell = cell("adversarial-training", "FC100-100-10 with per-layer pools", "test error");
        let interval = cell.interval(None).unwrap();
        assert_eq!(interval.low, f64::NEG_INFINITY);
        assert!((interval.high - 1.25).abs() < 1e-12);
    }

    #[test]
    fn a_text_has_no_interval() {
        assert_eq!(cell("table5", "Conv. 1", "size").interval(None), None);
    }
}
