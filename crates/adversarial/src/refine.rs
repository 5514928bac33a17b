//! Beyond the paper: from an adversarial image to the nearest point of the target's region.
//!
//! The penalty method weighs distance against loss, and so it stops inside the region, not on its border.
//! Sequential quadratic programming goes on: minimize `‖r‖²` under the logits' inequalities, linearized at the current point.
//! For a softmax the inequalities are linear and one step is exact.

use crate::attack::{Attempt, Outcome};
use crate::distortion::root_mean_square;
use crate::nearest::nearest_point;
use crate::objective::batch;
use core_net::{Net, gradient, pull_back};
use rayon::prelude::*;
use tensor::{DType, Tensor, tensor_of, to_f64s};

/// Maximum number of linearizations for one margin.
const STEPS: usize = 40;
/// Number of full steps; after them only half of each step is taken, which ends cycles between two linearizations.
const FULL_STEPS: usize = 8;
/// Converged when no pixel moves by more.
const STILL: f64 = 1e-9;
/// Margins of the target's logit over the others, tried in turn until a point is strictly inside.
const MARGINS: [f64; 5] = [1e-7, 1e-6, 1e-5, 1e-4, 1e-3];
/// Images that are linearized in one batch.
const LANES: usize = 16;

/// The outcomes, each moved to the nearest point of its target's region in the box that was found.
///
/// It starts from the outcome and from the image itself, and takes the nearer result; no outcome gets worse.
///
/// **Shape** as [`min_distortion`](crate::min_distortion), of whose result `outcomes` are.
///
/// # Panics
/// If the shapes do not fit.
pub fn refine(net: &Net, images: &Tensor, targets: &[usize], outcomes: &[Outcome]) -> Vec<Outcome> {
    assert_eq!(outcomes.len(), targets.len(), "refine: one outcome for each target");
    let net = net.to_dtype(DType::F64);
    let pixels = to_f64s(&images.to_dtype(DType::F64).expect("a cast in memory"));
    let size = pixels.len() / targets.len().max(1);
    let mut searches = Vec::new();
    for ((original, &target), outcome) in pixels.chunks_exact(size).zip(targets).zip(outcomes) {
        for start in [outcome.attempt().image.as_slice(), original] {
            searches.push(SqpSearch::new(original, target, start));
        }
    }
    searches.par_chunks_mut(LANES).for_each(|searches| run_all(&net, searches));
    let each = outcomes.iter().zip(searches.chunks_exact(2));
    each.map(|(outcome, searches)| nearer(outcome, searches)).collect()
}

/// The nearest of an outcome and the results of its searches.
fn nearer(outcome: &Outcome, searches: &[SqpSearch]) -> Outcome {
    let evaluations =
        outcome.attempt().evaluations + searches.iter().map(|search| search.evaluations).sum::<usize>();
    let mut best = Attempt { evaluations, ..outcome.attempt().clone() };
    let mut found = outcome.is_found();
    for (image, distortion) in searches.iter().filter_map(|search| search.best.as_ref()) {
        if !found || *distortion < best.distortion {
            best = Attempt { image: image.clone(), distortion: *distortion, ..best };
            found = true;
        }
    }
    if found { Outcome::Found(best) } else { Outcome::NotFound(best) }
}

/// Sequential quadratic programming from one start.
struct SqpSearch<'a> {
    original: &'a [f64],
    start: &'a [f64],
    target: usize,
    x: Vec<f64>,
    step: usize,
    margin: usize,
    evaluations: usize,
    best: Option<(Vec<f64>, f64)>,
    ended: bool,
}

impl<'a> SqpSearch<'a> {
    fn new(original: &'a [f64], target: usize, start: &'a [f64]) -> Self {
        let x = start.to_vec();
        Self { original, start, target, x, step: 0, margin: 0, evaluations: 0, best: None, ended: false }
    }

    /// Takes one step, given the logits' inequalities at x: `values + rows · (x′ − x) ≥ 0`.
    fn advance(&mut self, values: &[f64], rows: &[f64]) {
        self.evaluations += 1;
        self.keep_if_inside(values);
        let moved = if self.step < STEPS { self.move_on(values, rows) } else { 0.0 };
        self.step += 1;
        if moved < STILL {
            self.widen_margin();
        }
    }

    fn keep_if_inside(&mut self, values: &[f64]) {
        let distortion = root_mean_square(&self.x, self.original);
        let nearer = self.best.as_ref().is_none_or(|(_, best)| distortion < *best);
        if nearer && values.iter().all(|&value| value > 0.0) {
            self.best = Some((self.x.clone(), distortion));
        }
    }

    /// Steps towards the nearest point of the linearized region; the largest move of a pixel.
    fn move_on(&mut self, values: &[f64], rows: &[f64]) -> f64 {
        let n = self.x.len();
        let margin = MARGINS[self.margin];
        let at_original = |(value, row): (&f64, &[f64])| {
            let back: f64 = row.iter().zip(&self.x).zip(self.original).map(|((a, x), x0)| a * (x - x0)).sum();
            value - back - margin
        };
        let values: Vec<f64> = values.iter().zip(rows.chunks_exact(n)).map(at_original).collect();
        let (lower, upper): (Vec<f64>, Vec<f64>) = self.original.iter().map(|x0| (-x0, 1.0 - x0)).unzip();
        let r = nearest_point(&values, rows, &lower, &upper);
        let share = if self.step < FULL_STEPS { 1.0 } else { 0.5 };
        let mut largest = 0.0f64;
        for ((x, x0), r) in self.x.iter_mut().zip(self.original).zip(r) {
            let change = x0 + r - *x;
            largest = largest.max(change.abs());
            *x = (*x + share * change).clamp(0.0, 1.0);
        }
        largest
    }

    /// Ends if a point was inside; otherwise starts again with a wider margin.
    fn widen_margin(&mut self) {
        self.margin += 1;
        self.step = 0;
        self.x.copy_from_slice(self.start);
        self.ended = self.best.is_some() || self.margin == MARGINS.len();
    }
}

fn run_all(net: &Net, searches: &mut [SqpSearch]) {
    let mut running: Vec<&mut SqpSearch> = searches.iter_mut().collect();
    while !running.is_empty() {
        let points: Vec<&[f64]> = running.iter().map(|search| search.x.as_slice()).collect();
        let targets: Vec<usize> = running.iter().map(|search| search.target).collect();
        let (values, rows) = inequalities(net, &points, &targets);
        for ((search, values), rows) in running.iter_mut().zip(&values).zip(&rows) {
            search.advance(values, rows);
        }
        running.retain(|search| !search.ended);
    }
}

/// For each point the target's logit minus each other class's, and the derivatives of these, row-major `[classes − 1, pixels]`.
fn inequalities(net: &Net, points: &[&[f64]], targets: &[usize]) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
    let trace = net.forward(&batch(net, points));
    let logits = to_f64s(trace.output());
    let classes = logits.len() / points.len();
    let mut values = vec![Vec::with_capacity(classes - 1); points.len()];
    let mut rows = vec![Vec::new(); points.len()];
    for offset in 1..classes {
        let mut signal = vec![0.0; logits.len()];
        for (p, &target) in targets.iter().enumerate() {
            let other = (target + offset) % classes;
            signal[p * classes + target] = 1.0;
            signal[p * classes + other] = -1.0;
            values[p].push(logits[p * classes + target] - logits[p * classes + other]);
        }
        let signal = tensor_of(signal, &[points.len(), classes]);
        let slopes = to_f64s(&pull_back(net, &trace, net.output(), signal, gradient));
        for (rows, slope) in rows.iter_mut().zip(slopes.chunks_exact(points[0].len())) {
            rows.extend_from_slice(slope);
        }
    }
    (values, rows)
}
