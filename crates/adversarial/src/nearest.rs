//! The nearest point of a box that satisfies a few linear inequalities, by the dual problem.

use lbfgsb::{Bounds, Minimizer, Settings, minimize};
use tensor::dot;

/// Minimizes `‖r‖²` subject to `values + rows · r ≥ 0` and `lower ≤ r ≤ upper`.
///
/// For multipliers μ ≥ 0 the minimizer is `r = clip(Σ μ_j row_j)`, so that the dual has one variable for each inequality.
/// `rows` is row-major, a row for each inequality. The inequalities hold up to the dual's accuracy.
pub(crate) fn nearest_point(values: &[f64], rows: &[f64], lower: &[f64], upper: &[f64]) -> Vec<f64> {
    let (m, n) = (values.len(), lower.len());
    let lengths: Vec<f64> = rows.chunks_exact(n).map(|row| dot(row, row).sqrt() + 1e-12).collect();
    let clipped = |multipliers: &[f64]| {
        let mut r = vec![0.0; n];
        for ((row, mu), length) in rows.chunks_exact(n).zip(multipliers).zip(&lengths) {
            let weight = mu / length;
            r.iter_mut().zip(row).for_each(|(r, a)| *r += weight * a);
        }
        r.iter_mut().zip(lower).zip(upper).for_each(|((r, l), u)| *r = r.clamp(*l, *u));
        r
    };
    let dual = |multipliers: &[f64], slack: &mut [f64]| {
        let r = clipped(multipliers);
        for (((slack, row), value), length) in
            slack.iter_mut().zip(rows.chunks_exact(n)).zip(values).zip(&lengths)
        {
            *slack = (value + dot(row, &r)) / length;
        }
        dot(multipliers, slack) - 0.5 * dot(&r, &r)
    };
    let bounds = Bounds::new(vec![0.0; m], vec![f64::INFINITY; m]).expect("the positive orthant");
    let settings = Settings { f_tolerance: 1e-15, g_tolerance: 1e-10, ..Settings::default() };
    let mut problem = Minimizer::new(&vec![0.0; m], bounds, settings);
    minimize(&mut problem, dual);
    clipped(problem.best())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_planes_have_their_foot_points_as_nearest() {
        let free = [[-10.0; 2], [10.0; 2]];
        let near = |found: Vec<f64>, expected: [f64; 2]| {
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-7), "{found:?}");
        };
        near(nearest_point(&[-5.0], &[3.0, 4.0], &free[0], &free[1]), [0.6, 0.8]);
        near(nearest_point(&[-1.0, -2.0], &[1.0, 0.0, 0.0, 1.0], &free[0], &free[1]), [1.0, 2.0]);
        near(nearest_point(&[1.0], &[3.0, 4.0], &free[0], &free[1]), [0.0, 0.0]);
        near(nearest_point(&[-5.0], &[3.0, 4.0], &[-10.0, -10.0], &[0.2, 10.0]), [0.2, 1.1]);
    }
}
