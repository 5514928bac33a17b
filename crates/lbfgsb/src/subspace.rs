//! Subspace minimization (section 5, the direct primal method) with the projection of Morales and Nocedal (2011).

use crate::bounds::Bounds;
use crate::cauchy::CauchyPoint;
use crate::cholesky::Square;
use crate::pairs::Pairs;
use crate::products::dot;
use serde::{Deserialize, Serialize};

/// The minimizer of the quadratic model over the variables that are free at the Cauchy point, brought into the box.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "[usize; 2]", into = "[usize; 2]")]
pub(crate) struct Subspace {
    /// x̄.
    pub(crate) target: Vec<f64>,
    /// `K = [−P Qᵀ; Q T]` as the factor of P, `Q J⁻ᵀ`, and the factor of `T + Q P⁻¹ Qᵀ`.
    p: Square,
    q: Square,
    schur: Square,
    /// The reduced gradient r, then the step from the Cauchy point.
    step: Vec<f64>,
    v: Vec<f64>,
}

/// It is found anew at each iteration: of what is serialized, only `[n, memory]` matters.
impl From<[usize; 2]> for Subspace {
    fn from([n, memory]: [usize; 2]) -> Self {
        Self::new(n, memory)
    }
}

impl From<Subspace> for [usize; 2] {
    fn from(subspace: Subspace) -> Self {
        [subspace.target.len(), subspace.v.len() / 2]
    }
}

impl Subspace {
    pub(crate) fn new(n: usize, memory: usize) -> Self {
        let square = Square::new(memory);
        Self {
            target: vec![0.0; n],
            p: square.clone(),
            q: square.clone(),
            schur: square,
            step: vec![0.0; n],
            v: vec![0.0; 2 * memory],
        }
    }

    /// Computes x̄; `None` when rounding has made the model indefinite.
    pub(crate) fn minimize(
        &mut self,
        (x, g): (&[f64], &[f64]),
        cauchy: &CauchyPoint,
        bounds: &Bounds,
        pairs: &mut Pairs,
    ) -> Option<()> {
        pairs.set_active(&cauchy.active);
        self.factor(pairs)?;
        self.reduced_gradient((x, g), cauchy, pairs);
        self.newton_step(&cauchy.active, pairs);
        self.project((x, g), cauchy, bounds);
        Some(())
    }

    /// `r = −Zᵀ(g + θ(xᶜ − x) − W M c)` (5.4, with the sign of the descent).
    fn reduced_gradient(&mut self, (x, g): (&[f64], &[f64]), cauchy: &CauchyPoint, pairs: &Pairs) {
        let theta = pairs.theta;
        for (((r, g), x), xc) in self.step.iter_mut().zip(g).zip(x).zip(&cauchy.point) {
            *r = -g - theta * (xc - x);
        }
        let mc = &mut self.v[..2 * pairs.len()];
        mc.copy_from_slice(&cauchy.c[..2 * pairs.len()]);
        if mc.iter().any(|&c| c != 0.0) {
            pairs.apply_middle(mc);
            pairs.combine(mc, &mut self.step);
        }
        clear_active(&mut self.step, &cauchy.active);
    }

    /// `d = r/θ + Zᵀ W K⁻¹ Wᵀ Z r / θ²` (5.11).
    fn newton_step(&mut self, active: &[bool], pairs: &Pairs) {
        let theta = pairs.theta;
        let v = &mut self.v[..2 * pairs.len()];
        pairs.project(&self.step, v);
        let (a, b) = v.split_at_mut(pairs.len());
        solve(&self.p, &self.q, &self.schur, a, b);
        for v in v.iter_mut() {
            *v /= theta;
        }
        pairs.combine(v, &mut self.step);
        for d in &mut self.step {
            *d /= theta;
        }
        clear_active(&mut self.step, active);
    }

    /// Factors `K = M⁻¹ − Wᵀ Z Zᵀ W / θ`.
    ///
    /// `P = D + Yᵀ Z Zᵀ Y / θ`, `Q = L_A − R_Z` (strictly lower part over the active, upper part over the free
    /// variables), `T = θ Sᵀ A Aᵀ S`.
    fn factor(&mut self, pairs: &Pairs) -> Option<()> {
        let (free, len, theta) = (&pairs.free, pairs.len(), pairs.theta);
        for i in 0..len {
            for j in 0..=i {
                self.p[(i, j)] = free.yy_free[(i, j)] / theta;
            }
            self.p[(i, i)] += pairs.sy[(i, i)];
        }
        self.p.factor(len)?;
        for i in 0..len {
            let q = self.q.row_mut(i, len);
            for (j, q) in q.iter_mut().enumerate() {
                *q = if j < i { free.sy[(i, j)] } else { -free.sy[(i, j)] };
            }
            self.p.solve_lower(q);
        }
        for i in 0..len {
            for j in 0..=i {
                let sum: f64 = self.q.row(i, len).iter().zip(self.q.row(j, len)).map(|(a, b)| a * b).sum();
                self.schur[(i, j)] = theta * free.ss_active[(i, j)] + sum;
            }
        }
        self.schur.factor(len)
    }

    /// `x̄ = P(xᶜ + d, l, u)` where that is a direction of descent, else as far along d as the box allows.
    fn project(&mut self, (x, g): (&[f64], &[f64]), cauchy: &CauchyPoint, bounds: &Bounds) {
        self.step_from(&cauchy.point, 1.0);
        if bounds.contains(&self.target) {
            return;
        }
        bounds.project(&mut self.target);
        if dot(&self.target, g) - dot(x, g) <= 0.0 {
            return;
        }
        self.step_from(&cauchy.point, bounds.longest_step(&cauchy.point, &self.step).min(1.0));
        bounds.project(&mut self.target);
    }

    /// `x̄ = xᶜ + α d`.
    fn step_from(&mut self, cauchy: &[f64], alpha: f64) {
        for ((target, xc), d) in self.target.iter_mut().zip(cauchy).zip(&self.step) {
            *target = xc + alpha * d;
        }
    }
}

/// Zero where active. By bits, not by a jump: which variables are active is random to a processor.
fn clear_active(v: &mut [f64], active: &[bool]) {
    for (v, &active) in v.iter_mut().zip(active) {
        let keep = u64::from(active).wrapping_sub(1);
        *v = f64::from_bits(v.to_bits() & keep);
    }
}

/// `[a; b] := K⁻¹ [a; b]`.
fn solve(p: &Square, q: &Square, schur: &Square, a: &mut [f64], b: &mut [f64]) {
    let len = a.len();
    p.solve_lower(a);
    for (i, b) in b.iter_mut().enumerate() {
        *b += q.row(i, len).iter().zip(&*a).map(|(q, a)| q * a).sum::<f64>();
    }
    schur.solve(b);
    for (j, a) in a.iter_mut().enumerate() {
        let qb: f64 = b.iter().enumerate().map(|(i, b)| q[(i, j)] * b).sum();
        *a = qb - *a;
    }
    p.solve_upper(a);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dense::{self, Dense, noise, product, times};

    const N: usize = 9;

    /// A gradient at a point of a box, the Cauchy point there, and x̄.
    struct Case {
        dense: Dense,
        x: Vec<f64>,
        g: Vec<f64>,
        cauchy: CauchyPoint,
        bounds: Bounds,
        target: Vec<f64>,
    }

    fn case(seed: u64, width: f64) -> Case {
        let mut dense = Dense::new(N, 4, 1 + seed as usize % 7, seed);
        let mut random = noise(500 + seed);
        let lower: Vec<f64> = (0..N).map(|_| -width * (0.6 + 0.4 * random())).collect();
        let upper: Vec<f64> = (0..N).map(|_| width * (0.6 + 0.4 * random())).collect();
        let bounds = Bounds::new(lower, upper).unwrap();
        let mut x: Vec<f64> = (0..N).map(|_| 1.2 * width * random()).collect();
        bounds.project(&mut x);
        let g: Vec<f64> = (0..N).map(|_| random()).collect();
        let mut cauchy = CauchyPoint::new(N, 4);
        cauchy.compute(&x, &g, &bounds, &dense.pairs).unwrap();
        let mut subspace = Subspace::new(N, 4);
        subspace.minimize((&x, &g), &cauchy, &bounds, &mut dense.pairs).unwrap();
        Case { dense, x, g, cauchy, bounds, target: subspace.target }
    }

    /// `xᶜ + Z d` with `Zᵀ B Z d = −Zᵀ(g + B(xᶜ − x))` by elimination.
    fn dense_minimizer(case: &Case) -> Vec<f64> {
        let free: Vec<usize> = (0..N).filter(|&i| !case.cauchy.active[i]).collect();
        let moved: Vec<f64> = case.cauchy.point.iter().zip(&case.x).map(|(c, x)| c - x).collect();
        let pull = times(&case.dense.b, &moved);
        let b = free.iter().map(|&i| free.iter().map(|&j| case.dense.b[i][j]).collect()).collect();
        let step = dense::solve(b, free.iter().map(|&i| -case.g[i] - pull[i]).collect());
        let mut point = case.cauchy.point.clone();
        for (&i, d) in free.iter().zip(step) {
            point[i] += d;
        }
        point
    }

    #[test]
    fn inside_the_box_the_target_is_the_dense_minimizer_over_the_free_variables() {
        let (mut inside, mut with_active) = (0, 0);
        for seed in 0..80 {
            let case = case(seed, 1.0);
            let expected = dense_minimizer(&case);
            if !case.bounds.contains(&expected) {
                continue;
            }
            inside += 1;
            with_active += usize::from(case.cauchy.active.contains(&true));
            for (found, expected) in case.target.iter().zip(&expected) {
                assert!((found - expected).abs() < 1e-9, "{seed}: {:?}", case.target);
            }
        }
        assert!(inside >= 20 && with_active >= 10, "{inside} inside, {with_active} with active variables");
    }

    #[test]
    fn beyond_the_box_the_target_is_the_dense_minimizer_projected() {
        let mut projected = 0;
        for seed in 0..400 {
            let case = case(seed, 0.15);
            let mut expected = dense_minimizer(&case);
            let inside = case.bounds.contains(&expected);
            case.bounds.project(&mut expected);
            if inside || product(&case.g, &expected) > product(&case.g, &case.x) {
                continue;
            }
            projected += 1;
            for (found, expected) in case.target.iter().zip(&expected) {
                assert!((found - expected).abs() < 1e-9, "{seed}: {:?}", case.target);
            }
        }
        assert!(projected >= 20, "{projected}");
    }

    #[test]
    fn where_the_projected_step_would_ascend_it_is_cut_back_at_the_first_bound() {
        let bounds = Bounds::uniform(2, 0.0, 1.0).unwrap();
        let mut cauchy = CauchyPoint::new(2, 1);
        cauchy.set_to(&[0.5, 0.5]);
        let mut subspace = Subspace::new(2, 1);
        // gᵀd = −0.6, but projected to (0.9, 1) the step has gᵀ(x̂ − x) = 0.35.
        subspace.step = vec![0.4, 10.0];
        subspace.project((&[0.5, 0.5], &[1.0, -0.1]), &cauchy, &bounds);
        assert_eq!(subspace.target, [0.52, 1.0]);
        // With the other sign of the first slope it descends, and is only projected.
        subspace.project((&[0.5, 0.5], &[-1.0, -0.1]), &cauchy, &bounds);
        assert_eq!(subspace.target, [0.9, 1.0]);
    }
}
