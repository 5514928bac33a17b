//! The mean of each whole plane, and its adjoint.

use crate::by_type;
use crate::planes::{dims, share};
use crate::real::Real;
use crate::slices::{tensor_of, with_slice};
use candle_core::Tensor;

/// The mean of each plane.
///
/// **Shape** x `[n, c, h, w]`; the result is `[n, c, 1, 1]`.
///
/// # Panics
/// If a plane has no pixel.
pub fn global_mean_pool(x: &Tensor) -> Tensor {
    let [n, c, h, w] = dims("global_mean_pool", x);
    assert!(h * w > 0, "global_mean_pool: no pixel in {:?}", x.dims());
    by_type!(x, T => {
        let count = T::from((h * w) as f32);
        let means = with_slice::<T, _>(x, |x| x.chunks_exact(h * w).map(|plane| sum(plane) / count).collect());
        tensor_of::<T>(means, &[n, c, 1, 1])
    })
}

/// The adjoint: each mean's signal spread evenly over its plane.
///
/// **Shape** signal `[n, c, 1, 1]`; the result is `[n, c, h, w]`, where `input` is `[h, w]`.
///
/// # Panics
/// If the signal has more than one value a plane.
pub fn global_mean_pool_gradient(signal: &Tensor, input: [usize; 2]) -> Tensor {
    let [n, c, oh, ow] = dims("global_mean_pool_gradient", signal);
    assert_eq!([oh, ow], [1, 1], "global_mean_pool_gradient: signal");
    let size = input[0] * input[1];
    by_type!(signal, T => {
        let count = T::from(size as f32);
        let mut x = vec![T::default(); n * c * size];
        with_slice::<T, _>(signal, |signal| {
            share(&mut x, size, |first, x| {
                let planes = x.chunks_exact_mut(size).zip(&signal[first..]);
                planes.for_each(|(plane, &s)| plane.fill(s / count));
            });
        });
        tensor_of(x, &[n, c, input[0], input[1]])
    })
}

fn sum<T: Real>(plane: &[T]) -> T {
    plane.iter().fold(T::default(), |sum, &v| sum + v)
}
