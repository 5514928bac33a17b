//! Derivatives measured by central differences, for the tests.

use tensor::{Tensor, tensor_of, to_f64s};

/// The largest difference between a gradient and central differences of `f`, in units of the largest slope, at some of its scalars.
///
/// Where two step sizes disagree, the function has a kink in between and no slope to compare with.
pub fn gradient_error(gradient: &Tensor, at: &Tensor, f: impl Fn(&Tensor) -> f64) -> f64 {
    assert_eq!(gradient.dims(), at.dims());
    let values = to_f64s(at);
    let slope = |i: usize, step: f64| {
        let [ahead, behind] = [step, -step].map(|by| {
            let mut moved = values.clone();
            moved[i] += by;
            f(&tensor_of(moved, at.dims()))
        });
        (ahead - behind) / (2.0 * step)
    };
    let gradient = to_f64s(gradient);
    let largest = gradient.iter().fold(1.0, |most: f64, g| most.max(g.abs()));
    let (mut compared, mut worst) = (0, 0.0f64);
    let some: Vec<usize> = (0..gradient.len()).step_by(gradient.len().div_ceil(SCALARS)).collect();
    for &i in &some {
        let [wide, narrow] = [1e-5, 0.6e-5].map(|step| slope(i, step));
        if (wide - narrow).abs() < 1e-7 * largest {
            compared += 1;
            worst = worst.max((gradient[i] - wide).abs() / largest);
        }
    }
    assert!(2 * compared >= some.len(), "{compared} of {} slopes are reliable", some.len());
    worst
}

/// At most this many scalars are moved.
const SCALARS: usize = 60;
