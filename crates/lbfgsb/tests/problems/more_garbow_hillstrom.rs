//! Functions of Moré, Garbow and Hillstrom (1981), numbered as there, and their data.

use super::dual::Dual;

fn squares(residuals: impl Iterator<Item = Dual>) -> Dual {
    residuals.map(Dual::square).sum::<Dual>()
}

/// (1), and for more variables (21).
pub fn rosenbrock(x: &[Dual]) -> Dual {
    squares(x.chunks(2).flat_map(|x| [10.0 * (x[1] - x[0] * x[0]), 1.0 - x[0]]))
}

/// (2)
pub fn freudenstein_roth(x: &[Dual]) -> Dual {
    let (a, b) = (x[0], x[1]);
    let first = a - 13.0 + ((5.0 - b) * b - 2.0) * b;
    let second = a - 29.0 + ((b + 1.0) * b - 14.0) * b;
    first.square() + second.square()
}

/// (3)
pub fn powell_badly_scaled(x: &[Dual]) -> Dual {
    (1e4 * x[0] * x[1] - 1.0).square() + ((-x[0]).exp() + (-x[1]).exp() - 1.0001).square()
}

/// (4)
pub fn brown_badly_scaled(x: &[Dual]) -> Dual {
    (x[0] - 1e6).square() + (x[1] - 2e-6).square() + (x[0] * x[1] - 2.0).square()
}

/// (5)
pub fn beale(x: &[Dual]) -> Dual {
    squares([1.5, 2.25, 2.625].into_iter().zip(1..).map(|(y, i)| y - x[0] * (1.0 - x[1].powi(i))))
}

/// (6)
pub fn jennrich_sampson(x: &[Dual]) -> Dual {
    squares((1..=10).map(f64::from).map(|i| 2.0 + 2.0 * i - ((i * x[0]).exp() + (i * x[1]).exp())))
}

/// (7), on the half space `x_1 > 0` where the angle is one arctangent.
pub fn helical_valley(x: &[Dual]) -> Dual {
    let angle = (x[1] / x[0]).atan() / std::f64::consts::TAU;
    let radius = (x[0] * x[0] + x[1] * x[1]).powf(0.5);
    squares([10.0 * (x[2] - 10.0 * angle), 10.0 * (radius - 1.0), x[2]].into_iter())
}

const BARD: [f64; 15] =
    [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39];

/// (8)
pub fn bard(x: &[Dual]) -> Dual {
    squares(BARD.into_iter().zip(1..).map(|(y, i)| {
        let (u, v) = (f64::from(i), f64::from(16 - i));
        y - (x[0] + u / (v * x[1] + u.min(v) * x[2]))
    }))
}

const GAUSSIAN: [f64; 15] = [
    0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989, 0.3521, 0.2420, 0.1295, 0.0540, 0.0175,
    0.0044, 0.0009,
];

/// (9)
pub fn gaussian(x: &[Dual]) -> Dual {
    squares(GAUSSIAN.into_iter().zip(1..).map(|(y, i)| {
        let t = f64::from(8 - i) / 2.0;
        x[0] * (-x[1] * (t - x[2]).square() / 2.0).exp() - y
    }))
}

/// (12)
pub fn box_three_dimensional(x: &[Dual]) -> Dual {
    squares((1..=10).map(|i| {
        let t = 0.1 * f64::from(i);
        (-t * x[0]).exp() - (-t * x[1]).exp() - x[2] * ((-t).exp() - (-10.0 * t).exp())
    }))
}

/// (13), and for more variables (22).
pub fn powell_singular(x: &[Dual]) -> Dual {
    let block = |x: &[Dual]| {
        (x[0] + 10.0 * x[1]).square()
            + 5.0 * (x[2] - x[3]).square()
            + (x[1] - 2.0 * x[2]).powi(4)
            + 10.0 * (x[0] - x[3]).powi(4)
    };
    x.chunks(4).map(block).sum::<Dual>()
}

/// (14)
pub fn wood(x: &[Dual]) -> Dual {
    100.0 * (x[1] - x[0] * x[0]).square()
        + (1.0 - x[0]).square()
        + 90.0 * (x[3] - x[2] * x[2]).square()
        + (1.0 - x[2]).square()
        + 10.0 * (x[1] + x[3] - 2.0).square()
        + 0.1 * (x[1] - x[3]).square()
}

const KOWALIK_OSBORNE_Y: [f64; 11] =
    [0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246];
const KOWALIK_OSBORNE_U: [f64; 11] = [4.0, 2.0, 1.0, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625];

/// (15)
pub fn kowalik_osborne(x: &[Dual]) -> Dual {
    let model = |u: f64| x[0] * (u * u + u * x[1]) / (u * u + u * x[2] + x[3]);
    squares(KOWALIK_OSBORNE_Y.into_iter().zip(KOWALIK_OSBORNE_U).map(|(y, u)| y - model(u)))
}

/// (16)
pub fn brown_dennis(x: &[Dual]) -> Dual {
    squares((1..=20).map(|i| {
        let t = f64::from(i) / 5.0;
        (x[0] + t * x[1] - t.exp()).square() + (x[2] + x[3] * t.sin() - t.cos()).square()
    }))
}

/// (18)
pub fn biggs_exp6(x: &[Dual]) -> Dual {
    squares((1..=13).map(|i| {
        let t = 0.1 * f64::from(i);
        let y = (-t).exp() - 5.0 * (-10.0 * t).exp() + 3.0 * (-4.0 * t).exp();
        x[2] * (-t * x[0]).exp() - x[3] * (-t * x[1]).exp() + x[5] * (-t * x[4]).exp() - y
    }))
}

/// (20)
pub fn watson(x: &[Dual]) -> Dual {
    let row = |i: i32| {
        let t = f64::from(i) / 29.0;
        let slope: Dual = x.iter().zip(0..).skip(1).map(|(&x, j)| f64::from(j) * t.powi(j - 1) * x).sum();
        let value: Dual = x.iter().zip(0..).map(|(&x, j)| t.powi(j) * x).sum();
        slope - value.square() - 1.0
    };
    squares((1..=29).map(row).chain([x[0], x[1] - x[0].square() - 1.0]))
}

/// (23)
pub fn penalty_1(x: &[Dual]) -> Dual {
    let norm: Dual = x.iter().map(|x| x.square()).sum();
    1e-5 * squares(x.iter().map(|&x| x - 1.0)) + (norm - 0.25).square()
}

/// (25)
pub fn variably_dimensioned(x: &[Dual]) -> Dual {
    let sum: Dual = x.iter().zip(1..).map(|(&x, j)| f64::from(j) * (x - 1.0)).sum();
    squares(x.iter().map(|&x| x - 1.0)) + sum.square() + sum.powi(4)
}

/// (26)
pub fn trigonometric(x: &[Dual]) -> Dual {
    let rest = x.len() as f64 - x.iter().map(|x| x.cos()).sum::<Dual>();
    squares(x.iter().zip(1..).map(|(&x, i)| rest + f64::from(i) * (1.0 - x.cos()) - x.sin()))
}

/// (28)
pub fn discrete_boundary_value(x: &[Dual]) -> Dual {
    let h = 1.0 / (x.len() as f64 + 1.0);
    squares((0..x.len()).map(|i| {
        let t = (i as f64 + 1.0) * h;
        2.0 * x[i] - at(x, i, -1) - at(x, i, 1) + h * h * (x[i] + t + 1.0).powi(3) / 2.0
    }))
}

/// (30)
pub fn broyden_tridiagonal(x: &[Dual]) -> Dual {
    squares((0..x.len()).map(|i| (3.0 - 2.0 * x[i]) * x[i] - at(x, i, -1) - 2.0 * at(x, i, 1) + 1.0))
}

/// (31)
pub fn broyden_banded(x: &[Dual]) -> Dual {
    squares((0..x.len()).map(|i| {
        let band = (i.saturating_sub(5)..x.len().min(i + 2)).filter(|&j| j != i);
        let neighbors: Dual = band.map(|j| x[j] * (1.0 + x[j])).sum();
        x[i] * (2.0 + 5.0 * x[i] * x[i]) + 1.0 - neighbors
    }))
}

/// (32), with as many functions as variables.
pub fn linear_full_rank(x: &[Dual]) -> Dual {
    let mean: Dual = x.iter().copied().sum::<Dual>() * (2.0 / x.len() as f64);
    squares(x.iter().map(|&x| x - mean - 1.0))
}

/// A neighbor's value, 0 beyond either end.
fn at(x: &[Dual], i: usize, offset: isize) -> Dual {
    let neighbor = i.checked_add_signed(offset).and_then(|j| x.get(j));
    neighbor.copied().unwrap_or(Dual::constant(0.0))
}
