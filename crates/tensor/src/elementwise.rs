//! Element by element: sigmoid, rectifier, and their true derivatives.

use crate::by_type;
use crate::device::{done, is_elsewhere};
use crate::planes::share;
use crate::real::Real;
use crate::slices::{same_type, tensor_of, with_slice, with_slices};
use candle_core::{Tensor, WithDType};
use pulp::Arch;

/// `1 / (1 + exp(−x))`, element by element.
///
/// # Panics
/// If the tensor is neither f32 nor f64.
pub fn sigmoid(x: &Tensor) -> Tensor {
    by_type!(x, T => map::<T>(x, |v| T::from(1.0f32) / (T::from(1.0f32) + Real::exp(-v))))
}

/// The signal times the sigmoid's derivative `y (1 − y)`, where `y` is its output.
///
/// # Panics
/// If shapes or scalar types differ.
pub fn sigmoid_gradient(signal: &Tensor, y: &Tensor) -> Tensor {
    by_type!(signal, T => zip::<T>("sigmoid_gradient", signal, y, |s, y| s * (y * (T::from(1.0f32) - y))))
}

/// `max(x, 0)`, element by element; a NaN stays.
///
/// # Panics
/// If the tensor is neither f32 nor f64.
pub fn relu(x: &Tensor) -> Tensor {
    if is_elsewhere(&[x]) {
        return done("relu", x.relu());
    }
    by_type!(x, T => map::<T>(x, |v| if v <= T::default() { T::default() } else { v }))
}

/// The signal where the rectifier's output `y` is positive, and 0 elsewhere, so that the derivative at 0 is 0.
///
/// # Panics
/// If shapes or scalar types differ.
pub fn relu_gradient(signal: &Tensor, y: &Tensor) -> Tensor {
    by_type!(signal, T => zip::<T>("relu_gradient", signal, y, |s, y| if y <= T::default() { T::default() } else { s }))
}

/// The sum of two tensors of one shape.
///
/// # Panics
/// If shapes or scalar types differ.
pub fn add(a: &Tensor, b: &Tensor) -> Tensor {
    by_type!(a, T => zip::<T>("add", a, b, |a, b| a + b))
}

/// The hyperbolic tangent, element by element.
///
/// # Panics
/// If the tensor is neither f32 nor f64.
pub fn tanh(x: &Tensor) -> Tensor {
    by_type!(x, T => map::<T>(x, Real::tanh))
}

/// The signal times the hyperbolic tangent's derivative `1 − y²`, where `y` is its output.
///
/// # Panics
/// If shapes or scalar types differ.
pub fn tanh_gradient(signal: &Tensor, y: &Tensor) -> Tensor {
    by_type!(signal, T => zip::<T>("tanh_gradient", signal, y, #[inline(always)] |s, y| s * (T::from(1.0f32) - y * y)))
}

/// `x` where it is positive, and `slope · x` elsewhere.
///
/// # Panics
/// If the tensor is neither f32 nor f64.
pub fn leaky_relu(x: &Tensor, slope: f64) -> Tensor {
    by_type!(x, T => {
        let slope = <T as WithDType>::from_f64(slope);
        map::<T>(x, #[inline(always)] |v| if v > T::default() { v } else { v * slope })
    })
}

/// The signal where `x` is positive, and `slope` times the signal elsewhere.
///
/// # Panics
/// If shapes or scalar types differ.
pub fn leaky_relu_gradient(signal: &Tensor, x: &Tensor, slope: f64) -> Tensor {
    by_type!(signal, T => {
        let slope = <T as WithDType>::from_f64(slope);
        zip::<T>("leaky_relu_gradient", signal, x, #[inline(always)] |s, x| if x > T::default() { s } else { s * slope })
    })
}

/// The nearest number of `[low, high]`, element by element; a NaN stays.
///
/// # Panics
/// If the tensor is neither f32 nor f64.
pub fn clip(x: &Tensor, low: f64, high: f64) -> Tensor {
    by_type!(x, T => {
        let [low, high] = [low, high].map(<T as WithDType>::from_f64);
        map::<T>(x, #[inline(always)] |v| if v < low { low } else if v > high { high } else { v })
    })
}

/// The signal where `x` lies strictly between `low` and `high`, and 0 elsewhere.
///
/// # Panics
/// If shapes or scalar types differ.
pub fn clip_gradient(signal: &Tensor, x: &Tensor, low: f64, high: f64) -> Tensor {
    by_type!(signal, T => {
        let [low, high] = [low, high].map(<T as WithDType>::from_f64);
        zip::<T>("clip_gradient", signal, x, #[inline(always)] |s, x| if x <= low || x >= high { T::default() } else { s })
    })
}

#[inline(always)]
fn map<T: Real>(x: &Tensor, f: impl Fn(T) -> T + Sync) -> Tensor {
    let mut y = vec![T::default(); x.elem_count()];
    with_slice::<T, _>(x, |x| {
        share(&mut y, 1, |first, y| {
            Arch::new().dispatch(
                #[inline(always)]
                || x[first..].iter().zip(y).for_each(|(&v, y)| *y = f(v)),
            );
        });
    });
    tensor_of(y, x.dims())
}

#[inline(always)]
fn zip<T: Real>(operation: &str, a: &Tensor, b: &Tensor, f: impl Fn(T, T) -> T + Sync) -> Tensor {
    same_type(operation, &[a, b]);
    assert_eq!(a.dims(), b.dims(), "{operation}: shapes differ");
    let mut y = vec![T::default(); a.elem_count()];
    with_slices::<T, _>([a, b], |a, b| {
        share(&mut y, 1, |first, y| {
            Arch::new().dispatch(
                #[inline(always)]
                || a[first..].iter().zip(&b[first..]).zip(y).for_each(|((&a, &b), y)| *y = f(a, b)),
            );
        });
    });
    tensor_of(y, a.dims())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::to_f64s;

    fn line() -> Tensor {
        tensor_of((-40..=40).map(|v| f64::from(v) * 0.37).collect::<Vec<f64>>(), &[81])
    }

    /// Central differences of a function of one variable.
    fn slope(f: fn(&Tensor) -> Tensor, x: &Tensor) -> Vec<f64> {
        let h = 1e-5;
        let [ahead, behind] = [h, -h].map(|h| to_f64s(&f(&(x + h).expect("a shift"))));
        ahead.iter().zip(&behind).map(|(a, b)| (a - b) / (2.0 * h)).collect()
    }

    #[test]
    fn each_derivative_matches_central_differences_and_a_wrong_one_does_not() {
        let x = line();
        let ones = x.ones_like().expect("ones");
        let off_zero: Vec<bool> = to_f64s(&x).iter().map(|v| v.abs() > 1e-3).collect();
        let agrees = |gradient: &Tensor, f| {
            let pairs = to_f64s(gradient).into_iter().zip(slope(f, &x)).zip(&off_zero);
            pairs.filter(|(_, keep)| **keep).all(|((g, s), _)| (g - s).abs() < 1e-8)
        };
        assert!(agrees(&sigmoid_gradient(&ones, &sigmoid(&x)), sigmoid));
        assert!(agrees(&relu_gradient(&ones, &relu(&x)), relu));
        assert!(!agrees(&relu_gradient(&ones, &sigmoid(&x)), relu));
        assert_eq!(to_f64s(&relu_gradient(&ones, &relu(&x)))[40], 0.0);
    }

    #[test]
    fn the_sigmoid_keeps_its_limits() {
        let y = to_f64s(&sigmoid(&tensor_of(vec![-1e6f32, 0.0, 1e6], &[3])));
        assert!(y[0] < 1e-37 && y[1] == 0.5 && y[2] == 1.0);
    }
}
