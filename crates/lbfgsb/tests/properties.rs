//! What holds for every problem: the box, the neighbors, the counts, the reasons to stop.

use lbfgsb::{Bounds, Minimizer, Settings, Stop, minimize, minimize_many};
use proptest::prelude::*;

/// A convex or indefinite quadratic `Σ a_i (x_i − m_i)² / 2 + coupling Σ x_i x_{i+1}` in a box, with a start.
#[derive(Clone, Debug)]
struct Quadratic {
    curvature: Vec<f64>,
    minimum: Vec<f64>,
    coupling: f64,
    lower: Vec<f64>,
    upper: Vec<f64>,
    start: Vec<f64>,
}

impl Quadratic {
    fn f_and_g(&self, x: &[f64], g: &mut [f64]) -> f64 {
        let mut f = 0.0;
        for i in 0..x.len() {
            let away = x[i] - self.minimum[i];
            f += 0.5 * self.curvature[i] * away * away;
            g[i] = self.curvature[i] * away;
        }
        for i in 1..x.len() {
            f += self.coupling * x[i - 1] * x[i];
            g[i] += self.coupling * x[i - 1];
            g[i - 1] += self.coupling * x[i];
        }
        f
    }

    fn minimizer(&self) -> Minimizer {
        let bounds = Bounds::new(self.lower.clone(), self.upper.clone()).unwrap();
        Minimizer::new(&self.start, bounds, Settings { memory: 4, ..Settings::default() })
    }

    fn contains(&self, x: &[f64]) -> bool {
        x.iter().zip(self.lower.iter().zip(&self.upper)).all(|(x, (l, u))| l <= x && x <= u)
    }
}

/// A lower and an upper bound: a box, a point, a half line or nothing.
fn side() -> impl Strategy<Value = (f64, f64)> {
    prop_oneof![
        4 => (-3.0..3.0, 0.0..4.0).prop_map(|(l, width)| (l, l + width)),
        1 => (-3.0..3.0).prop_map(|x| (x, x)),
        1 => (-3.0..3.0).prop_map(|l| (l, f64::INFINITY)),
        1 => (-3.0..3.0).prop_map(|u| (f64::NEG_INFINITY, u)),
        1 => Just((f64::NEG_INFINITY, f64::INFINITY)),
    ]
}

/// Curvatures over six orders of magnitude; the coupling keeps the unbounded ones convex.
fn quadratic() -> impl Strategy<Value = Quadratic> {
    let variable = (-2.0..4.0, -5.0..5.0, side(), -6.0..6.0);
    (prop::collection::vec(variable, 1..20), -0.004..0.004).prop_map(|(variables, coupling)| Quadratic {
        curvature: variables.iter().map(|v| 10f64.powf(v.0)).collect(),
        minimum: variables.iter().map(|v| v.1).collect(),
        coupling,
        lower: variables.iter().map(|v| v.2.0).collect(),
        upper: variables.iter().map(|v| v.2.1).collect(),
        start: variables.iter().map(|v| v.3).collect(),
    })
}

/// Every point asked for, and the end, as bytes.
fn path(problem: &mut Minimizer, f_and_g: impl Fn(&[f64], &mut [f64]) -> f64) -> Vec<u64> {
    let mut points = Vec::new();
    minimize(problem, |x, g| {
        points.extend(x.iter().map(|x| x.to_bits()));
        f_and_g(x, g)
    });
    points.push(problem.value().to_bits());
    points
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_evaluation_leaves_the_box_each_is_counted_and_the_best_is_kept(problem in quadratic()) {
        let (mut calls, mut outside, mut least) = (0, 0, f64::INFINITY);
        let mut minimizer = problem.minimizer();
        let stop = minimize(&mut minimizer, |x, g| {
            calls += 1;
            outside += usize::from(!problem.contains(x));
            let f = problem.f_and_g(x, g);
            least = least.min(f);
            f
        });
        prop_assert_eq!(outside, 0);
        prop_assert_eq!(calls, minimizer.evaluations());
        prop_assert_eq!(least, minimizer.value());
        let mut g = vec![0.0; problem.start.len()];
        prop_assert_eq!(problem.f_and_g(minimizer.best(), &mut g), least);
        // The line search is an end too: these f are large enough for rounding noise above the tolerance of the gradient.
        prop_assert!(!matches!(stop, Stop::Evaluations | Stop::NotFinite { .. }), "{}", stop);
    }

    #[test]
    fn a_convex_quadratic_ends_where_the_gradient_points_out_of_the_box(problem in quadratic()) {
        let bounds = Bounds::new(problem.lower.clone(), problem.upper.clone()).unwrap();
        let settings = Settings { f_tolerance: 1e-15, g_tolerance: 1e-7, max_iterations: 5000, ..Settings::default() };
        let mut minimizer = Minimizer::new(&problem.start, bounds, settings);
        minimize(&mut minimizer, |x, g| problem.f_and_g(x, g));
        let x = minimizer.best();
        let mut g = vec![0.0; x.len()];
        let f = problem.f_and_g(x, &mut g);
        for i in 0..x.len() {
            let step = (x[i] - g[i]).clamp(problem.lower[i], problem.upper[i]) - x[i];
            // What a variable may still gain: step² a / 2 for its curvature a, or its whole slope.
            let gain = (step * g[i]).abs().min(g[i] * g[i] / problem.curvature[i]);
            prop_assert!(gain <= 1e-9 * f.abs().max(1.0), "variable {}: {} of {}", i, gain, f);
        }
    }

    #[test]
    fn lockstep_is_alone_byte_for_byte(problems in prop::collection::vec(quadratic(), 1..9)) {
        let mut together: Vec<_> = problems.iter().map(Quadratic::minimizer).collect();
        let mut paths = vec![Vec::new(); problems.len()];
        minimize_many(&mut together, |which, points, values, gradients| {
            let mut rest = gradients;
            for ((&i, point), value) in which.iter().zip(points).zip(values) {
                let (gradient, after) = std::mem::take(&mut rest).split_at_mut(point.len());
                paths[i].extend(point.iter().map(|x| x.to_bits()));
                *value = problems[i].f_and_g(point, gradient);
                rest = after;
            }
        });
        for (i, problem) in problems.iter().enumerate() {
            paths[i].push(together[i].value().to_bits());
            let alone = path(&mut problem.minimizer(), |x, g| problem.f_and_g(x, g));
            prop_assert_eq!(&paths[i], &alone, "problem {}", i);
        }
    }

    #[test]
    fn a_restart_is_a_new_start_byte_for_byte(first in quadratic(), other in prop::collection::vec(-6.0..6.0, 20)) {
        let f_and_g = |x: &[f64], g: &mut [f64]| first.f_and_g(x, g);
        let mut used = first.minimizer();
        minimize(&mut used, f_and_g);
        let start = &other[..first.start.len()];
        used.restart(start);
        prop_assert_eq!([used.evaluations(), used.iterations()], [0, 0]);
        let fresh = Quadratic { start: start.to_vec(), ..first.clone() };
        prop_assert_eq!(path(&mut used, f_and_g), path(&mut fresh.minimizer(), f_and_g));
    }
}

/// The chained Rosenbrock function.
fn valley(x: &[f64], g: &mut [f64]) -> f64 {
    g.fill(0.0);
    let mut f = 0.0;
    for i in 0..x.len() - 1 {
        let (a, b) = (1.0 - x[i], x[i + 1] - x[i] * x[i]);
        f += a * a + 100.0 * b * b;
        g[i] -= 2.0 * a + 400.0 * b * x[i];
        g[i + 1] += 200.0 * b;
    }
    f
}

fn valley_problem(i: usize) -> Minimizer {
    let start: Vec<f64> = (0..9).map(|j| ((i * 5 + j * 3) % 7) as f64 / 3.0 - 1.0).collect();
    Minimizer::new(&start, Bounds::uniform(9, -1.5, 1.5).unwrap(), Settings::default())
}

#[test]
fn what_is_not_finite_ends_its_own_problem_and_leaves_the_others_the_same_bytes() {
    let spoilers: [(f64, Option<f64>, Option<usize>); 4] = [
        (f64::NAN, None, None),
        (f64::INFINITY, None, None),
        (1.0, Some(f64::NAN), Some(4)),
        (1.0, Some(f64::NEG_INFINITY), Some(4)),
    ];
    for (f, slope, entry) in spoilers {
        let mut problems: Vec<_> = (0..5).map(valley_problem).collect();
        let (mut asked, mut best_before) = (0, f64::INFINITY);
        minimize_many(&mut problems, |which, points, values, gradients| {
            for (k, (&i, point)) in which.iter().zip(points).enumerate() {
                values[k] = valley(point, &mut gradients[9 * k..][..9]);
                asked += usize::from(i == 2);
                if i == 2 && asked == 6 {
                    values[k] = f;
                    gradients[9 * k + 4] = slope.unwrap_or(gradients[9 * k + 4]);
                } else if i == 2 {
                    best_before = best_before.min(values[k]);
                }
            }
        });
        assert_eq!(problems[2].stopped(), Some(Stop::NotFinite { evaluation: 6, entry }));
        assert_eq!([problems[2].value(), valley(problems[2].best(), &mut [0.0; 9])], [best_before; 2]);
        assert_eq!(problems[2].ask(), None);
        for i in [0, 1, 3, 4] {
            let mut alone = valley_problem(i);
            minimize(&mut alone, valley);
            assert_eq!(problems[i].best(), alone.best(), "neighbor {i}");
            assert_eq!(problems[i].evaluations(), alone.evaluations(), "neighbor {i}");
        }
    }
}

#[test]
fn a_wrong_gradient_ends_in_the_line_search_and_keeps_the_start() {
    for i in 0..5 {
        let mut problem = valley_problem(i);
        let start = problem.ask().unwrap().to_vec();
        let stop = minimize(&mut problem, |x, g| {
            let f = valley(x, g);
            for g in g {
                *g = -*g;
            }
            f
        });
        assert_eq!(stop, Stop::LineSearch, "problem {i}");
        assert!(problem.evaluations() <= 3 * 20 + 1, "problem {i}: {}", problem.evaluations());
        assert!(problem.value() <= valley(&start, &mut [0.0; 9]));
        assert!(stop.to_string().contains("gradient is wrong"));
    }
}

#[test]
fn limits_are_kept_to_the_letter() {
    for limit in [1, 2, 7, 30] {
        let bounds = Bounds::uniform(9, -1.5, 1.5).unwrap();
        let settings = Settings { max_evaluations: limit, ..Settings::default() };
        let mut problem = Minimizer::new(&[-1.0; 9], bounds.clone(), settings);
        assert_eq!(minimize(&mut problem, valley), Stop::Evaluations);
        assert_eq!(problem.evaluations(), limit);

        let settings = Settings { max_iterations: limit, ..Settings::default() };
        let mut problem = Minimizer::new(&[-1.0; 9], bounds, settings);
        assert_eq!(minimize(&mut problem, valley), Stop::Iterations);
        assert_eq!(problem.iterations(), limit);
    }
}

#[test]
fn a_box_that_is_a_point_is_evaluated_once() {
    let mut problem = Minimizer::new(&[9.0; 9], Bounds::uniform(9, 0.5, 0.5).unwrap(), Settings::default());
    assert_eq!(problem.ask(), Some(&[0.5; 9][..]));
    assert_eq!(minimize(&mut problem, valley), Stop::Gradient);
    assert_eq!((problem.evaluations(), problem.best()), (1, &[0.5; 9][..]));
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut problems: Vec<_> = (0..12).map(valley_problem).collect();
        pool.install(|| {
            minimize_many(&mut problems, |_, points, values, gradients| {
                for ((point, value), g) in points.iter().zip(values).zip(gradients.chunks_exact_mut(9)) {
                    *value = valley(point, g);
                }
            });
        });
        problems.iter().map(|problem| problem.best().to_vec()).collect::<Vec<_>>()
    };
    assert_eq!(run(1), run(4));
}

/// A slope that lies so far that the first line search must grow its step again and again.
fn long_slope(x: &[f64], g: &mut [f64]) -> f64 {
    g[0] = 1e-6 * x[0] - 1.0;
    0.5e-6 * x[0] * x[0] - x[0]
}

/// How the search down the long slope ends, and after how many iterations and evaluations.
fn down_the_long_slope(max_line_search: usize) -> (Option<Stop>, usize, usize) {
    let settings = Settings { max_line_search, max_iterations: 1, ..Settings::default() };
    let mut problem = Minimizer::new(&[0.0], Bounds::unbounded(1), settings);
    minimize(&mut problem, long_slope);
    (problem.stopped(), problem.iterations(), problem.evaluations())
}

#[test]
fn a_line_search_ends_after_as_many_evaluations_as_it_may_take_and_without_bounds_goes_as_far_as_it_must() {
    assert_eq!(down_the_long_slope(3), (Some(Stop::LineSearch), 0, 4));
    let (stopped, iterations, evaluations) = down_the_long_slope(20);
    assert_eq!((stopped, iterations), (Some(Stop::Iterations), 1));
    assert!((8..20).contains(&evaluations), "{evaluations}");
}
