//! Microseconds an iteration costs beside f and g: 784 variables in the unit box, ten pairs.
use divan::Bencher;
use lbfgsb::{Bounds, Minimizer, Settings, minimize};

const N: usize = 784;

fn main() {
    divan::main();
}

#[divan::bench]
fn two_hundred_iterations(bencher: Bencher) {
    let settings = Settings {
        f_tolerance: -1.0,
        g_tolerance: -1.0,
        ..Settings::default()
    };
    let mut problem = Minimizer::new(&[0.5; N], Bounds::uniform(N, 0.0, 1.0).unwrap(), settings);
    bencher.bench_local(|| {
        problem.restart(&[0.5; N]);
        minimize(&mut problem, chained_quartic);
        assert_eq!(problem.iterations(), 200);
        problem.value()
    });
}

/// A banded function, cheap and not quadratic, whose minimizer has many variables at a bound.
fn chained_quartic(x: &[f64], g: &mut [f64]) -> f64 {
    let mut f = 0.0;
    g.fill(0.0);
    for i in 0..x.len() - 1 {
        let weight = 1.0 + (i % 97) as f64;
        let a = x[i] - 0.3 - 0.9 * ((i * 37 % 101) as f64 / 100.0 - 0.2);
        let b = x[i + 1] - x[i] * x[i];
        f += weight * a * a + 20.0 * b * b;
        g[i] += 2.0 * weight * a - 80.0 * b * x[i];
        g[i + 1] += 40.0 * b;
    }
    f
}
