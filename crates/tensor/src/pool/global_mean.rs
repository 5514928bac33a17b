//! The mean of each whole plane, and its adjoint.

use crate::by_type;
use crate::planes::{dims, share};
use crate::real::Real;
use crate::slices::{tensor_of, with_slice};
use candle_core::Tensor;
use pulp::Arch;

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
        let mut means = vec![T::default(); n * c];
        with_slice::<T, _>(x, |x| {
            let planes = x.chunks_exact(h * w);
            Arch::new().dispatch(#[inline(always)] || for (mean, plane) in means.iter_mut().zip(planes) {
                *mean = sum(plane) / count;
            });
        });
        tensor_of(means, &[n, c, 1, 1])
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

/// The sums of every sixteenth scalar, then of those: as many chains as registers have lanes, in an order that no machine changes.
#[inline(always)]
fn sum<T: Real>(plane: &[T]) -> T {
    let (lines, rest) = plane.as_chunks::<16>();
    let mut sums = [T::default(); 16];
    for line in lines {
        sums.iter_mut().zip(line).for_each(|(sum, &v)| *sum += v);
    }
    sums.iter_mut().zip(rest).for_each(|(sum, &v)| *sum += v);
    sums.iter().fold(T::default(), |total, &sum| total + sum)
}
