//! The generalized Cauchy point (section 4, Algorithm CP).

use crate::bounds::{Bounds, nearest};
use crate::breakpoints::{Breakpoint, Breakpoints};
use crate::pairs::Pairs;
use crate::products::dot;
use serde::{Deserialize, Serialize};

/// The first local minimizer of the quadratic model along the projected steepest descent path.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "[usize; 2]", into = "[usize; 2]")]
pub(crate) struct CauchyPoint {
    /// `xᶜ`.
    pub(crate) point: Vec<f64>,
    /// Whether a variable is at its bound in `xᶜ`.
    pub(crate) active: Vec<bool>,
    /// `c = Wᵀ(xᶜ − x)`.
    pub(crate) c: Vec<f64>,
    direction: Vec<f64>,
    breakpoints: Breakpoints,
    p: Vec<f64>,
    w: Vec<f64>,
    mw: Vec<f64>,
}

/// It is found anew at each iteration: of what is serialized, only `[n, memory]` matters.
impl From<[usize; 2]> for CauchyPoint {
    fn from([n, memory]: [usize; 2]) -> Self {
        Self::new(n, memory)
    }
}

impl From<CauchyPoint> for [usize; 2] {
    fn from(cauchy: CauchyPoint) -> Self {
        [cauchy.point.len(), cauchy.c.len() / 2]
    }
}

impl CauchyPoint {
    pub(crate) fn new(n: usize, memory: usize) -> Self {
        let small = vec![0.0; 2 * memory];
        Self {
            point: vec![0.0; n],
            active: vec![false; n],
            c: small.clone(),
            direction: vec![0.0; n],
            breakpoints: Breakpoints::new(n),
            p: small.clone(),
            w: small.clone(),
            mw: small,
        }
    }

    /// Whether some variable is free in `xᶜ`.
    pub(crate) fn any_free(&self) -> bool {
        self.active.iter().any(|active| !active)
    }

    /// Sets `xᶜ = x` with every variable free, where there are no bounds.
    pub(crate) fn set_to(&mut self, x: &[f64]) {
        self.point.copy_from_slice(x);
        self.active.fill(false);
        self.c.fill(0.0);
    }

    /// Computes it by Algorithm CP; `None` when rounding has made the model's curvature negative.
    pub(crate) fn compute(&mut self, x: &[f64], g: &[f64], bounds: &Bounds, pairs: &Pairs) -> Option<()> {
        let (theta, size) = (pairs.theta, 2 * pairs.len());
        self.start_path(x, g, bounds);
        let (p, c) = (&mut self.p[..size], &mut self.c[..size]);
        let (w, mw) = (&mut self.w[..size], &mut self.mw[..size]);
        let d = &mut self.direction;

        // Initialize: p = Wᵀd, f′ = −dᵀd, f″ = θdᵀd − pᵀMp (4.5, 4.6).
        pairs.project(d, p);
        c.fill(0.0);
        mw.copy_from_slice(p);
        pairs.apply_middle(mw);
        let mut f_prime = -dot(d, d);
        let mut f_second = -theta * f_prime - small_dot(p, mw);
        let model_is_convex = f_second > 0.0;
        if f_prime < 0.0 && !model_is_convex {
            return None;
        }
        let least_f_second = f64::EPSILON * f_second;
        let mut dt_min = if f_prime < 0.0 { -f_prime / f_second } else { 0.0 };
        let mut t_old = 0.0;

        // Examine the segments in turn.
        while let Some(Breakpoint { time, variable: b }) = self.breakpoints.next_within(t_old + dt_min) {
            let dt = time - t_old;
            self.point[b] = if d[b] > 0.0 { bounds.upper()[b] } else { bounds.lower()[b] };
            self.active[b] = true;
            d[b] = 0.0;
            let z_b = self.point[b] - x[b];
            let g_b = g[b];
            add_scaled(c, dt, p);
            pairs.row_of_w(b, w);
            mw.copy_from_slice(w);
            pairs.apply_middle(mw);
            // (4.9), (4.10)
            f_prime += dt * f_second + g_b * g_b + theta * g_b * z_b - g_b * small_dot(mw, c);
            f_second -= g_b * (theta * g_b + 2.0 * small_dot(mw, p) + g_b * small_dot(mw, w));
            f_second = f_second.max(least_f_second);
            add_scaled(p, g_b, w);
            dt_min = -f_prime / f_second;
            t_old = time;
        }
        let dt_min = dt_min.max(0.0);
        add_scaled(c, dt_min, p);
        self.move_along(x, t_old + dt_min, bounds);
        Some(())
    }

    /// The path's direction `d` and the breakpoints `t_i > 0` (4.1, 4.2).
    fn start_path(&mut self, x: &[f64], g: &[f64], bounds: &Bounds) {
        self.point.copy_from_slice(x);
        let variables = x.iter().zip(g).zip(bounds.lower().iter().zip(bounds.upper()));
        let path = self.direction.iter_mut().zip(&mut self.breakpoints.times).zip(&mut self.active);
        for (((&x, &g), (&lower, &upper)), ((d, time), active)) in variables.zip(path) {
            // How far −g may go; to the nearer bound where g = 0. Selections, not jumps: their outcome is random.
            let (below, above) = (x - lower, upper - x);
            let nearer = if below < above { below } else { above };
            let ahead = if g < 0.0 { above } else { below };
            let room = if g == 0.0 { nearer } else { ahead };
            *time = room / g.abs();
            *d = if room > 0.0 { -g } else { 0.0 };
            *active = room <= 0.0;
        }
        self.breakpoints.rewind();
    }

    /// `xᶜ_i = x_i + t d_i` for the variables that have met no bound.
    fn move_along(&mut self, x: &[f64], t: f64, bounds: &Bounds) {
        let sides = bounds.lower().iter().zip(bounds.upper());
        let moving = self.point.iter_mut().zip(&self.direction).zip(x).zip(sides);
        for (((point, &d), &x), (&lower, &upper)) in moving {
            let moved = nearest(x + t * d, lower, upper);
            *point = if d == 0.0 { *point } else { moved };
        }
    }
}

fn small_dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// `a += t b`.
fn add_scaled(a: &mut [f64], t: f64, b: &[f64]) {
    a.iter_mut().zip(b).for_each(|(a, b)| *a += t * b);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dense::{Dense, noise, product, times};

    /// The path `P(x − t g, l, u)`.
    fn along(x: &[f64], g: &[f64], t: f64, bounds: &Bounds) -> Vec<f64> {
        let mut point: Vec<f64> = x.iter().zip(g).map(|(x, g)| x - t * g).collect();
        bounds.project(&mut point);
        point
    }

    /// `m(z) − m(x) = gᵀ(z − x) + (z − x)ᵀ B (z − x) / 2`.
    fn model(dense: &Dense, x: &[f64], g: &[f64], z: &[f64]) -> f64 {
        let step: Vec<f64> = z.iter().zip(x).map(|(z, x)| z - x).collect();
        product(g, &step) + 0.5 * product(&step, &times(&dense.b, &step))
    }

    /// The first local minimizer on a path walked in small steps, refined by bisection of the slope.
    fn walked(dense: &Dense, x: &[f64], g: &[f64], bounds: &Bounds) -> f64 {
        let value = |t: f64| model(dense, x, g, &along(x, g, t, bounds));
        let h = 1e-4;
        let mut k = 1;
        while value(h * f64::from(k + 1)) < value(h * f64::from(k)) {
            k += 1;
        }
        let (mut low, mut high) = (h * f64::from(k - 1), h * f64::from(k + 1));
        for _ in 0..200 {
            let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
            if value(a) <= value(b) {
                high = b;
            } else {
                low = a;
            }
        }
        low
    }

    #[test]
    fn the_cauchy_point_is_the_first_minimizer_on_the_walked_path() {
        let mut visited = [0; 3];
        for seed in 0..60 {
            let n = 9;
            let dense = Dense::new(n, 4, 1 + seed as usize % 7, seed);
            let mut random = noise(1000 + seed);
            let lower: Vec<f64> = (0..n).map(|_| -0.4 + 0.4 * random()).collect();
            let mut upper: Vec<f64> = (0..n).map(|_| 0.4 + 0.4 * random()).collect();
            (upper[0], upper[1]) = (lower[0], f64::INFINITY);
            let bounds = Bounds::new(lower, upper).unwrap();
            let mut x: Vec<f64> = (0..n).map(|_| 1.5 * random()).collect();
            bounds.project(&mut x);
            let g: Vec<f64> = (0..n).map(|_| 2.0 * random()).collect();

            let mut cauchy = CauchyPoint::new(n, 4);
            cauchy.compute(&x, &g, &bounds, &dense.pairs).unwrap();
            let expected = along(&x, &g, walked(&dense, &x, &g, &bounds), &bounds);
            for i in 0..n {
                let (found, expected) = (cauchy.point[i], expected[i]);
                assert!((found - expected).abs() < 1e-6, "{seed}: {:?} {expected:?}", cauchy.point);
                let at_bound = found == bounds.lower()[i] || found == bounds.upper()[i];
                assert_eq!(cauchy.active[i], at_bound, "{seed}: variable {i}");
            }
            let mut c = vec![0.0; 2 * dense.pairs.len()];
            let moved: Vec<f64> = cauchy.point.iter().zip(&x).map(|(c, x)| c - x).collect();
            dense.pairs.project(&moved, &mut c);
            for (found, expected) in cauchy.c.iter().zip(&c) {
                assert!((found - expected).abs() < 1e-12, "{seed}: c");
            }
            let met = (0..n).filter(|&i| cauchy.active[i] && x[i] != cauchy.point[i]).count();
            visited[met.min(2)] += 1;
        }
        // The cases cover paths that end before the first bound, at one, and beyond several.
        assert!(visited.iter().all(|&count| count >= 3), "{visited:?}");
    }
}
