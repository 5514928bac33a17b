//! The search over c for one image, as a state machine around one minimization at a time.

use crate::attack::{Attack, Attempt, Outcome, Penalty};
use crate::bracket::Bracket;
use crate::distortion::{root_mean_square, squared_distance};
use lbfgsb::{Bounds, Minimizer};

/// One image's search: `ask` returns the point to evaluate; pass the loss, its gradient and the target's margin to `tell`.
pub(crate) struct Search<'a> {
    attack: &'a Attack,
    original: Vec<f64>,
    pub(crate) target: usize,
    minimizer: Minimizer,
    /// The c of the present minimization.
    c: f64,
    /// The target's logit minus the largest other one, at the minimizer's best point.
    margin: f64,
    bracket: Bracket,
    evaluations: usize,
    best: Option<Attempt>,
    last: Option<Attempt>,
    gradient: Vec<f64>,
    starts_at_target: bool,
}

impl<'a> Search<'a> {
    pub(crate) fn new(attack: &'a Attack, original: &[f64], target: usize) -> Self {
        let bounds = Bounds::uniform(original.len(), 0.0, 1.0).expect("the unit box");
        Self {
            attack,
            original: original.to_vec(),
            target,
            minimizer: Minimizer::new(original, bounds, attack.solver.clone()),
            c: attack.first_c,
            margin: f64::NEG_INFINITY,
            bracket: Bracket::default(),
            evaluations: 0,
            best: None,
            last: None,
            gradient: vec![0.0; original.len()],
            starts_at_target: false,
        }
    }

    /// The point to evaluate; `None` at the end.
    pub(crate) fn ask(&self) -> Option<&[f64]> {
        if self.starts_at_target { None } else { self.minimizer.ask() }
    }

    /// Takes the loss at the point that [`Search::ask`] returned, its gradient, and the target's margin over the other classes.
    pub(crate) fn tell(&mut self, loss: f64, gradient: &[f64], margin: f64) {
        self.starts_at_target |= self.evaluations == 0 && margin > 0.0;
        self.evaluations += 1;
        let f = loss + self.punish(gradient);
        if f < self.minimizer.value() {
            self.margin = margin;
        }
        self.minimizer.tell(f, &self.gradient);
        if self.minimizer.stopped().is_some() && !self.starts_at_target {
            self.note_minimizer();
            self.try_next_c();
        }
    }

    pub(crate) fn into_outcome(self) -> Outcome {
        let evaluations = self.evaluations;
        if self.starts_at_target {
            let attempt = Attempt { image: self.original, distortion: 0.0, c: f64::INFINITY, evaluations };
            return Outcome::Found(attempt);
        }
        match (self.best, self.last) {
            (Some(best), _) => Outcome::Found(Attempt { evaluations, ..best }),
            (None, Some(last)) => Outcome::NotFound(Attempt { evaluations, ..last }),
            (None, None) => unreachable!("a search ends after one minimization at the earliest"),
        }
    }

    /// `c · penalty(r)`; the penalty's gradient is added to the loss's.
    fn punish(&mut self, gradient: &[f64]) -> f64 {
        let point = self.minimizer.ask().expect("an answer follows a question");
        let squares = squared_distance(point, &self.original);
        // A norm this small has no direction; the square keeps the kink out of the arithmetic.
        let (penalty, slope) = match self.attack.penalty {
            Penalty::SquaredNorm => (squares, 2.0),
            Penalty::Norm => ((squares + 1e-12).sqrt(), 1.0 / (squares + 1e-12).sqrt()),
        };
        let slope = self.c * slope;
        for (((sum, g), x), x0) in self.gradient.iter_mut().zip(gradient).zip(point).zip(&self.original) {
            *sum = g + slope * (x - x0);
        }
        self.c * penalty
    }

    /// Keeps the minimizer's best point, where it is the nearest that reaches the target so far.
    fn note_minimizer(&mut self) {
        let image = self.minimizer.best().to_vec();
        let distortion = root_mean_square(&image, &self.original);
        let attempt = Attempt { image, distortion, c: self.c, evaluations: 0 };
        self.bracket.note(self.c, self.margin);
        if self.margin <= 0.0 {
            self.last = Some(attempt);
            return;
        }
        if self.best.as_ref().is_none_or(|best| distortion < best.distortion) {
            self.best = Some(attempt);
        }
    }

    /// Begins the next minimization, or none where the bracket is narrow enough.
    fn try_next_c(&mut self) {
        let Some(c) = self.bracket.next(self.attack) else { return };
        let curvature = 2.0 * (c - self.c);
        self.c = c;
        self.margin = f64::NEG_INFINITY;
        // The last point that reached the target is near the next minimizer; so is the image itself, before that.
        let start = self.best.as_ref().map_or(&self.original, |best| &best.image);
        match self.attack.penalty {
            Penalty::SquaredNorm => self.minimizer.restart_with_curvature(start, curvature),
            Penalty::Norm => self.minimizer.restart(start),
        }
    }
}
