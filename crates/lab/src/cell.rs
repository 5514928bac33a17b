//! One cell of a table: ours, the paper's, and whether they agree.

use std::fmt;

use statistics::Interval;
use statistics::shown;

use crate::measurement::{Estimate, Measurement};
use crate::paper::PaperCell;

/// Whether our value agrees with the paper's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The 95 % intervals overlap.
    Agrees,
    /// The 95 % intervals are disjoint.
    Differs,
    /// There is no measurement; the note says why.
    NotRun,
    /// The paper has no number here.
    Ours,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Verdict::Agrees => "agrees",
            Verdict::Differs => "differs",
            Verdict::NotRun => "not run",
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
    fn rates_whose_intervals_overlap_agree_and_others_differ_by_a_sentence() {
        let transfer = |errors| {
            let rate = Measurement::Rate { errors, n: 256, runs: 1 };
            cell("table4", (ATTACKED, "FC123-456-10"), &rate)
        };
        for (errors, verdict) in
            [(68, Verdict::Agrees), (40, Verdict::Differs), (49, Verdict::Agrees), (110, Verdict::Differs)]
        {
            assert_eq!(transfer(errors).verdict, verdict, "{errors}");
        }
        assert_eq!(
            transfer(110).note(),
            "16.8 points above the paper's 26.2, which the 95 % intervals exclude"
        );
        assert_eq!(transfer(68).note(), "");
    }

    #[test]
    fn the_papers_rates_count_as_many_trials_as_ours_where_nothing_else_is_known() {
        let error = |errors, n| {
            let rate = Measurement::Rate { errors, n, runs: 1 };
            cell("table1", ("FC100-100-10", "test error"), &rate).verdict
        };
        assert_eq!(error(190, 10_000), Verdict::Agrees);
        assert_eq!(error(290, 10_000), Verdict::Differs);
        assert_eq!(error(3, 100), Verdict::Agrees);
    }

    #[test]
    fn three_seeds_do_not_make_the_papers_rate_more_certain() {
        let error = |n, runs| {
            let rate = Measurement::Rate { errors: n / 50, n, runs };
            cell("table1", ("FC100-100-10", "test error"), &rate).verdict
        };
        assert_eq!(error(30_000, 3), Verdict::Agrees);
        assert_eq!(error(30_000, 1), Verdict::Differs);
    }

    #[test]
    fn a_difference_within_the_rounding_is_said_to_be_one() {
        let rate = Measurement::Rate { errors: 30, n: 60_000, runs: 1 };
        let cell = cell("table1", ("FC100-100-10", "train error"), &rate);
        assert_eq!(
            cell.note(),
            "0.05 points above the paper's 0, which the 95 % intervals exclude, although it rounds to the same"
        );
    }

    #[test]
    fn a_value_is_judged_by_the_rounding_of_the_print() {
        let distortion = |value| {
            let value = Measurement::Value { value, n: 1 };
            cell("table1", ("FC100-100-10", "average minimum distortion"), &value)
        };
        assert_eq!(distortion(0.0583).verdict, Verdict::Agrees);
        assert_eq!(distortion(0.0571).verdict, Verdict::Differs);
        assert_eq!(
            distortion(0.05).note(),
            "0.00800 below the paper's 0.058, which the 95 % intervals exclude"
        );
    }

    #[test]
    fn a_value_below_an_upper_bound_agrees() {
        let error = |value| {
            let place = ("FC100-100-10 with per-layer pools", "test error");
            cell("adversarial-training", place, &Measurement::Value { value, n: 1 }).verdict
        };
        assert_eq!(error(0.3), Verdict::Agrees);
        assert_eq!(error(1.3), Verdict::Differs);
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
