//! A scale and a shift for each channel or each pixel: batch normalization at inference, products and sums with constants.

use crate::by_type;
use crate::planes::share;
use crate::real::Real;
use crate::slices::{same_type, tensor_of, with_slice};
use candle_core::Tensor;
use pulp::Arch;

/// `x · scale + shift`.
///
/// **Shape** x `[n, c, …]`; scale and shift are both `[c]`, one for each channel, or both of one image's shape.
///
/// # Panics
/// If shapes or scalar types do not fit.
pub fn affine(x: &Tensor, scale: &Tensor, shift: &Tensor) -> Tensor {
    same_type("affine", &[x, scale, shift]);
    assert_eq!(scale.dims(), shift.dims(), "affine: scale and shift");
    let image = &x.dims()[1..];
    let fits = scale.dims() == image || scale.dims() == &image[..1];
    assert!(fits, "affine: x {:?}, scale {:?}", x.dims(), scale.dims());
    // Runs of scalars with a coefficient each, or whole images with a coefficient for each of their scalars.
    let (run, each) = if scale.dims() == image {
        (scale.elem_count(), scale.elem_count())
    } else {
        (image[1..].iter().product(), 1)
    };
    by_type!(x, T => {
        let mut y = vec![T::default(); x.elem_count()];
        with_slice::<T, _>(x, |x| with_slice::<T, _>(scale, |scale| with_slice::<T, _>(shift, |shift| {
            share(&mut y, run, |first, y| {
                let x = &x[first * run..][..y.len()];
                Arch::new().dispatch(#[inline(always)] || runs(x, (scale, shift), (first, run, each), y));
            });
        })));
        tensor_of(y, x.dims())
    })
}

/// The adjoint with respect to x: `signal · scale`.
///
/// # Panics
/// If shapes or scalar types do not fit.
pub fn affine_gradient(signal: &Tensor, scale: &Tensor) -> Tensor {
    affine(signal, scale, &scale.zeros_like().expect("zeros in memory"))
}

#[inline(always)]
fn runs<T: Real>(
    x: &[T],
    (scale, shift): (&[T], &[T]),
    (first, run, each): (usize, usize, usize),
    y: &mut [T],
) {
    for (i, (x, y)) in x.chunks_exact(run).zip(y.chunks_exact_mut(run)).enumerate() {
        if each == 1 {
            let channel = (first + i) % scale.len();
            let (scale, shift) = (scale[channel], shift[channel]);
            x.iter().zip(y).for_each(|(&x, y)| *y = x * scale + shift);
        } else {
            let coefficients = scale.iter().zip(shift);
            x.iter().zip(coefficients).zip(y).for_each(|((&x, (&scale, &shift)), y)| *y = x * scale + shift);
        }
    }
}
