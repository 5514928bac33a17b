//! Linearized decision boundaries: the nearest point of a half-space in the box, and a search that follows them.

use crate::distortion::root_mean_square;
use crate::objective::{LogitSlope, predicted};
use tensor::dot;

/// Number of full steps; after them only half of each step is taken, which ends cycles between two linearizations.
const FULL_STEPS: usize = 6;
/// By which share a step goes beyond the linearized boundary, before and after the full steps.
const OVERSHOOT: [f64; 2] = [0.02, 0.002];
/// Steps in front of the boundary after which each doubles that share, until one ends beyond it.
const PATIENT_STEPS: usize = 2;
/// Improvements of the distortion by a smaller share do not count.
const IMPROVEMENT: f64 = 1e-3;
/// Steps after which a boundary whose linearization is farther than the best distortion is given up, and how much farther.
const HOPELESS: [(usize, f64); 2] = [(3, 1.3), (FULL_STEPS, 1.05)];

/// The smallest r with `slope · r ≥ gain` and `lower ≤ r ≤ upper`; where the box is too small, the one of the largest gain.
///
/// It is `r = clip(μ · slope)`, whose gain is a concave and piecewise linear function of μ:
/// Newton's method from the left reaches the μ that is sought in finitely many steps.
pub(crate) fn nearest_in_half_space(slope: &[f64], gain: f64, lower: &[f64], upper: &[f64]) -> Vec<f64> {
    let at = |mu: f64| -> Vec<f64> {
        let bounds = lower.iter().zip(upper);
        slope.iter().zip(bounds).map(|(s, (l, u))| (mu * s).clamp(*l, *u)).collect()
    };
    let mut mu = 0.0;
    let mut r = at(mu);
    loop {
        let missing = gain - dot(slope, &r);
        let inside = |(s, (r, (l, u))): (&f64, (&f64, (&f64, &f64)))| {
            let is_free = if *s > 0.0 { r < u } else { r > l };
            if is_free { s * s } else { 0.0 }
        };
        let free: f64 = slope.iter().zip(r.iter().zip(lower.iter().zip(upper))).map(inside).sum();
        if missing <= 1e-12 * gain.abs() || free <= 0.0 || !missing.is_finite() {
            return r;
        }
        let next = mu + missing / free;
        if next <= mu {
            return r;
        }
        mu = next;
        r = at(mu);
    }
}

/// A search for the nearest point beyond the boundary between two classes, by repeated linearization.
///
/// Each step goes to the point of the linearized boundary that is nearest to the image, in the box.
/// Until a point of another class is known, later steps go on from the last point instead, as DeepFool's do
/// (Moosavi-Dezfooli, Fawzi & Frossard 2016).
pub(crate) struct BoundarySearch<'a> {
    original: &'a [f64],
    source: usize,
    pub(crate) target: usize,
    pub(crate) x: Vec<f64>,
    step: usize,
    overshoot: f64,
    /// Steps since the distortion became clearly smaller.
    idle: usize,
    /// Distortion of the nearest point of the last linearization.
    pub(crate) estimate: f64,
    pub(crate) best: Option<Crossing>,
    pub(crate) ended: bool,
}

/// A point that the net assigns to another class.
#[derive(Clone, Debug)]
pub(crate) struct Crossing {
    pub(crate) image: Vec<f64>,
    pub(crate) distortion: f64,
    pub(crate) class: usize,
}

/// When a search ends.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) steps: usize,
    pub(crate) patience: usize,
    /// The smallest distortion known from other searches.
    pub(crate) bound: f64,
}

impl<'a> BoundarySearch<'a> {
    pub(crate) fn new(original: &'a [f64], source: usize, target: usize) -> Self {
        Self {
            original,
            source,
            target,
            x: original.to_vec(),
            step: 0,
            overshoot: OVERSHOOT[0],
            idle: 0,
            estimate: f64::INFINITY,
            best: None,
            ended: false,
        }
    }

    /// The classes whose difference is needed at x.
    pub(crate) fn pair(&self) -> [usize; 2] {
        [self.target, self.source]
    }

    /// Takes logits and slope of `target` minus `source` at x, and moves x.
    pub(crate) fn tell(&mut self, answer: &LogitSlope, limits: Limits) {
        self.keep_if_beyond(&answer.logits);
        let value = answer.logits[self.target] - answer.logits[self.source];
        let steepest = answer.slope.iter().fold(0.0f64, |most, s| most.max(s.abs()));
        if !value.is_finite() || !steepest.is_finite() || steepest == 0.0 {
            self.ended = true;
            return;
        }
        self.step_on(value, &answer.slope);
        self.step += 1;
        self.idle += 1;
        let found = self.best.as_ref().map_or(f64::INFINITY, |best| best.distortion);
        let bound = limits.bound.min(found);
        let is_hopeless =
            HOPELESS.iter().any(|&(steps, factor)| self.step >= steps && self.estimate > factor * bound);
        let is_done = self.best.is_some() && self.idle > limits.patience;
        self.ended = self.step >= limits.steps || is_hopeless && found >= limits.bound || is_done;
    }

    fn keep_if_beyond(&mut self, logits: &[f64]) {
        let Some(class) = predicted(logits).filter(|&class| class != self.source) else { return };
        let distortion = root_mean_square(&self.x, self.original);
        let known = self.best.as_ref().map_or(f64::INFINITY, |best| best.distortion);
        if distortion < known {
            if distortion < (1.0 - IMPROVEMENT) * known {
                self.idle = 0;
            }
            self.best = Some(Crossing { image: self.x.clone(), distortion, class });
        }
    }

    fn step_on(&mut self, value: f64, slope: &[f64]) {
        let is_early = self.step < FULL_STEPS;
        if self.best.is_some() {
            self.overshoot = if is_early { OVERSHOOT[0] } else { OVERSHOOT[1] };
        } else if self.step > PATIENT_STEPS {
            self.overshoot = (2.0 * self.overshoot).min(1.0);
        }
        let overshoot = 1.0 + self.overshoot;
        let moved: f64 = slope.iter().zip(&self.x).zip(self.original).map(|((s, x), x0)| s * (x - x0)).sum();
        let gain = moved - value;
        let r = nearest(self.original, slope, gain.max(0.0) * overshoot);
        self.estimate = root_mean_square(&r, &vec![0.0; r.len()]);
        if self.best.is_none() && (!is_early || gain <= 0.0) {
            let d = nearest(&self.x, slope, value.abs() * overshoot);
            self.x.iter_mut().zip(d).for_each(|(x, d)| *x = (*x + d).clamp(0.0, 1.0));
            return;
        }
        let share = if is_early { 1.0 } else { 0.5 };
        for ((x, x0), r) in self.x.iter_mut().zip(self.original).zip(r) {
            *x = (*x + share * (x0 + r - *x)).clamp(0.0, 1.0);
        }
    }
}

/// The smallest change of this point with this gain, in the box.
fn nearest(from: &[f64], slope: &[f64], gain: f64) -> Vec<f64> {
    let (lower, upper): (Vec<f64>, Vec<f64>) = from.iter().map(|x| (-x, 1.0 - x)).unzip();
    nearest_in_half_space(slope, gain, &lower, &upper)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nearest::nearest_point;
    use tensor::{DType, seeded, to_f64s, uniform};

    #[test]
    fn a_half_space_has_the_nearest_point_of_the_dual_problem() {
        for seed in 0..20 {
            let slope = to_f64s(&uniform(&mut seeded(seed, "slope"), &[12], 1.0, DType::F64));
            let x = to_f64s(&(uniform(&mut seeded(seed, "x"), &[12], 0.5, DType::F64) + 0.5).unwrap());
            let (lower, upper): (Vec<f64>, Vec<f64>) = x.iter().map(|x| (-x, 1.0 - x)).unzip();
            let r = nearest_in_half_space(&slope, 1.0, &lower, &upper);
            let expected = nearest_point(&[-1.0], &slope, &lower, &upper);
            assert!(r.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-6), "{r:?} {expected:?}");
        }
        let out_of_reach = nearest_in_half_space(&[1.0, -2.0], 100.0, &[-0.5; 2], &[0.25; 2]);
        assert_eq!(out_of_reach, [0.25, -0.5]);
    }
}
