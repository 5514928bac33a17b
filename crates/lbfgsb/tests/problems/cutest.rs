//! Bounded problems of the CUTEst collection, by their names there.

use super::dual::Dual;

/// HS1, HS2.
pub fn hs1(x: &[Dual]) -> Dual {
    100.0 * (x[1] - x[0].square()).square() + (1.0 - x[0]).square()
}

pub fn hs3(x: &[Dual]) -> Dual {
    x[1] + 1e-5 * (x[1] - x[0]).square()
}

pub fn hs4(x: &[Dual]) -> Dual {
    (x[0] + 1.0).powi(3) / 3.0 + x[1]
}

pub fn hs5(x: &[Dual]) -> Dual {
    (x[0] + x[1]).sin() + (x[0] - x[1]).square() - 1.5 * x[0] + 2.5 * x[1] + 1.0
}

pub fn hs45(x: &[Dual]) -> Dual {
    2.0 - x.iter().fold(Dual::constant(1.0), |product, &x| product * x) / 120.0
}

pub fn hs110(x: &[Dual]) -> Dual {
    let logs: Dual = x.iter().map(|&x| (x - 2.0).ln().square() + (10.0 - x).ln().square()).sum();
    logs - x.iter().fold(Dual::constant(1.0), |product, &x| product * x).powf(0.2)
}

pub fn camel6(x: &[Dual]) -> Dual {
    let (a, b) = (x[0], x[1]);
    (4.0 - 2.1 * a.square() + a.powi(4) / 3.0) * a.square() + a * b + (4.0 * b.square() - 4.0) * b.square()
}

pub fn mccormck(x: &[Dual]) -> Dual {
    let pair = |x: &[Dual]| (x[0] + x[1]).sin() + (x[0] - x[1]).square() - 1.5 * x[0] + 2.5 * x[1] + 1.0;
    x.windows(2).map(pair).sum::<Dual>()
}

pub fn hatflda(x: &[Dual]) -> Dual {
    (x[0] - 1.0).square() + x.windows(2).map(|x| (x[0] - x[1].powf(0.5)).square()).sum::<Dual>()
}

/// HATFLDC.
pub fn hatfldc(x: &[Dual]) -> Dual {
    let n = x.len();
    let middle: Dual = x[..n - 1].windows(2).map(|x| (x[1] - x[0].square()).square()).sum();
    (x[0] - 1.0).square() + middle + (x[n - 1] - 1.0).square()
}

pub fn qudlin(x: &[Dual]) -> Dual {
    let linear: Dual = x.iter().zip(1..).map(|(&x, i)| -10.0 * f64::from(i) * x).sum();
    linear + x[..=x.len() / 2].windows(2).map(|x| x[0] * x[1]).sum::<Dual>()
}

pub fn biggsb1(x: &[Dual]) -> Dual {
    let ends = (x[0] - 1.0).square() + (1.0 - x[x.len() - 1]).square();
    ends + x.windows(2).map(|x| (x[1] - x[0]).square()).sum::<Dual>()
}

/// A quadratic whose rows are `x_i + x_{2i−1 mod n} + x_{3i−1 mod n}`, the i-th weighted by i.
pub fn cvxbqp1(x: &[Dual]) -> Dual {
    let n = x.len();
    let row = |i: usize| x[i - 1] + x[(2 * i - 1) % n] + x[(3 * i - 1) % n];
    (1..=n).map(|i| 0.5 * i as f64 * row(i).square()).sum::<Dual>()
}

/// The same, with the last quarter of the rows negative.
pub fn ncvxbqp1(x: &[Dual]) -> Dual {
    let n = x.len();
    let row = |i: usize| x[i - 1] + x[(2 * i - 1) % n] + x[(3 * i - 1) % n];
    (1..=n).map(|i| if i <= 3 * n / 4 { 0.5 } else { -0.5 } * i as f64 * row(i).square()).sum::<Dual>()
}

pub fn nonscomp(x: &[Dual]) -> Dual {
    (x[0] - 1.0).square() + x.windows(2).map(|x| 4.0 * (x[1] - x[0].square()).square()).sum::<Dual>()
}

pub fn explin(x: &[Dual]) -> Dual {
    let exponentials: Dual = x[..11].windows(2).map(|x| (0.1 * x[0] * x[1]).exp()).sum();
    exponentials + x.iter().zip(1..).map(|(&x, i)| -10.0 * f64::from(i) * x).sum::<Dual>()
}

pub fn bdexp(x: &[Dual]) -> Dual {
    x.windows(3).map(|x| (x[0] + x[1]) * (-x[2] * (x[0] + x[1])).exp()).sum::<Dual>()
}

pub fn pentdi(x: &[Dual]) -> Dual {
    let (n, half) = (x.len(), x.len() / 2);
    let squares: Dual = x.iter().map(|x| 6.0 * x.square()).sum();
    let next: Dual = x.windows(2).map(|x| -4.0 * x[0] * x[1]).sum();
    let second: Dual = x.windows(3).map(|x| x[0] * x[2]).sum();
    squares + next + second - 3.0 * x[0] + x[1] + x[n - 1] - 3.0 * x[n - 1] + x[half - 1] - 3.0 * x[half]
}

/// Elastic-plastic torsion of a square bar, on a grid of 8 × 8 inner points.
pub fn torsion(x: &[Dual]) -> Dual {
    grid_energy(x, 8, |_| 1.0, 5.0)
}

/// A membrane above an obstacle.
pub fn obstacle(x: &[Dual]) -> Dual {
    grid_energy(x, 8, |_| 1.0, 1.0)
}

/// The pressure in a journal bearing.
pub fn journal_bearing(x: &[Dual]) -> Dual {
    grid_energy(x, 8, |t| (1.0 + 0.1 * (std::f64::consts::TAU * t).cos()).powi(3), 0.1)
}

/// `Σ w(t) |v_i − v_j|² / 2 − load h² Σ v` over the edges of a square grid whose boundary is 0.
fn grid_energy(v: &[Dual], side: usize, w: impl Fn(f64) -> f64, load: f64) -> Dual {
    let h = 1.0 / (side as f64 + 1.0);
    let inside = |i: usize| (1..=side).contains(&i);
    let at = |i: usize, j: usize| {
        if inside(i) && inside(j) { v[(i - 1) * side + j - 1] } else { Dual::constant(0.0) }
    };
    let corners = (0..=side).flat_map(|i| (0..=side).map(move |j| (i, j)));
    let edges = corners.map(|(i, j)| {
        let (down, right) = (at(i + 1, j) - at(i, j), at(i, j + 1) - at(i, j));
        0.5 * w(i as f64 * h) * (down.square() + right.square())
    });
    edges.sum::<Dual>() - load * h * h * v.iter().copied().sum::<Dual>()
}
