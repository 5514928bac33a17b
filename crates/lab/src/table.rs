//! A table of measurements, beside the paper's.

use crate::cell::Cell;
use crate::layout::{distinct, position};
use crate::measurement::Measurement;
use crate::paper::{self, PaperCell};
use anyhow::{Result, ensure};

/// The measurements of one artefact, by the paper's names of rows and columns.
///
/// Names that the paper lacks are ours alone, and follow the paper's in the order of their first mention.
/// Every cell of the paper must be measured or be [`not_run`](Table::not_run) for a reason; the table cannot be saved otherwise.
#[derive(Clone, Debug)]
pub struct Table {
    name: String,
    paper: Vec<PaperCell>,
    trials: Option<usize>,
    seed: u64,
    entries: Vec<Entry>,
    caption: String,
}

#[derive(Clone, Debug)]
struct Entry {
    row: String,
    column: String,
    measurement: Option<Measurement>,
    notes: Vec<String>,
}

impl Entry {
    fn place(&self) -> (&str, &str) {
        (&self.row, &self.column)
    }
}

impl Table {
    /// The empty table of `artefact`; `seed` is the bootstrap's.
    pub(crate) fn new(paper: &str, artefact: &str, seed: u64) -> Table {
        Table {
            name: format!("{paper}/{artefact}"),
            paper: paper::cells(paper, artefact),
            trials: paper::trials(paper, artefact),
            seed,
            entries: Vec::new(),
            caption: String::new(),
        }
    }

    /// Adds a sentence above the table, such as its scale.
    pub fn caption(&mut self, sentence: &str) {
        self.caption.extend([sentence, "\n"]);
    }

    /// The sentences above the table, one a line.
    pub(crate) fn captions(&self) -> &str {
        &self.caption
    }

    /// Records `errors` of `n`: shown in %, with Wilson's 95 % interval.
    ///
    /// Counts of the same cell, as from another seed, add up.
    ///
    /// # Panics
    /// When there are no trials, fewer trials than errors, the paper has no rate here, or the cell holds something else.
    pub fn rate(&mut self, row: &str, column: &str, errors: usize, n: usize) {
        assert!(
            n > 0 && errors <= n,
            "rate: expected at most n errors of n > 0, got {errors} of {n} at {row}, {column}"
        );
        let beside = self.beside(row, column);
        assert!(
            beside.is_none_or(PaperCell::is_rate),
            "rate: expected a cell of the paper in %, got {row}, {column}"
        );
        self.measure(row, column, Measurement::Rate { errors, n, runs: 1 });
    }

    /// Records the mean of `values`, with the bootstrap's 95 % interval.
    ///
    /// Values of the same cell, as from another seed, are pooled.
    ///
    /// # Panics
    /// When there are no values, one is not finite, or the cell holds something else.
    pub fn mean(&mut self, row: &str, column: &str, values: &[f64]) {
        assert!(
            !values.is_empty() && values.iter().all(|value| value.is_finite()),
            "mean: expected finite values, got {values:?} at {row}, {column}"
        );
        self.measure(row, column, Measurement::Mean { values: values.to_vec(), runs: 1 });
    }

    /// Records the average precision of a ranking by score, with the bootstrap's 95 % interval over the examples.
    ///
    /// # Panics
    /// When there are not as many scores as examples, none is relevant, a score is not a number, or the cell is taken.
    pub fn average_precision(&mut self, row: &str, column: &str, scores: &[f64], relevant: &[bool]) {
        self.ranking((row, column), scores, relevant, 1.0);
    }

    /// The same in %.
    ///
    /// # Panics
    /// As [`average_precision`](Self::average_precision).
    pub fn average_precision_in_percent(
        &mut self,
        row: &str,
        column: &str,
        scores: &[f64],
        relevant: &[bool],
    ) {
        self.ranking((row, column), scores, relevant, 100.0);
    }

    fn ranking(&mut self, (row, column): (&str, &str), scores: &[f64], relevant: &[bool], of: f64) {
        assert!(
            relevant.contains(&true),
            "average precision: expected a relevant example at {row}, {column}"
        );
        let (scores, relevant) = (scores.to_vec(), relevant.to_vec());
        self.measure(row, column, Measurement::AveragePrecision { scores, relevant, of });
    }

    /// Records the difference of two rankings' average precisions on the same examples,
    /// with the paired bootstrap's 95 % interval.
    ///
    /// # Panics
    /// As [`average_precision`](Self::average_precision).
    pub fn advantage(&mut self, row: &str, column: &str, scores: [&[f64]; 2], relevant: &[bool]) {
        assert!(relevant.contains(&true), "advantage: expected a relevant example at {row}, {column}");
        let (scores, relevant) = (scores.map(<[f64]>::to_vec), relevant.to_vec());
        self.measure(row, column, Measurement::Advantage { scores, relevant });
    }

    /// Records a number without an interval, which `n` examples, trials or values stand behind: 1 where it is a property of a net.
    ///
    /// # Panics
    /// When it is not finite or the cell is taken.
    pub fn value(&mut self, row: &str, column: &str, value: f64, n: usize) {
        assert!(value.is_finite(), "value: expected a finite number, got {value} at {row}, {column}");
        self.measure(row, column, Measurement::Value { value, n });
    }

    /// Records the reason for a missing measurement.
    ///
    /// # Panics
    /// When the cell is taken.
    pub fn not_run(&mut self, row: &str, column: &str, why: &str) {
        self.measure(row, column, Measurement::NotRun(why.to_owned()));
    }

    /// Adds a sentence to the cell's note, once.
    pub fn note(&mut self, row: &str, column: &str, text: &str) {
        let notes = &mut self.entry(row, column).notes;
        if !notes.iter().any(|note| note == text) {
            notes.push(text.to_owned());
        }
    }

    fn measure(&mut self, row: &str, column: &str, measurement: Measurement) {
        let entry = self.entry(row, column);
        entry.measurement = Some(match entry.measurement.take() {
            None => measurement,
            Some(first) => first.joined(measurement).unwrap_or_else(|| {
                panic!("expected one measurement at {row}, {column}, got two that do not add up")
            }),
        });
    }

    /// The entry of that name, made where it is missing.
    fn entry(&mut self, row: &str, column: &str) -> &mut Entry {
        let here = |entry: &Entry| entry.place() == (row, column);
        let new = || Entry { row: row.into(), column: column.into(), measurement: None, notes: Vec::new() };
        let index = position(&mut self.entries, here, new);
        &mut self.entries[index]
    }

    /// Every cell with its verdict, row by row: the paper's in the paper's order, then ours.
    ///
    /// # Errors
    /// When a cell of the paper, or one with a note, has neither a measurement nor a reason.
    pub(crate) fn cells(&self) -> Result<Vec<Cell>> {
        self.check()?;
        let places = || self.paper.iter().map(PaperCell::place).chain(self.entries.iter().map(Entry::place));
        let rows = distinct(places().map(|(row, _)| row));
        let columns = distinct(places().map(|(_, column)| column));
        let mut cells: Vec<Cell> = self.entries.iter().filter_map(|e| self.cell(e)).collect();
        let place = |names: &[&str], name: &str| names.iter().position(|known| *known == name);
        cells.sort_by_key(|cell| (place(&rows, &cell.row), place(&columns, &cell.column)));
        Ok(cells)
    }

    fn cell(&self, entry: &Entry) -> Option<Cell> {
        let measurement = entry.measurement.as_ref()?;
        let beside = self.beside(&entry.row, &entry.column);
        let mut cell = Cell::new(entry.place(), (measurement, self.seed), beside, self.trials);
        cell.notes.extend(entry.notes.iter().cloned());
        Some(cell)
    }

    /// The paper's cell of that name.
    fn beside(&self, row: &str, column: &str) -> Option<&PaperCell> {
        self.paper.iter().find(|cell| cell.place() == (row, column))
    }

    /// # Errors
    /// When a cell of the paper, or one with a note, has neither a measurement nor a reason.
    fn check(&self) -> Result<()> {
        let expected = self.paper.iter().map(PaperCell::place).chain(self.entries.iter().map(Entry::place));
        let filled = |place: &(&str, &str)| {
            let mut here = self.entries.iter().filter(|entry| entry.place() == *place);
            here.any(|entry| entry.measurement.is_some())
        };
        let missing: Vec<_> = expected.filter(|place| !filled(place)).collect();
        ensure!(
            missing.is_empty(),
            "{}: expected a measurement or a reason in every cell, found none in {} of them, the first at {}, {}",
            self.name,
            missing.len(),
            missing[0].0,
            missing[0].1,
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::Verdict;

    const COLUMNS: [&str; 3] = ["error on P1", "error on P2", "error on test"];
    const ROWS: [&str; 3] =
        ["FC100-100-10' trained on P2", "FC123-456-10 trained on P1", "FC100-100-10 trained on P1"];

    /// SZ Table 3, complete, filled from the bottom up.
    fn table3() -> Table {
        let mut table = Table::new("szegedy", "table3", 1);
        for row in ROWS {
            table.mean(row, "refined minimum distortion", &[0.05, 0.06]);
            table.mean(row, "average minimum distortion", &[0.05, 0.06]);
            for column in COLUMNS {
                table.rate(row, column, 2, 100);
            }
        }
        table
    }

    #[test]
    fn cells_stand_in_the_papers_order_and_ours_after_them() {
        let mut table = table3();
        table.value("ours", "error on P1", 1.0, 1);
        let cells = table.cells().unwrap();
        let rows: Vec<&str> = cells.iter().map(|cell| cell.row.as_str()).collect();
        assert_eq!((rows[0], rows[5], rows[10]), (ROWS[2], ROWS[1], ROWS[0]));
        assert_eq!(rows[15..], ["ours"]);
        let columns: Vec<&str> = cells.iter().map(|cell| cell.column.as_str()).collect();
        assert_eq!(columns[..3], COLUMNS);
        assert_eq!(columns[3..5], ["average minimum distortion", "refined minimum distortion"]);
    }

    #[test]
    fn a_cell_of_the_paper_that_nobody_filled_is_an_error_that_names_it() {
        let error = Table::new("szegedy", "table3", 1).cells().unwrap_err();
        assert_eq!(
            error.to_string(),
            "szegedy/table3: expected a measurement or a reason in every cell, found none in 12 of them, the first at FC100-100-10 trained on P1, error on P1"
        );
    }

    #[test]
    fn a_reason_fills_a_cell() {
        let mut table = Table::new("szegedy", "table3", 1);
        for row in ROWS {
            for column in COLUMNS.into_iter().chain(["average minimum distortion"]) {
                table.not_run(row, column, "no time");
            }
        }
        let cells = table.cells().unwrap();
        assert!(cells.iter().all(|cell| cell.verdict == Verdict::NotRun));
    }

    #[test]
    fn a_note_follows_the_verdicts_and_needs_a_cell() {
        let mut table = table3();
        table.rate(ROWS[0], "error on P1", 50, 50);
        table.note(ROWS[0], "error on P1", "trained for one epoch");
        table.note(ROWS[0], "error on P1", "trained for one epoch");
        let cells = table.cells().unwrap();
        let note = cells[10].note();
        assert!(note.ends_with("exclude; trained for one epoch"), "{note}");
        table.note("nowhere", "error on P1", "lost");
        assert!(table.cells().is_err());
    }

    #[test]
    fn seeds_add_up() {
        let mut table = table3();
        table.rate(ROWS[2], COLUMNS[0], 4, 100);
        let first = table.cells().unwrap()[0].estimate.unwrap();
        assert_eq!((first.value, first.n), (3.0, 200));
    }

    #[test]
    #[should_panic(expected = "got two that do not add up")]
    fn a_value_cannot_be_said_twice() {
        let mut table = Table::new("szegedy", "table3", 1);
        table.value("row", "column", 1.0, 1);
        table.value("row", "column", 1.0, 1);
    }

    #[test]
    #[should_panic(expected = "expected finite values, got [NaN]")]
    fn a_mean_of_nothing_finite_panics() {
        Table::new("szegedy", "table3", 1).mean("row", "column", &[f64::NAN]);
    }

    #[test]
    #[should_panic(expected = "expected a cell of the paper in %, got FC100-100-10 trained on P1, average")]
    fn a_rate_beside_a_distortion_panics() {
        Table::new("szegedy", "table3", 1).rate(ROWS[2], "average minimum distortion", 1, 2);
    }

    #[test]
    #[should_panic(expected = "got 3 of 2")]
    fn more_errors_than_trials_panics() {
        Table::new("szegedy", "table3", 1).rate("row", "column", 3, 2);
    }
}
