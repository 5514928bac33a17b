//! One problem, as a state machine: `ask` returns the point to evaluate, `tell` takes f and its gradient there.

use crate::bounds::{Bounds, Kind};
use crate::cauchy::CauchyPoint;
use crate::line_search::{LineSearch, Verdict};
use crate::pairs::Pairs;
use crate::products::{dot, greatest};
use crate::settings::Settings;
use crate::stop::Stop;
use crate::subspace::Subspace;
use serde::{Deserialize, Serialize};

/// The longest step where no bound limits it.
const LONGEST_STEP: f64 = 1e10;

/// One bounded minimization: [`ask`](Self::ask) returns the point to evaluate; pass f and its gradient to [`tell`](Self::tell).
///
/// All memory is allocated by [`Minimizer::new`]; no later call allocates.
/// Serialized and read back, it returns the same points to the last bit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Minimizer {
    settings: Settings,
    bounds: Bounds,
    /// The iterate `x_k`, with f and g there.
    x: Vec<f64>,
    f: f64,
    g: Vec<f64>,
    /// The point to evaluate.
    trial: Vec<f64>,
    best: Vec<f64>,
    value: f64,
    /// The model's minimizer x̄ and the search direction `d = x̄ − x_k`.
    target: Vec<f64>,
    direction: Vec<f64>,
    pairs: Pairs,
    cauchy: CauchyPoint,
    subspace: Subspace,
    /// `None` before f and g are known at the start.
    search: Option<Search>,
    evaluations: usize,
    iterations: usize,
    stopped: Option<Stop>,
}

/// A line search under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Search {
    line: LineSearch,
    step: f64,
    slope: f64,
    tried: usize,
}

impl Minimizer {
    /// A minimization from the point of the box that is nearest to `start`.
    ///
    /// # Panics
    /// When `start` has not one number for each variable of `bounds`, or when `settings.memory` is 0.
    pub fn new(start: &[f64], bounds: Bounds, settings: Settings) -> Self {
        let (n, memory) = (bounds.dimension(), settings.memory);
        assert!(memory > 0, "Minimizer::new: expected a memory of at least one pair, got 0");
        let zeros = vec![0.0; n];
        let mut minimizer = Self {
            x: zeros.clone(),
            f: f64::INFINITY,
            g: zeros.clone(),
            trial: zeros.clone(),
            best: zeros.clone(),
            value: f64::INFINITY,
            target: zeros.clone(),
            direction: zeros,
            pairs: Pairs::new(n, memory),
            cauchy: CauchyPoint::new(n, memory),
            subspace: Subspace::new(n, memory),
            search: None,
            evaluations: 0,
            iterations: 0,
            stopped: None,
            bounds,
            settings,
        };
        minimizer.restart(start);
        minimizer
    }

    /// Restarts from another start in the same box, without curvature pairs, counts or best point.
    ///
    /// # Panics
    /// When `start` has the wrong length or a NaN.
    pub fn restart(&mut self, start: &[f64]) {
        self.pairs.clear();
        self.start_at(start);
    }

    /// Restarts for a function that differs from the last by `curvature / 2 · ‖x − a‖²`, for any a, and by a constant.
    ///
    /// The curvature pairs are corrected by that difference and kept, so that the weight of a squared norm can change
    /// without losing them; the counts and the best point are reset.
    ///
    /// # Panics
    /// When `start` has the wrong length or a NaN.
    pub fn restart_with_curvature(&mut self, start: &[f64], curvature: f64) {
        self.pairs.add_curvature(curvature);
        self.start_at(start);
    }

    fn start_at(&mut self, start: &[f64]) {
        let n = self.bounds.dimension();
        assert_eq!(start.len(), n, "Minimizer: expected a start of {n} variables, got {}", start.len());
        assert!(!start.iter().any(|x| x.is_nan()), "Minimizer: expected numbers in the start, got a NaN");
        self.trial.copy_from_slice(start);
        self.bounds.project(&mut self.trial);
        self.best.copy_from_slice(&self.trial);
        self.value = f64::INFINITY;
        self.search = None;
        (self.evaluations, self.iterations, self.stopped) = (0, 0, None);
    }

    /// The point to evaluate, always in the box; `None` once stopped.
    pub fn ask(&self) -> Option<&[f64]> {
        self.stopped.is_none().then_some(&self.trial)
    }

    /// Takes f and its gradient at the point that [`ask`](Self::ask) returned.
    ///
    /// # Panics
    /// When it has stopped, or when `gradient` has the wrong length.
    pub fn tell(&mut self, f: f64, gradient: &[f64]) {
        let n = self.trial.len();
        let runs = self.stopped.is_none();
        assert!(runs, "Minimizer::tell: expected a minimization that runs, but it has stopped");
        assert_eq!(gradient.len(), n, "Minimizer::tell: expected a gradient of {n}, got {}", gradient.len());
        self.evaluations += 1;
        if let Some(stop) = self.not_finite(f, gradient) {
            self.stopped = Some(stop);
            return;
        }
        if f < self.value {
            self.value = f;
            self.best.copy_from_slice(&self.trial);
        }
        match self.search.take() {
            None => self.accept_start(f, gradient),
            Some(search) => self.continue_search(search, f, gradient),
        }
    }

    /// The evaluated point with the lowest f; before the first evaluation the start.
    pub fn best(&self) -> &[f64] {
        &self.best
    }

    /// f at [`Minimizer::best`]; infinite before the first evaluation.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The number of evaluations of f and its gradient.
    pub fn evaluations(&self) -> usize {
        self.evaluations
    }

    /// The number of iterations: line searches that ended at a new iterate.
    pub fn iterations(&self) -> usize {
        self.iterations
    }

    /// Why it stopped; `None` while it runs.
    pub fn stopped(&self) -> Option<Stop> {
        self.stopped
    }

    /// The number of variables n.
    pub(crate) fn dimension(&self) -> usize {
        self.trial.len()
    }

    /// Whether this is a search in `bounds` for the minimum of `f_and_g`: at the iterate, its value and gradient are
    /// those that were told, to the last bit.
    pub(crate) fn agrees_with(
        &self,
        bounds: &Bounds,
        f_and_g: impl FnOnce(&[f64], &mut [f64]) -> f64,
    ) -> bool {
        let mut g = vec![0.0; bounds.dimension()];
        let bits = |g: &[f64]| g.iter().map(|g| g.to_bits()).collect::<Vec<_>>();
        *bounds == self.bounds
            && self.x.len() == g.len()
            && f_and_g(&self.x, &mut g).to_bits() == self.f.to_bits()
            && bits(&g) == bits(&self.g)
    }

    fn not_finite(&self, f: f64, gradient: &[f64]) -> Option<Stop> {
        let evaluation = self.evaluations;
        if !f.is_finite() {
            return Some(Stop::NotFinite { evaluation, entry: None });
        }
        let wrong = |[g]: [f64; 1]| if g.is_finite() { 0.0 } else { 1.0 };
        if greatest([gradient], wrong) <= 0.0 {
            return None;
        }
        let entry = gradient.iter().position(|g| !g.is_finite());
        Some(Stop::NotFinite { evaluation, entry })
    }

    /// Takes f and g at the start.
    fn accept_start(&mut self, f: f64, gradient: &[f64]) {
        self.move_to_trial(f, gradient);
        self.stopped = self.out_of_iterations();
        if self.bounds.projected_gradient_norm(&self.x, &self.g) <= self.settings.g_tolerance {
            self.stopped = Some(Stop::Gradient);
        }
        self.next_iteration();
    }

    /// Takes f and g at a step of the line search.
    fn continue_search(&mut self, mut search: Search, f: f64, gradient: &[f64]) {
        search.tried += 1;
        match search.line.tell(f, dot(&self.direction, gradient)) {
            Verdict::Accept => self.accept(&search, f, gradient),
            Verdict::Try(step) if search.tried < self.settings.max_line_search => {
                search.step = step;
                self.try_step(search);
            }
            Verdict::Try(_) | Verdict::Fail => {
                // Along steepest descent, in case the curvature pairs are to blame.
                self.drop_pairs_or_stop();
                self.next_iteration();
            }
        }
    }

    /// Makes the trial point the next iterate.
    fn accept(&mut self, search: &Search, f: f64, gradient: &[f64]) {
        self.iterations += 1;
        let reduction = (self.f - f) / self.f.abs().max(f.abs()).max(1.0);
        self.update_pairs(search, gradient);
        self.move_to_trial(f, gradient);
        self.stopped = if self.bounds.projected_gradient_norm(&self.x, &self.g) <= self.settings.g_tolerance {
            Some(Stop::Gradient)
        } else if reduction <= self.settings.f_tolerance {
            Some(Stop::Reduction)
        } else {
            self.out_of_iterations()
        };
        self.next_iteration();
    }

    fn out_of_iterations(&self) -> Option<Stop> {
        (self.iterations >= self.settings.max_iterations).then_some(Stop::Iterations)
    }

    fn move_to_trial(&mut self, f: f64, gradient: &[f64]) {
        self.f = f;
        self.x.copy_from_slice(&self.trial);
        self.g.copy_from_slice(gradient);
    }

    /// Adds the pair `s = trial − x`, `y = gradient − g`, unless its curvature is lost in rounding.
    fn update_pairs(&mut self, search: &Search, gradient: &[f64]) {
        let (s, y) = (&mut self.direction, &mut self.target);
        subtract(&self.trial, &self.x, s);
        subtract(gradient, &self.g, y);
        let sy = dot(s, y);
        if sy > f64::EPSILON * -search.slope * search.step {
            self.pairs.insert(s, y, dot(y, y) / sy);
        }
    }

    /// Starts a line search towards the model's minimizer, unless stopped.
    fn next_iteration(&mut self) {
        while self.stopped.is_none() {
            let slope = self.update_direction().map_or(0.0, |()| dot(&self.direction, &self.g));
            if slope < 0.0 {
                let search = self.line_search(slope);
                return self.try_step(search);
            }
            self.drop_pairs_or_stop();
        }
    }

    fn drop_pairs_or_stop(&mut self) {
        if self.pairs.len() == 0 {
            self.stopped = Some(Stop::LineSearch);
        }
        self.pairs.clear();
    }

    /// `d = x̄ − x` with x̄ the model's minimizer: the Cauchy point, then the free variables.
    fn update_direction(&mut self) -> Option<()> {
        if self.bounds.kind() == Kind::Unbounded && self.pairs.len() > 0 {
            self.cauchy.set_to(&self.x);
        } else {
            self.cauchy.compute(&self.x, &self.g, &self.bounds, &self.pairs)?;
        }
        if self.pairs.len() > 0 && self.cauchy.any_free() {
            self.subspace.minimize((&self.x, &self.g), &self.cauchy, &self.bounds, &mut self.pairs)?;
            self.target.copy_from_slice(&self.subspace.target);
        } else {
            self.target.copy_from_slice(&self.cauchy.point);
        }
        subtract(&self.target, &self.x, &mut self.direction);
        Some(())
    }

    fn line_search(&self, slope: f64) -> Search {
        let kind = self.bounds.kind();
        let longest = match kind {
            Kind::Unbounded => LONGEST_STEP,
            _ if self.iterations == 0 => 1.0,
            _ => self.bounds.longest_step(&self.x, &self.direction).clamp(1.0, LONGEST_STEP),
        };
        let length = dot(&self.direction, &self.direction).sqrt();
        let first = self.iterations == 0 && kind != Kind::Boxed;
        let step = if first { longest.min(1.0 / length) } else { 1.0 };
        Search { line: LineSearch::new(self.f, slope, step, longest), step, slope, tried: 0 }
    }

    /// Makes `x + step d` the point to evaluate, unless the evaluations are used up.
    fn try_step(&mut self, search: Search) {
        if self.evaluations >= self.settings.max_evaluations {
            self.stopped = Some(Stop::Evaluations);
            return;
        }
        if search.step == 1.0 {
            self.trial.copy_from_slice(&self.target);
        } else {
            for ((trial, x), d) in self.trial.iter_mut().zip(&self.x).zip(&self.direction) {
                *trial = x + search.step * d;
            }
            self.bounds.project(&mut self.trial);
        }
        self.search = Some(search);
    }
}

/// `out := a − b`.
fn subtract(a: &[f64], b: &[f64], out: &mut [f64]) {
    for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
        *out = a - b;
    }
}
