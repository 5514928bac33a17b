//! The dense layer `y = x Wᵀ + b` and its three adjoints, each alone.

use crate::by_type;
use crate::dense;
use crate::device::{self, done, is_elsewhere};
use crate::matmul::{View, matmul};
use crate::real::Real;
use crate::slices::{same_type, tensor_of, with_slice, with_slices};
use candle_core::Tensor;

/// `x Wᵀ + b`.
///
/// **Shape** x `[n, i]`, weight `[o, i]`, bias `[o]`; the result is `[n, o]`.
///
/// # Panics
/// If the shapes or scalar types do not fit.
pub fn linear(x: &Tensor, weight: &Tensor, bias: &Tensor) -> Tensor {
    same_type("linear", &[x, weight, bias]);
    let ([n, i], [o, i2]) = (dims(x), dims(weight));
    assert_eq!(i, i2, "linear: x {:?}, weight {:?}", x.dims(), weight.dims());
    if is_elsewhere(&[x, weight, bias]) {
        return done("linear", device::linear(x, weight, bias));
    }
    by_type!(x, T => {
        let mut y = with_slices::<T, _>([x, weight], |x, w| dense::product(View::new(x, n, i), View::new(w, o, i)));
        with_slice::<T, _>(bias, |b| y.chunks_exact_mut(o).for_each(|row| add(row, b)));
        tensor_of(y, &[n, o])
    })
}

/// The adjoint with respect to x: `signal · W`.
///
/// **Shape** signal `[n, o]`, weight `[o, i]`; the result is `[n, i]`.
///
/// # Panics
/// If the shapes or scalar types do not fit.
pub fn linear_data_gradient(signal: &Tensor, weight: &Tensor) -> Tensor {
    same_type("linear_data_gradient", &[signal, weight]);
    let ([n, o], [_, i]) = (dims(signal), dims(weight));
    if is_elsewhere(&[signal, weight]) {
        return done("linear_data_gradient", device::linear_data_gradient(signal, weight));
    }
    by_type!(signal, T => {
        let x = with_slices::<T, _>([signal, weight], |s, w| matmul(View::new(s, n, o), View::new(w, o, i)));
        tensor_of(x, &[n, i])
    })
}

/// The adjoint with respect to the weight: `signalᵀ · x`, summed over the batch.
///
/// **Shape** signal `[n, o]`, x `[n, i]`; the result is `[o, i]`.
///
/// # Panics
/// If the shapes or scalar types do not fit.
pub fn linear_weight_gradient(signal: &Tensor, x: &Tensor) -> Tensor {
    same_type("linear_weight_gradient", &[signal, x]);
    let ([n, o], [_, i]) = (dims(signal), dims(x));
    by_type!(signal, T => {
        let w = with_slices::<T, _>([signal, x], |s, x| matmul(View::new(s, n, o).transposed(), View::new(x, n, i)));
        tensor_of(w, &[o, i])
    })
}

/// The adjoint with respect to the bias: the signal summed over the batch.
///
/// **Shape** signal `[n, o]`; the result is `[o]`.
///
/// # Panics
/// If the signal is not a matrix of f32 or f64.
pub fn linear_bias_gradient(signal: &Tensor) -> Tensor {
    let [_, o] = dims(signal);
    by_type!(signal, T => {
        let mut sum = vec![T::default(); o];
        with_slice::<T, _>(signal, |s| s.chunks_exact(o).for_each(|row| add(&mut sum, row)));
        tensor_of(sum, &[o])
    })
}

fn add<T: Real>(sum: &mut [T], term: &[T]) {
    assert_eq!(sum.len(), term.len(), "linear: bias");
    for (s, &t) in sum.iter_mut().zip(term) {
        *s += t;
    }
}

fn dims(matrix: &Tensor) -> [usize; 2] {
    matrix.dims2().map(Into::into).unwrap_or_else(|_| panic!("expected a matrix, got {:?}", matrix.dims()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::uniform;
    use crate::{DType, seeded, to_f64s};
    use rand::Rng;

    fn dot(a: &Tensor, b: &Tensor) -> f64 {
        to_f64s(a).iter().zip(to_f64s(b)).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn each_adjoint_satisfies_its_identity_on_a_thousand_random_shapes() {
        let mut rng = seeded(3, "linear");
        for _ in 0..1000 {
            let [n, i, o] = std::array::from_fn(|_| rng.random_range(1..40));
            let mut draw = |shape: &[usize]| uniform(&mut rng, shape, 1.0, DType::F64);
            let (x, w, b, signal) = (draw(&[n, i]), draw(&[o, i]), draw(&[o]), draw(&[n, o]));
            let nothing = tensor_of(vec![0.0f64; o], &[o]);
            let image = dot(&linear(&x, &w, &nothing), &signal);
            let close = |image: f64, value: f64| {
                assert!((image - value).abs() < 1e-12 * (1.0 + (n * i * o) as f64), "{n} {i} {o}");
            };
            close(image, dot(&x, &linear_data_gradient(&signal, &w)));
            close(image, dot(&w, &linear_weight_gradient(&signal, &x)));
            let shift = dot(&linear(&x, &w, &b), &signal) - image;
            close(shift, dot(&b, &linear_bias_gradient(&signal)));
        }
    }
}
