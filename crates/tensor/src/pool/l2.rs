//! L2 pooling and its derivative.

use super::Pool;
use super::fold::Folder;
use super::spread::Spreader;
use crate::by_type;
use crate::planes::{dims, share};
use crate::real::ratio;
use crate::slices::{same_type, tensor_of, with_slice};
use candle_core::{Tensor, WithDType};
use pulp::Arch;

/// `√(ε + Σ x²)` of each window, as a sum across each row and then down; padding counts as 0.
///
/// **Shape** x `[n, c, h, w]`; the result is `[n, c, oh, ow]`.
///
/// **Paper** Le et al. 2011, *ICA with Reconstruction Cost*, §2, and Le et al. 2012, §3.
///
/// # Panics
/// If the window does not fit.
pub fn l2_pool(x: &Tensor, pool: &Pool, epsilon: f64) -> Tensor {
    let [n, c, h, w] = dims("l2_pool", x);
    let axes = pool.windows("l2_pool", [h, w]);
    let [oh, ow] = axes.map(|axis| axis.output);
    by_type!(x, T => {
        let epsilon = T::from_f64(epsilon);
        let mut y = vec![T::default(); n * c * oh * ow];
        with_slice::<T, _>(x, |x| share(&mut y, oh * ow, |first, y| {
            let mut folder = Folder::new(axes, T::default());
            let mut squares = vec![T::default(); h * w];
            let planes = x[first * h * w..].chunks_exact(h * w).zip(y.chunks_exact_mut(oh * ow));
            Arch::new().dispatch(#[inline(always)] || for (x, y) in planes {
                squares.iter_mut().zip(x).for_each(|(square, &x)| *square = x * x);
                folder.fold(&squares, y, #[inline(always)] |a, b| a + b);
                y.iter_mut().for_each(|y| *y = (*y + epsilon).sqrt());
            });
        }));
        tensor_of(y, &[n, c, oh, ow])
    })
}

/// The derivative of [`l2_pool`]: each window's signal goes to its pixels in the proportion `x / y`, where y is the pooled value.
/// A window whose y is 0 has no slope; its signal ends there.
///
/// **Shape** signal and y `[n, c, oh, ow]`; x and the result `[n, c, h, w]`.
///
/// # Panics
/// If the shapes or scalar types do not fit.
pub fn l2_pool_gradient(signal: &Tensor, x: &Tensor, y: &Tensor, pool: &Pool) -> Tensor {
    same_type("l2_pool_gradient", &[signal, x, y]);
    let [n, c, h, w] = dims("l2_pool_gradient", x);
    let axes = pool.windows("l2_pool_gradient", [h, w]);
    let [oh, ow] = axes.map(|axis| axis.output);
    assert_eq!(signal.dims(), [n, c, oh, ow], "l2_pool_gradient: signal, with input {:?}", x.dims());
    assert_eq!(y.dims(), signal.dims(), "l2_pool_gradient: pooled values");
    by_type!(x, T => {
        let mut result = vec![T::default(); n * c * h * w];
        with_slice::<T, _>(signal, |s| with_slice::<T, _>(y, |y| with_slice::<T, _>(x, |x| {
            share(&mut result, h * w, |first, result| {
                let mut spreader = Spreader::new(axes);
                let ones = vec![T::from(1.0f32); oh * ow];
                let mut ratios = vec![T::default(); oh * ow];
                let outputs = s[first * oh * ow..].chunks_exact(oh * ow).zip(y[first * oh * ow..].chunks_exact(oh * ow));
                let planes = x[first * h * w..].chunks_exact(h * w).zip(result.chunks_exact_mut(h * w));
                Arch::new().dispatch(#[inline(always)] || for ((s, y), (x, result)) in outputs.zip(planes) {
                    ratios.iter_mut().zip(s.iter().zip(y)).for_each(|(to, (&s, &y))| *to = ratio(s, y));
                    spreader.spread(&ratios, &ones, result);
                    result.iter_mut().zip(x).for_each(|(share, &x)| *share *= x);
                });
            });
        })));
        tensor_of(result, x.dims())
    })
}
