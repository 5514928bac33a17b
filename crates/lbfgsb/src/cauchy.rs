//! The generalized Cauchy point (section 4, Algorithm CP).

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::bounds::Bounds;
use crate::compact::Middle;
use crate::pairs::Pairs;
use crate::products::dot;

/// The first local minimizer of the quadratic model along the projected steepest descent path.
#[derive(Clone, Debug)]
pub(crate) struct CauchyPoint {
    /// `xᶜ`.
    pub(crate) point: Vec<f64>,
    /// Whether a variable is at its bound in `xᶜ`.
    pub(crate) active: Vec<bool>,
    /// `c = Wᵀ(xᶜ − x)`.
    pub(crate) c: Vec<f64>,
    direction: Vec<f64>,
    breakpoints: Vec<Breakpoint>,
    p: Vec<f64>,
    w: Vec<f64>,
    mw: Vec<f64>,
}

/// Where a variable meets its bound; ordered so that the heap's greatest is the earliest.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Breakpoint {
    time: f64,
    variable: usize,
}

impl CauchyPoint {
    pub(crate) fn new(n: usize, memory: usize) -> Self {
        let small = vec![0.0; 2 * memory];
        Self {
            point: vec![0.0; n],
            active: vec![false; n],
            c: small.clone(),
            direction: vec![0.0; n],
            breakpoints: Vec::with_capacity(n),
            p: small.clone(),
            w: small.clone(),
            mw: small,
        }
    }

    /// Whether some variable is free in `xᶜ`.
    pub(crate) fn any_free(&self) -> bool {
        self.active.iter().any(|active| !active)
    }

    /// `xᶜ = x` with every variable free, where there are no bounds to meet.
    pub(crate) fn stay(&mut self, x: &[f64]) {
        self.point.copy_from_slice(x);
        self.active.fill(false);
        self.c.fill(0.0);
    }

    /// Algorithm CP; `None` when rounding has made the model's curvature negative.
    pub(crate) fn find(
        &mut self,
        x: &[f64],
        g: &[f64],
        bounds: &Bounds,
        pairs: &Pairs,
        middle: &Middle,
    ) -> Option<()> {
        let (theta, size) = (pairs.theta, 2 * pairs.len());
        self.path(x, g, bounds);
        let (p, c) = (&mut self.p[..size], &mut self.c[..size]);
        let (w, mw) = (&mut self.w[..size], &mut self.mw[..size]);
        let d = &mut self.direction;

        // Initialize: p = Wᵀd, f′ = −dᵀd, f″ = θdᵀd − pᵀMp (4.5, 4.6).
        pairs.project(d, p);
        c.fill(0.0);
        mw.copy_from_slice(p);
        middle.apply(pairs, mw);
        let mut f1 = -dot(d, d);
        let mut f2 = -theta * f1 - small_dot(p, mw);
        if f1 < 0.0 && f2.partial_cmp(&0.0) != Some(Ordering::Greater) {
            return None;
        }
        let least_f2 = f64::EPSILON * f2;
        let mut dt_min = if f1 < 0.0 { -f1 / f2 } else { 0.0 };
        let mut t_old = 0.0;

        // Examine the segments in turn.
        let mut heap = BinaryHeap::from(std::mem::take(&mut self.breakpoints));
        while let Some(&Breakpoint { time, variable: b }) = heap.peek() {
            let dt = time - t_old;
            if dt_min < dt {
                break;
            }
            heap.pop();
            self.point[b] = if d[b] > 0.0 {
                bounds.upper()[b]
            } else {
                bounds.lower()[b]
            };
            self.active[b] = true;
            d[b] = 0.0;
            let z_b = self.point[b] - x[b];
            let g_b = g[b];
            add_scaled(c, dt, p);
            pairs.row_of_w(b, w);
            mw.copy_from_slice(w);
            middle.apply(pairs, mw);
            // (4.9), (4.10)
            f1 += dt * f2 + g_b * g_b + theta * g_b * z_b - g_b * small_dot(mw, c);
            f2 -= g_b * (theta * g_b + 2.0 * small_dot(mw, p) + g_b * small_dot(mw, w));
            f2 = f2.max(least_f2);
            add_scaled(p, g_b, w);
            dt_min = -f1 / f2;
            t_old = time;
        }
        self.breakpoints = heap.into_vec();

        let dt_min = dt_min.max(0.0);
        add_scaled(c, dt_min, p);
        self.follow(x, t_old + dt_min, bounds);
        Some(())
    }

    /// The path's direction `d` and the breakpoints `t_i > 0` (4.1, 4.2).
    fn path(&mut self, x: &[f64], g: &[f64], bounds: &Bounds) {
        self.breakpoints.clear();
        self.point.copy_from_slice(x);
        for i in 0..x.len() {
            let (lower, upper) = (bounds.lower()[i], bounds.upper()[i]);
            let fixed = (x[i] <= lower && g[i] >= 0.0) || (x[i] >= upper && g[i] <= 0.0);
            self.active[i] = fixed;
            self.direction[i] = if fixed { 0.0 } else { -g[i] };
            let bound = if g[i] < 0.0 { upper } else { lower };
            let time = (x[i] - bound) / g[i];
            if !fixed && time < f64::INFINITY {
                self.breakpoints.push(Breakpoint { time, variable: i });
            }
        }
    }

    /// `xᶜ_i = x_i + t d_i` for the variables that have met no bound.
    fn follow(&mut self, x: &[f64], t: f64, bounds: &Bounds) {
        let sides = bounds.lower().iter().zip(bounds.upper());
        let moving = self.point.iter_mut().zip(&self.direction).zip(x).zip(sides);
        for (((point, &d), &x), (&lower, &upper)) in moving {
            if d != 0.0 {
                *point = (x + t * d).max(lower).min(upper);
            }
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

impl Eq for Breakpoint {}

impl Ord for Breakpoint {
    fn cmp(&self, other: &Self) -> Ordering {
        other
            .time
            .total_cmp(&self.time)
            .then(other.variable.cmp(&self.variable))
    }
}

impl PartialOrd for Breakpoint {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
