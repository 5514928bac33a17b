//! The line search of Moré and Thuente (1994).

use serde::{Deserialize, Serialize};

/// Sufficient decrease `f(α) ≤ f(0) + F_TOLERANCE α f′(0)`.
const F_TOLERANCE: f64 = 1e-3;
/// Curvature `|f′(α)| ≤ G_TOLERANCE |f′(0)|`.
const G_TOLERANCE: f64 = 0.9;
/// Relative width of the bracket below which the search ends.
const X_TOLERANCE: f64 = 0.1;
/// How far a step may grow, as a multiple of the last stretch.
const GROWTH: (f64, f64) = (1.1, 4.0);

/// A step, with f and its slope along the search direction there.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Point {
    step: f64,
    f: f64,
    slope: f64,
}

/// A search for a step that satisfies both conditions above.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct LineSearch {
    start: Point,
    longest: f64,
    /// The step that is to be tried next.
    step: f64,
    /// The endpoint with the least f, and the other one.
    best: Point,
    other: Point,
    bracketed: bool,
    /// Whether a step with sufficient decrease and positive slope has been seen.
    second_stage: bool,
    /// Where the next step must lie.
    least: f64,
    greatest: f64,
    /// Width of the bracket, now and one update ago.
    width: f64,
    last_width: f64,
}

/// What follows from f and its slope at a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// Try this step.
    Try(f64),
    /// The step just tried is the answer.
    Accept,
    /// No step can be found.
    Fail,
}

impl LineSearch {
    /// A search from `f(0) = f` with the slope `f′(0) = slope < 0`, first at `step`, never beyond `longest`.
    pub(crate) fn new(f: f64, slope: f64, step: f64, longest: f64) -> Self {
        let start = Point { step: 0.0, f, slope };
        Self {
            start,
            longest,
            step,
            best: start,
            other: start,
            bracketed: false,
            second_stage: false,
            least: 0.0,
            greatest: step + GROWTH.1 * step,
            width: longest,
            last_width: 2.0 * longest,
        }
    }

    /// Takes f and its slope at the step to try.
    pub(crate) fn tell(&mut self, f: f64, slope: f64) -> Verdict {
        let here = Point { step: self.step, f, slope };
        let decreased = f <= self.ceiling(here.step);
        self.second_stage |= decreased && slope >= 0.0;
        if decreased && slope.abs() <= G_TOLERANCE * -self.start.slope {
            return Verdict::Accept;
        }
        let at_the_end = here.step == self.longest && decreased && slope <= F_TOLERANCE * self.start.slope;
        if at_the_end || self.exhausted(here.step) {
            return if f < self.start.f { Verdict::Accept } else { Verdict::Fail };
        }
        self.update(here);
        self.narrow();
        if self.step > 0.0 { Verdict::Try(self.step) } else { Verdict::Fail }
    }

    /// The greatest f with sufficient decrease at a step.
    fn ceiling(&self, step: f64) -> f64 {
        self.start.f + step * F_TOLERANCE * self.start.slope
    }

    /// Whether the bracket is too narrow to leave room for `step`.
    fn exhausted(&self, step: f64) -> bool {
        self.bracketed
            && (step <= self.least
                || step >= self.greatest
                || self.greatest - self.least <= X_TOLERANCE * self.greatest)
    }

    /// Updates the bracket and the step, in the first stage on `ψ(α) = f(α) − F_TOLERANCE α f′(0)`.
    fn update(&mut self, here: Point) {
        let lift = F_TOLERANCE * self.start.slope;
        let on_psi = !self.second_stage && here.f <= self.best.f && here.f > self.ceiling(here.step);
        let lift = if on_psi { lift } else { 0.0 };
        let psi = |a: Point| Point { step: a.step, f: a.f - a.step * lift, slope: a.slope - lift };
        let f = |a: Point| Point { step: a.step, f: a.f + a.step * lift, slope: a.slope + lift };
        let (mut best, mut other) = (psi(self.best), psi(self.other));
        self.step = self.safeguarded_step(&mut best, &mut other, psi(here));
        (self.best, self.other) = (f(best), f(other));
    }

    /// Halves a bracket that shrinks too slowly, sets the limits of the next step and keeps it within them.
    fn narrow(&mut self) {
        let (best, other) = (self.best.step, self.other.step);
        if self.bracketed {
            if (other - best).abs() >= 0.66 * self.last_width {
                self.step = best + 0.5 * (other - best);
            }
            self.last_width = self.width;
            self.width = (other - best).abs();
            (self.least, self.greatest) = (best.min(other), best.max(other));
        } else {
            self.least = self.step + GROWTH.0 * (self.step - best);
            self.greatest = self.step + GROWTH.1 * (self.step - best);
        }
        self.step = self.step.clamp(0.0, self.longest);
        if self.exhausted(self.step) {
            self.step = best;
        }
    }

    /// The four cases of section 4: the next step, from the interval's endpoints and the step just tried.
    fn safeguarded_step(&mut self, best: &mut Point, other: &mut Point, here: Point) -> f64 {
        let opposite = here.slope * best.slope.signum() < 0.0;
        let next = if here.f > best.f {
            self.bracketed = true;
            after_rise(*best, here)
        } else if opposite {
            self.bracketed = true;
            after_turn(*best, here)
        } else if here.slope.abs() < best.slope.abs() {
            self.after_flattening(*best, *other, here)
        } else if self.bracketed {
            here.step + cubic(here, *other).0 * (other.step - here.step)
        } else if here.step > best.step {
            self.greatest
        } else {
            self.least
        };
        if here.f > best.f {
            *other = here;
        } else {
            if opposite {
                *other = *best;
            }
            *best = here;
        }
        next
    }

    /// Case 3, f fell and its slope flattened: the cubic may have no minimum on this side.
    fn after_flattening(&self, best: Point, other: Point, here: Point) -> f64 {
        let (ratio, root) = cubic(here, best);
        let cubic_step = if ratio < 0.0 && root != 0.0 {
            here.step + ratio * (best.step - here.step)
        } else if here.step > best.step {
            self.greatest
        } else {
            self.least
        };
        let secant_step = secant(here, best);
        let cubic_is_nearer = (cubic_step - here.step).abs() < (secant_step - here.step).abs();
        if !self.bracketed {
            let farther = if cubic_is_nearer { secant_step } else { cubic_step };
            return farther.min(self.greatest).max(self.least);
        }
        let nearer = if cubic_is_nearer { cubic_step } else { secant_step };
        let limit = here.step + 0.66 * (other.step - here.step);
        if here.step > best.step { nearer.min(limit) } else { nearer.max(limit) }
    }
}

/// Case 1, f rose: the cubic's minimum where it is nearer to the best step, else halfway to the quadratic's.
fn after_rise(best: Point, here: Point) -> f64 {
    let stretch = here.step - best.step;
    let cubic_step = best.step + cubic(best, here).0 * stretch;
    let chord = (best.f - here.f) / stretch;
    let quadratic_step = best.step + best.slope / (chord + best.slope) / 2.0 * stretch;
    if (cubic_step - best.step).abs() < (quadratic_step - best.step).abs() {
        cubic_step
    } else {
        cubic_step + (quadratic_step - cubic_step) / 2.0
    }
}

/// Case 2, f fell and its slope changed sign: the farther of the cubic's minimum and the secant's zero.
fn after_turn(best: Point, here: Point) -> f64 {
    let cubic_step = here.step + cubic(here, best).0 * (best.step - here.step);
    let secant_step = secant(here, best);
    if (cubic_step - here.step).abs() > (secant_step - here.step).abs() { cubic_step } else { secant_step }
}

/// Where the line through the two slopes is zero.
fn secant(here: Point, best: Point) -> f64 {
    here.step + here.slope / (here.slope - best.slope) * (best.step - here.step)
}

/// The minimizer of the cubic with the values and slopes at a and b, as a fraction of the way from a to b,
/// and the root of its discriminant.
fn cubic(a: Point, b: Point) -> (f64, f64) {
    let theta = 3.0 * (a.f - b.f) / (b.step - a.step) + a.slope + b.slope;
    let scale = theta.abs().max(a.slope.abs()).max(b.slope.abs());
    let square = (theta / scale).powi(2) - (a.slope / scale) * (b.slope / scale);
    let root = scale * square.max(0.0).sqrt();
    let root = if b.step < a.step { -root } else { root };
    let (p, q) = ((root - a.slope) + theta, ((root - a.slope) + root) + b.slope);
    (p / q, root)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The steps of a search on a function of the step, for at most fifty evaluations, and the last verdict.
    fn steps(phi: impl Fn(f64) -> (f64, f64), first: f64, longest: f64) -> (Vec<f64>, Verdict) {
        let (f, slope) = phi(0.0);
        let mut line = LineSearch::new(f, slope, first, longest);
        let (mut tried, mut verdict) = (vec![], Verdict::Try(first));
        while let (Verdict::Try(step), 0..50) = (verdict, tried.len()) {
            tried.push(step);
            let (f, slope) = phi(step);
            verdict = line.tell(f, slope);
        }
        (tried, verdict)
    }

    /// The last step and verdict.
    fn search(phi: impl Fn(f64) -> (f64, f64), first: f64, longest: f64) -> (f64, Verdict) {
        let (tried, verdict) = steps(phi, first, longest);
        (tried[tried.len() - 1], verdict)
    }

    /// The first function of Moré and Thuente's section 5, `−α / (α² + 2)`.
    fn first_function(a: f64) -> (f64, f64) {
        let d = a * a + 2.0;
        (-a / d, (a * a - 2.0) / (d * d))
    }

    /// The second, `(α + 0.004)⁵ − 2 (α + 0.004)⁴`.
    fn second_function(a: f64) -> (f64, f64) {
        let t = a + 0.004;
        (t.powi(5) - 2.0 * t.powi(4), 5.0 * t.powi(4) - 8.0 * t.powi(3))
    }

    #[test]
    fn both_conditions_hold_from_first_steps_of_every_size() {
        for first in [1e-3, 1e-1, 1e1, 1e3] {
            let (step, verdict) = search(first_function, first, 1e10);
            let ((f0, slope0), (f, slope)) = (first_function(0.0), first_function(step));
            assert_eq!(verdict, Verdict::Accept);
            assert!(f <= f0 + F_TOLERANCE * step * slope0, "{first}: f at {step}");
            assert!(slope.abs() <= G_TOLERANCE * slope0.abs(), "{first}: slope at {step}");
        }
    }

    #[test]
    fn a_minimizer_too_sharp_for_the_slope_is_found_to_the_width_of_the_bracket() {
        for first in [1e-3, 1e-1, 1e1, 1e3] {
            let (step, verdict) = search(second_function, first, 1e10);
            assert_eq!(verdict, Verdict::Accept);
            assert!((step - 1.596).abs() <= X_TOLERANCE * 1.596, "{first}: {step}");
        }
    }

    #[test]
    fn a_descent_without_end_is_accepted_at_the_longest_step() {
        assert_eq!(search(|a| (-a, -1.0), 1.0, 100.0), (100.0, Verdict::Accept));
    }

    #[test]
    fn a_slope_of_the_wrong_sign_is_never_accepted() {
        let (step, verdict) = search(|a| (a, -1.0), 1.0, 1e10);
        assert!(step < 1e-10 && verdict != Verdict::Accept, "{verdict:?} at {step}");
    }

    #[derive(Debug)]
    struct ScipySearch {
        coefficients: Vec<f64>,
        first: f64,
        longest: f64,
        steps: Vec<f64>,
    }

    /// The steps of SciPy's search along polynomials, from `tests/scipy/line_searches.csv`.
    fn scipy() -> Vec<ScipySearch> {
        let numbers = |cell: &str| cell.split(' ').map(|number| number.parse().unwrap()).collect();
        let mut rows = csv::Reader::from_reader(&include_bytes!("../tests/scipy/line_searches.csv")[..]);
        let searched = |row: csv::StringRecord| ScipySearch {
            coefficients: numbers(&row[0]),
            first: row[1].parse().unwrap(),
            longest: row[2].parse().unwrap(),
            steps: numbers(&row[3]),
        };
        rows.records().map(|row| searched(row.unwrap())).collect()
    }

    /// `c₁ α + … + c₆ α⁶` and its slope, by Horner's rule.
    fn polynomial(coefficients: &[f64], a: f64) -> (f64, f64) {
        let powers = (1_u8..=6).zip(coefficients).rev();
        let f = coefficients.iter().rev().fold(0.0, |value, c| value * a + c) * a;
        (f, powers.fold(0.0, |value, (power, c)| value * a + f64::from(power) * c))
    }

    #[test]
    fn the_steps_are_those_of_scipys_search() {
        let searches = scipy();
        assert_eq!(searches.len(), 200);
        for searched in searches {
            let phi = |a| polynomial(&searched.coefficients, a);
            let (tried, _) = steps(phi, searched.first, searched.longest);
            assert_eq!(tried.len(), searched.steps.len(), "{searched:?}: {tried:?}");
            let is_same = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-9 * b.abs();
            assert!(tried.iter().zip(&searched.steps).all(is_same), "{searched:?}: {tried:?}");
        }
    }
}
