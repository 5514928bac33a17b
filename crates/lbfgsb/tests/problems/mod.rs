//! Bounded problems of the classic sets; `tests/scipy/make.py` holds the same list.

mod cutest;
mod dual;
mod more_garbow_hillstrom;

use cutest::*;
use dual::{Dual, MOST};
use more_garbow_hillstrom::*;

/// A function, a start and a box.
#[derive(Clone)]
pub struct Problem {
    pub name: &'static str,
    formula: fn(&[Dual]) -> Dual,
    pub start: Vec<f64>,
    pub lower: Vec<f64>,
    pub upper: Vec<f64>,
}

impl Problem {
    /// Writes the gradient and returns f.
    pub fn f_and_g(&self, x: &[f64], g: &mut [f64]) -> f64 {
        assert!(x.len() <= MOST, "{}: expected at most {MOST} variables, got {}", self.name, x.len());
        let f = (self.formula)(&Dual::variables(x));
        g.copy_from_slice(&f.gradient[..x.len()]);
        f.value
    }

    fn between(mut self, lower: &[f64], upper: &[f64]) -> Self {
        let n = self.start.len();
        self.lower = lower.iter().copied().cycle().take(n).collect();
        self.upper = upper.iter().copied().cycle().take(n).collect();
        self
    }
}

const INF: f64 = f64::INFINITY;

/// A problem without bounds whose start repeats `start` up to n variables.
fn problem(name: &'static str, formula: fn(&[Dual]) -> Dual, start: &[f64], n: usize) -> Problem {
    let start = start.iter().copied().cycle().take(n).collect();
    Problem { name, formula, start, lower: vec![-INF; n], upper: vec![INF; n] }
}

/// All of them.
pub fn all() -> Vec<Problem> {
    [rosenbrocks(), more_garbow_hillstrom(), cutest()].concat()
}

/// Rosenbrock in its corners: the minimizer inside, on a side, in a corner, outside; along the valley; fixed.
#[rustfmt::skip]
fn rosenbrocks() -> Vec<Problem> {
    vec![
        problem("rosenbrock", rosenbrock, &[-1.2, 1.0], 2),
        problem("rosenbrock boxed", rosenbrock, &[-1.2, 1.0], 2).between(&[-2.0], &[2.0]),
        problem("rosenbrock minimizer in the corner", rosenbrock, &[-1.2, 1.0], 2).between(&[-2.0], &[1.0]),
        problem("rosenbrock right of the minimizer", rosenbrock, &[2.0, 3.0], 2).between(&[1.5, -INF], &[INF]),
        problem("rosenbrock left of the minimizer", rosenbrock, &[-1.2, 1.0], 2).between(&[-INF], &[0.5, INF]),
        problem("rosenbrock below the valley", rosenbrock, &[-1.2, -1.0], 2).between(&[-2.0], &[2.0, -0.5]),
        problem("rosenbrock from a corner", rosenbrock, &[-2.0, 2.0], 2).between(&[-2.0], &[2.0]),
        problem("rosenbrock from outside the box", rosenbrock, &[-9.0, 9.0], 2).between(&[-1.5], &[0.8]),
        problem("rosenbrock with a fixed variable", rosenbrock, &[-1.2, 0.25], 2).between(&[-2.0, 0.25], &[2.0, 0.25]),
        problem("rosenbrock in a point", rosenbrock, &[5.0, 5.0], 2).between(&[0.5], &[0.5]),
        problem("rosenbrock in a thin box", rosenbrock, &[-1.2, 1.0], 2).between(&[-2.0, 0.36], &[2.0, 0.360_000_01]),
        problem("rosenbrock 20", rosenbrock, &[-1.2, 1.0], 20),
        problem("rosenbrock 20 boxed", rosenbrock, &[-1.2, 1.0], 20).between(&[-5.0], &[5.0]),
        problem("rosenbrock 40 half fixed", rosenbrock, &[-1.2, 0.5], 40).between(&[-5.0, 0.5], &[5.0, 0.5]),
        problem("rosenbrock 20 mixed bounds", rosenbrock, &[-1.2, 1.0], 20).between(&[-INF, 0.3, -1.0], &[0.8, INF, INF, 2.0]),
    ]
}

/// Moré, Garbow and Hillstrom's, some with the bounds of Gay (1984) or others that cut the minimizer off.
#[rustfmt::skip]
fn more_garbow_hillstrom() -> Vec<Problem> {
    vec![
        problem("freudenstein roth", freudenstein_roth, &[0.5, -2.0], 2),
        problem("freudenstein roth bounded", freudenstein_roth, &[6.0, 3.0], 2).between(&[0.0, 2.5], &[20.0, 10.0]),
        problem("powell badly scaled", powell_badly_scaled, &[0.0, 1.0], 2).between(&[0.0, 1.0], &[1.0, 9.0]),
        problem("brown badly scaled", brown_badly_scaled, &[1.0, 1.0], 2).between(&[0.0, 3e-5], &[1e6, 100.0]),
        problem("beale", beale, &[1.0, 1.0], 2),
        problem("beale bounded", beale, &[1.0, 1.0], 2).between(&[0.6, 0.5], &[10.0, 100.0]),
        problem("jennrich sampson", jennrich_sampson, &[0.3, 0.4], 2).between(&[0.0], &[1.0]),
        problem("jennrich sampson bounded", jennrich_sampson, &[0.3, 0.4], 2).between(&[0.26, 0.0], &[0.5, 0.4]),
        problem("helical valley", helical_valley, &[1.5, 2.0, 1.0], 3).between(&[0.1, -INF, -INF], &[INF]),
        problem("helical valley bounded", helical_valley, &[1.5, 2.0, 1.0], 3).between(&[0.1, 0.2, -1.0], &[0.8, 2.0, 1.0]),
        problem("bard", bard, &[1.0], 3).between(&[0.0], &[10.0]),
        problem("bard bounded", bard, &[1.0], 3).between(&[0.1, 0.0, 0.0], &[50.0, 100.0, 2.0]),
        problem("gaussian", gaussian, &[0.4, 1.0, 0.0], 3),
        problem("gaussian bounded", gaussian, &[0.4, 1.0, 0.0], 3).between(&[0.398, 1.0, -0.5], &[4.2, 2.0, 0.1]),
        problem("box three dimensional", box_three_dimensional, &[0.0, 10.0, 20.0], 3).between(&[0.0, 5.0, 0.0], &[2.0, 9.5, 20.0]),
        problem("powell singular", powell_singular, &[3.0, -1.0, 0.0, 1.0], 4).between(&[0.1, -20.0, -1.0, -1.0], &[100.0, 20.0, 1.0, 50.0]),
        problem("powell singular 20", powell_singular, &[3.0, -1.0, 0.0, 1.0], 20).between(&[-4.0], &[4.0]),
        problem("wood", wood, &[-3.0, -1.0], 4).between(&[-10.0], &[10.0]),
        problem("wood bounded", wood, &[-3.0, -1.0], 4).between(&[-100.0], &[0.0, 10.0, 100.0, 100.0]),
        problem("kowalik osborne", kowalik_osborne, &[0.25, 0.39, 0.415, 0.39], 4).between(&[0.0], &[0.42]),
        problem("kowalik osborne bounded", kowalik_osborne, &[0.25, 0.39, 0.415, 0.39], 4).between(&[0.0, -1.0, 0.13, 0.12], &[10.0, 12.0, 13.0, 12.0]),
        problem("brown dennis", brown_dennis, &[25.0, 5.0, -5.0, -1.0], 4),
        problem("brown dennis bounded", brown_dennis, &[25.0, 5.0, -5.0, -1.0], 4).between(&[-10.0, 0.0, -100.0, -20.0], &[100.0, 15.0, 0.0, 0.2]),
        problem("biggs exp6 bounded", biggs_exp6, &[1.0, 2.0, 1.0, 1.0, 1.0, 1.0], 6).between(&[0.0, 0.0, 0.0, 1.0, 0.0, 0.0], &[2.0, 8.0, 1.0, 7.0, 5.0, 5.0]),
        problem("watson 6", watson, &[0.0], 6),
        problem("watson 6 bounded", watson, &[0.0], 6).between(&[-0.015, -0.5, -0.5, -0.5, -0.5, -0.5], &[1.0]),
        problem("penalty 1", penalty_1, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0], 10).between(&[0.0, 1.0, 0.0, 0.0], &[100.0]),
        problem("variably dimensioned", variably_dimensioned, &ramp(10, |i, n| 1.0 - i / n), 10),
        problem("variably dimensioned bounded", variably_dimensioned, &ramp(10, |i, n| 1.0 - i / n), 10).between(&[0.0], &[10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 0.5]),
        problem("trigonometric bounded", trigonometric, &[0.1], 10).between(&[0.05], &[9.0, 18.0]),
        problem("discrete boundary value", discrete_boundary_value, &ramp(20, |i, n| i / (n + 1.0) * (i / (n + 1.0) - 1.0)), 20).between(&[-0.05], &[0.0]),
        problem("broyden tridiagonal", broyden_tridiagonal, &[-1.0], 30),
        problem("broyden tridiagonal bounded", broyden_tridiagonal, &[-1.0], 30).between(&[-0.6], &[-0.5, INF]),
        problem("broyden banded", broyden_banded, &[-1.0], 30).between(&[-1.0], &[INF, -0.3, 1.0]),
        problem("linear full rank", linear_full_rank, &[1.0], 20).between(&[-0.5], &[INF]),
    ]
}

/// CUTEst's.
#[rustfmt::skip]
fn cutest() -> Vec<Problem> {
    vec![
        problem("hs1", hs1, &[-2.0, 1.0], 2).between(&[-INF, -1.5], &[INF]),
        problem("hs2", hs1, &[-2.0, 1.0], 2).between(&[-INF, 1.5], &[INF]),
        problem("hs3", hs3, &[10.0, 1.0], 2).between(&[-INF, 0.0], &[INF]),
        problem("hs4", hs4, &[1.125, 0.125], 2).between(&[1.0, 0.0], &[INF]),
        problem("hs5", hs5, &[0.0, 0.0], 2).between(&[-1.5, -3.0], &[4.0, 3.0]),
        problem("hs38", wood, &[-3.0, -1.0], 4).between(&[-10.0], &[10.0]),
        problem("hs45", hs45, &[2.0], 5).between(&[0.0], &[1.0, 2.0, 3.0, 4.0, 5.0]),
        problem("hs110", hs110, &[9.0], 10).between(&[2.001], &[9.999]),
        problem("camel6", camel6, &[1.1, 1.1], 2).between(&[-3.0, -1.5], &[3.0, 1.5]),
        problem("mccormck", mccormck, &[0.0], 50).between(&[-1.5, -3.0], &[4.0, 3.0]),
        problem("hatflda", hatflda, &[0.1], 4).between(&[1e-7], &[INF]),
        problem("hatfldb", hatflda, &[0.1], 4).between(&[1e-7], &[INF, 0.8, INF, INF]),
        problem("hatfldc", hatfldc, &[0.9], 25).between(&[0.0], &[10.0]),
        problem("qudlin", qudlin, &[1.0], 12).between(&[0.0], &[10.0]),
        problem("biggsb1", biggsb1, &[0.0], 50).between(&[0.0], &[0.9]),
        problem("cvxbqp1", cvxbqp1, &[0.5], 50).between(&[0.1], &[10.0]),
        problem("ncvxbqp1", ncvxbqp1, &[0.5], 50).between(&[0.1], &[10.0]),
        problem("nonscomp", nonscomp, &[3.0], 50).between(&[-100.0, 1.0], &[100.0]),
        problem("explin", explin, &[0.0], 50).between(&[0.0], &[10.0]),
        problem("bdexp", bdexp, &[1.0], 50).between(&[0.0], &[INF]),
        problem("pentdi", pentdi, &[1.0], 50).between(&[0.0], &[INF]),
        problem("torsion", torsion, &[0.0], 64).between(&[-0.08], &[0.08]),
        problem("obstacle", obstacle, &[1.0], 64).between(&ramp(64, |i, _| 0.02 * (i * 0.7).sin().powi(2)), &[2.0]),
        problem("journal bearing", journal_bearing, &[0.01], 64).between(&[0.0], &[INF]),
    ]
}

/// `f(i, n)` for `i = 1, …, n`.
fn ramp(n: usize, f: fn(f64, f64) -> f64) -> Vec<f64> {
    (1..=n).map(|i| f(i as f64, n as f64)).collect()
}
