//! Drivers: one problem with a closure, and many problems at once.

use crate::minimizer::Minimizer;
use crate::stop::Stop;
use rayon::prelude::*;

/// Minimizes one problem; `f_and_g` writes the gradient and returns f.
pub fn minimize(problem: &mut Minimizer, mut f_and_g: impl FnMut(&[f64], &mut [f64]) -> f64) -> Stop {
    let mut gradient = vec![0.0; problem.dimension()];
    loop {
        if let Some(stop) = problem.stopped() {
            return stop;
        }
        if let Some(point) = problem.ask() {
            let f = f_and_g(point, &mut gradient);
            problem.tell(f, &gradient);
        }
    }
}

/// Minimizes many problems together: each step evaluates all that have not stopped.
///
/// `evaluate(which, points, values, gradients)` gets the ascending indices of these problems and their points;
/// it writes one value for each, and their gradients, concatenated in the same order.
/// Between evaluations the problems are updated in parallel; each iterate depends on its own problem alone.
pub fn minimize_many(
    problems: &mut [Minimizer],
    mut evaluate: impl FnMut(&[usize], &[&[f64]], &mut [f64], &mut [f64]),
) {
    let mut values = vec![0.0; problems.len()];
    let mut gradients = vec![0.0; problems.iter().map(Minimizer::dimension).sum()];
    loop {
        let asking = problems.iter().enumerate().filter_map(|(i, problem)| Some((i, problem.ask()?)));
        let (which, points): (Vec<_>, Vec<_>) = asking.unzip();
        if which.is_empty() {
            return;
        }
        let size = points.iter().map(|point| point.len()).sum();
        evaluate(&which, &points, &mut values[..which.len()], &mut gradients[..size]);
        tell_all(problems, &values, &gradients);
    }
}

/// Passes each problem that runs its value and its part of the gradients.
fn tell_all(problems: &mut [Minimizer], values: &[f64], mut gradients: &[f64]) {
    let mut answers = Vec::with_capacity(values.len());
    for (problem, &f) in problems.iter_mut().filter(|problem| problem.stopped().is_none()).zip(values) {
        let (gradient, rest) = gradients.split_at(problem.dimension());
        answers.push((problem, f, gradient));
        gradients = rest;
    }
    answers.into_par_iter().for_each(|(problem, f, gradient)| problem.tell(f, gradient));
}
