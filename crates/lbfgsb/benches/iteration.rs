//! What an iteration costs beside f and g: 784 variables in the unit box, ten pairs, an objective of trivial cost.

use divan::Bencher;
use divan::counter::ItemsCount;
use lbfgsb::{Bounds, Minimizer, Settings, minimize, minimize_many};

const N: usize = 784;
const ITERATIONS: usize = 60;

fn main() {
    divan::main();
}

/// The median time over 60 is the time of one iteration.
#[divan::bench]
fn sixty_iterations(bencher: Bencher) {
    let mut problem = problem();
    bencher.counter(ItemsCount::new(ITERATIONS)).bench_local(|| {
        problem.restart(&[0.5; N]);
        minimize(&mut problem, chain);
        assert_eq!(problem.iterations(), ITERATIONS);
    });
}

/// As the attack runs it: the curvature pairs of all problems together do not fit the caches.
#[divan::bench(sample_count = 5)]
fn sixty_iterations_of_256_problems_in_lockstep(bencher: Bencher) {
    let mut problems = vec![problem(); 256];
    bencher.counter(ItemsCount::new(256 * ITERATIONS)).bench_local(|| {
        for problem in &mut problems {
            problem.restart(&[0.5; N]);
        }
        minimize_many(&mut problems, |_, points, values, gradients| {
            let rows = gradients.chunks_exact_mut(N);
            for ((point, value), row) in points.iter().zip(values).zip(rows) {
                *value = chain(point, row);
            }
        });
    });
}

/// The objective alone, as often as it is evaluated in sixty iterations.
#[divan::bench]
fn sixty_evaluations_of_the_objective(bencher: Bencher) {
    let mut gradient = vec![0.0; N];
    bencher.counter(ItemsCount::new(ITERATIONS)).bench_local(|| {
        (0..ITERATIONS).map(|i| chain(&[0.5 + i as f64 * 1e-3; N], &mut gradient)).sum::<f64>()
    });
}

fn problem() -> Minimizer {
    let settings =
        Settings { max_iterations: ITERATIONS, f_tolerance: 0.0, g_tolerance: 0.0, ..Settings::default() };
    Minimizer::new(&[0.5; N], Bounds::uniform(N, 0.0, 1.0).unwrap(), settings)
}

/// A chain of quadratics of very different curvature; at its minimum in the box many variables are at a bound.
fn chain(x: &[f64], g: &mut [f64]) -> f64 {
    let mut f = 0.0;
    g[0] = 0.0;
    for i in 0..N - 1 {
        let weight = (1 + i % 97) as f64;
        let a = x[i] - 0.9 * ((i * 37 % 101) as f64 / 100.0) - 0.2;
        let b = x[i + 1] - x[i] * x[i] - 0.3;
        f += weight * a * a + 100.0 * b * b;
        g[i] += 2.0 * weight * a - 400.0 * b * x[i];
        g[i + 1] = 200.0 * b;
    }
    f
}
