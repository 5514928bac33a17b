//! The classic bounded problems, beside SciPy's stored answers and beside `basin`.

mod problems;

use lbfgsb::{Bounds, Minimizer, Settings, Stop, minimize};
use problems::Problem;
use std::collections::HashMap;

/// Final values may differ by this much of their size, and by `ABSOLUTE` where the minimum is zero.
const RELATIVE: f64 = 1e-8;
const ABSOLUTE: f64 = 1e-12;
/// Instead, where `answers.csv` says that SciPy itself stops early: where a search ends in a flat valley is rounding.
const EARLY: f64 = 1e-6;
/// Evaluations may be this many times the other implementation's.
const EVALUATIONS: f64 = 1.5;

/// What another implementation found.
struct Answer {
    f_start: f64,
    f: f64,
    evaluations: usize,
    early: bool,
}

/// SciPy's answers by problem, from `tests/scipy/answers.csv`.
fn scipy() -> HashMap<String, Answer> {
    let mut rows = csv::Reader::from_reader(&include_bytes!("scipy/answers.csv")[..]);
    let columns = rows.headers().unwrap().clone();
    let row = |row: csv::StringRecord| {
        let cell = |name| &row[columns.iter().position(|column| column == name).unwrap()];
        let answer = Answer {
            f_start: cell("f_start").parse().unwrap(),
            f: cell("f").parse().unwrap(),
            evaluations: cell("evaluations").parse().unwrap(),
            early: cell("note").starts_with("stops early"),
        };
        (cell("problem").to_string(), answer)
    };
    rows.records().map(|record| row(record.unwrap())).collect()
}

fn settings() -> Settings {
    Settings { max_iterations: 2000, f_tolerance: 1e-14, g_tolerance: 1e-9, ..Settings::default() }
}

fn solve(problem: &Problem) -> Minimizer {
    let bounds = Bounds::new(problem.lower.clone(), problem.upper.clone()).unwrap();
    let mut minimizer = Minimizer::new(&problem.start, bounds, settings());
    minimize(&mut minimizer, |x, g| problem.f_and_g(x, g));
    minimizer
}

/// What is wrong with our answer beside another's, if anything.
fn complaint(problem: &Problem, ours: &Minimizer, theirs: &Answer) -> Option<String> {
    let (f, evaluations, stop) = (ours.value(), ours.evaluations(), ours.stopped().unwrap());
    let size = RELATIVE * f.abs().max(theirs.f.abs());
    let same = (f - theirs.f).abs() <= size + if theirs.early { EARLY } else { ABSOLUTE };
    let cheap = evaluations as f64 <= EVALUATIONS * theirs.evaluations as f64;
    let ended = !matches!(stop, Stop::Iterations | Stop::Evaluations | Stop::NotFinite { .. });
    let said = format!(
        "{}: f = {f:e} in {evaluations} ({stop}), expected {:e} in {}",
        problem.name, theirs.f, theirs.evaluations
    );
    (!(same && cheap && ended)).then_some(said)
}

#[test]
fn there_are_at_least_forty_and_every_one_has_scipys_answer_for_the_same_formula() {
    let (problems, answers) = (problems::all(), scipy());
    assert!(problems.len() >= 40);
    assert_eq!(problems.len(), answers.len());
    for problem in &problems {
        let start = clamped_start(problem);
        let f = problem.f_and_g(&start, &mut vec![0.0; start.len()]);
        let (name, size) = (problem.name, f.abs().max(1.0));
        let expected = answers[name].f_start;
        assert!((f - expected).abs() <= 1e-12 * size, "{name}: f(start) = {f}, SciPy has {expected}");
    }
}

#[test]
fn every_gradient_is_the_slope_of_its_function_and_a_wrong_one_is_noticed() {
    for problem in &problems::all() {
        let mut x = clamped_start(problem);
        // A little inside, where the start is a kink of the domain.
        for (i, x) in x.iter_mut().enumerate() {
            *x += 1e-3 * (1.0 + i as f64 / 100.0);
        }
        let mut g = vec![0.0; x.len()];
        problem.f_and_g(&x, &mut g);
        let error = gradient_error(problem, &x, &g);
        assert!(error < 1e-5, "{}: {error}", problem.name);
        let steepest = (0..g.len()).max_by(|&a, &b| g[a].abs().total_cmp(&g[b].abs())).unwrap();
        g[steepest] *= 1.001;
        assert!(gradient_error(problem, &x, &g) > 1e-4, "{}: a wrong gradient passed", problem.name);
    }
}

/// The largest difference to central differences, relative to the largest entry.
fn gradient_error(problem: &Problem, x: &[f64], g: &[f64]) -> f64 {
    let mut unused = vec![0.0; x.len()];
    let mut f = |i: usize, h: f64| {
        let mut x = x.to_vec();
        x[i] += h;
        problem.f_and_g(&x, &mut unused)
    };
    let slope = |(i, g): (usize, &f64)| {
        let h = 1e-5 * x[i].abs().max(1e-2);
        // Fourth order: some of these functions are steep.
        let difference = (8.0 * (f(i, h) - f(i, -h)) - (f(i, 2.0 * h) - f(i, -2.0 * h))) / (12.0 * h);
        (difference - g).abs()
    };
    let worst = g.iter().enumerate().map(slope).fold(0.0, f64::max);
    worst / g.iter().fold(0.0, |size: f64, g| size.max(g.abs()))
}

fn clamped_start(problem: &Problem) -> Vec<f64> {
    let sides = problem.lower.iter().zip(&problem.upper);
    problem.start.iter().zip(sides).map(|(x, (l, u))| x.clamp(*l, *u)).collect()
}

#[test]
fn final_values_are_scipys_in_at_most_half_as_many_evaluations_again() {
    assert_agree(|_, scipys| scipys);
}

#[test]
fn final_values_are_basins_in_at_most_half_as_many_evaluations_again() {
    assert_agree(|problem, scipys| Answer { early: scipys.early, ..basin::solve(problem) });
}

/// Compares every problem's answer with the other one, given SciPy's.
fn assert_agree(other: impl Fn(&Problem, Answer) -> Answer) {
    let mut answers = scipy();
    let complaint = |problem: &Problem| {
        let scipys = answers.remove(problem.name).expect("an answer to every problem");
        complaint(problem, &solve(problem), &other(problem, scipys))
    };
    let complaints: Vec<String> = problems::all().iter().filter_map(complaint).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// The same problems for the crate `basin`, with the same tolerances.
mod basin {
    use super::{Answer, Problem, clamped_start};
    use ::basin::{
        BoxBounds, ConstraintDescription, ConstraintSet, Constraints, CostFunction, Executor,
        FirstOrderState, Gradient, Lbfgsb,
    };
    use std::cell::Cell;
    use std::convert::Infallible;

    struct CountedProblem<'a> {
        problem: &'a Problem,
        evaluations: &'a Cell<usize>,
    }

    pub fn solve(problem: &Problem) -> Answer {
        let evaluations = Cell::new(0);
        let solver = Lbfgsb::new()
            .with_m_capacity(10)
            .with_absolute_projected_gradient_tolerance(1e-9)
            .with_relative_cost_reduction_tolerance(1e-14);
        let start = FirstOrderState::new(clamped_start(problem));
        let counted = CountedProblem { problem, evaluations: &evaluations };
        let result = Executor::new(counted, solver, start).max_iter(2000).run().unwrap();
        Answer { f_start: f64::NAN, f: result.cost(), evaluations: evaluations.get(), early: false }
    }

    impl Constraints for CountedProblem<'_> {
        type Set = ConstraintSet<BoxBounds<Vec<f64>>>;

        fn constraints(&self) -> <Self::Set as ConstraintDescription>::Borrowed<'_> {
            let bounds = BoxBounds::new(Some(&self.problem.lower), Some(&self.problem.upper));
            ConstraintSet::new().with_bounds(bounds)
        }
    }

    impl CostFunction for CountedProblem<'_> {
        type Param = Vec<f64>;
        type Output = f64;
        type Error = Infallible;

        fn cost(&self, x: &Vec<f64>) -> Result<f64, Infallible> {
            self.evaluations.set(self.evaluations.get() + 1);
            Ok(self.problem.f_and_g(x, &mut vec![0.0; x.len()]))
        }
    }

    impl Gradient for CountedProblem<'_> {
        type Gradient = Vec<f64>;

        fn gradient(&self, x: &Vec<f64>) -> Result<Vec<f64>, Infallible> {
            let mut g = vec![0.0; x.len()];
            self.problem.f_and_g(x, &mut g);
            Ok(g)
        }
    }
}
