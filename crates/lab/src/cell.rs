//! One cell of a table: ours, the paper's, and whether they agree.

use crate::measurement::{Estimate, Measurement};
use crate::paper::PaperCell;
use statistics::Interval;
use statistics::shown;
use std::fmt;

/// Whether our value agrees with the paper's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The 95 % intervals overlap.
    Agrees,
    /// The 95 % intervals are disjoint.
    Differs,
    /// There is no measurement; the note says why.
    NotRun,
    /// The data is a stand-in, or the run a smoke run: neither says anything of the paper.
    NotJudged,
    /// The paper has no number here.
    Ours,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Verdict::Agrees => "agrees",
            Verdict::Differs => "differs",
            Verdict::NotRun => "not run",
            Verdict::NotJudged => "not judged",
            Verdict::Ours => "",
        })
    }
}

/// One cell of a finished table.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub row: String,
    pub column: String,
    pub estimate: Option<Estimate>,
    pub paper: Option<PaperCell>,
    pub verdict: Verdict,
    pub notes: Vec<String>,
}

impl Cell {
    /// The cell of `measurement` beside the paper's, if it has one; `trials` stand behind the paper's rates, or as many as behind ours.
    pub fn new(
        (row, column): (&str, &str),
        (measurement, seed): (&Measurement, u64),
        paper: Option<&PaperCell>,
        trials: Option<usize>,
    ) -> Cell {
        let estimate = measurement.estimate(seed);
        let (verdict, note) = match (measurement, &estimate, paper) {
            (Measurement::NotRun(why), ..) => (Verdict::NotRun, Some(why.clone())),
            (_, Some(ours), Some(paper)) => judge(ours, paper, trials),
            _ => (Verdict::Ours, None),
        };
        Cell {
            row: row.to_owned(),
            column: column.to_owned(),
            estimate,
            paper: paper.cloned(),
            verdict,
            notes: note.into_iter().collect(),
        }
    }

    /// The same values, of a run that says nothing of the paper; one example alone has no interval.
    pub fn not_judged(mut self) -> Cell {
        if let Some(estimate) = self.estimate.as_mut().filter(|estimate| estimate.n == 1) {
            estimate.interval = None;
        }
        match self.verdict {
            Verdict::Agrees => {}
            // The first note says how far the values lie apart.
            Verdict::Differs => drop(self.notes.remove(0)),
            _ => return self,
        }
        self.verdict = Verdict::NotJudged;
        self
    }

    /// The notes in one line.
    pub fn note(&self) -> String {
        self.notes.join("; ")
    }
}

/// The verdict, and the difference where there is one.
fn judge(ours: &Estimate, paper: &PaperCell, trials: Option<usize>) -> (Verdict, Option<String>) {
    let Some((printed, theirs)) = paper.value().zip(paper.interval(trials.or(ours.n_per_run))) else {
        return (Verdict::Ours, None);
    };
    let interval = ours.interval.unwrap_or(Interval::point(ours.value));
    if interval.overlaps(theirs) {
        return (Verdict::Agrees, None);
    }
    let gap = (ours.value - printed).abs();
    let mut note = format!(
        "{}{} {} the paper's {}, which the 95 % intervals exclude",
        shown(gap, gap, paper.is_rate()),
        if paper.is_rate() { " points" } else { "" },
        if ours.value > printed { "above" } else { "below" },
        paper.printed,
    );
    if gap <= paper.half_unit() {
        note += ", although it rounds to the same";
    }
    (Verdict::Differs, Some(note))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper;

    const ATTACKED: &str = "Distorted for FC100-100-10 (av. stddev=0.062)";

    fn cell(artefact: &str, place: (&str, &str), measurement: &Measurement) -> Cell {
        let papers = paper::cells("szegedy", artefact);
        let beside = papers.iter().find(|cell| (cell.row.as_str(), cell.column.as_str()) == place);
        let trials = paper::trials("szegedy", artefact);
        Cell::new(place, (measurement, 1), beside, trials)
    }

    #[test]
    fn ours_agrees_where_the_intervals_overlap_and_else_the_note_says_how_far_it_lies() {
        let rate = |errors, n, runs| Measurement::Rate { errors, n, runs };
        let value = |value| Measurement::Value { value, n: 1 };
        let transfer = ("table4", ATTACKED, "FC123-456-10");
        let error = ("table1", "FC100-100-10", "test error");
        let distortion = ("table1", "FC100-100-10", "average minimum distortion");
        let upper_bound = ("adversarial-training", "FC100-100-10 with per-layer pools", "test error");
        let verdicts = [
            (transfer, rate(68, 256, 1), Verdict::Agrees),
            (transfer, rate(40, 256, 1), Verdict::Differs),
            (transfer, rate(49, 256, 1), Verdict::Agrees),
            (transfer, rate(110, 256, 1), Verdict::Differs),
            // The paper's rates count as many trials as ours where nothing else is known.
            (error, rate(190, 10_000, 1), Verdict::Agrees),
            (error, rate(290, 10_000, 1), Verdict::Differs),
            (error, rate(3, 100, 1), Verdict::Agrees),
            // Three seeds do not make the paper's rate more certain.
            (error, rate(600, 30_000, 3), Verdict::Agrees),
            (error, rate(600, 30_000, 1), Verdict::Differs),
            // A value is judged by the rounding of the print.
            (distortion, value(0.0583), Verdict::Agrees),
            (distortion, value(0.0571), Verdict::Differs),
            (upper_bound, value(0.3), Verdict::Agrees),
            (upper_bound, value(1.3), Verdict::Differs),
        ];
        for ((artefact, row, column), measurement, verdict) in verdicts {
            let found = cell(artefact, (row, column), &measurement);
            assert_eq!(found.verdict, verdict, "{row}, {column}: {measurement:?}");
        }
        let rounding = "0.05 points above the paper's 0, which the 95 % intervals exclude, although it rounds to the same";
        let notes = [
            (
                transfer,
                rate(110, 256, 1),
                "16.8 points above the paper's 26.2, which the 95 % intervals exclude",
            ),
            (transfer, rate(68, 256, 1), ""),
            (("table1", "FC100-100-10", "train error"), rate(30, 60_000, 1), rounding),
            (distortion, value(0.05), "0.00800 below the paper's 0.058, which the 95 % intervals exclude"),
        ];
        for ((artefact, row, column), measurement, note) in notes {
            assert_eq!(cell(artefact, (row, column), &measurement).note(), note);
        }
    }

    #[test]
    fn a_run_on_other_data_keeps_its_values_and_has_no_verdict() {
        let transfer = ("table4", (ATTACKED, "FC123-456-10"));
        for errors in [7, 200] {
            let cell = cell(transfer.0, transfer.1, &Measurement::Rate { errors, n: 256, runs: 1 });
            let interval = cell.estimate.as_ref().and_then(|estimate| estimate.interval);
            let cell = cell.not_judged();
            assert_eq!((cell.verdict, cell.note().as_str()), (Verdict::NotJudged, ""));
            assert_eq!(cell.estimate.expect("measured").interval, interval);
        }
        let one =
            cell("table4", (ATTACKED, "no such column"), &Measurement::Mean { values: vec![0.121], runs: 1 });
        assert_eq!(one.not_judged().estimate.expect("measured").interval, None);
    }

    #[test]
    fn ours_alone_has_no_verdict() {
        let cell = cell("table1", ("FC100-100-10", "refined"), &Measurement::Value { value: 1.0, n: 1 });
        assert_eq!(cell.verdict, Verdict::Ours);
        assert!(cell.paper.is_none());
    }

    #[test]
    fn a_cell_that_was_not_run_says_why() {
        let why = Measurement::NotRun("no such data".to_owned());
        let cell = cell("table1", ("AE400-10", "train error"), &why);
        assert_eq!((cell.verdict, cell.note().as_str()), (Verdict::NotRun, "no such data"));
        assert_eq!(cell.estimate, None);
    }
}
