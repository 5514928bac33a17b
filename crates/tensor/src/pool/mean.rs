//! Mean pooling and its adjoint.

use super::Pool;
use super::axis::Axis;
use super::fold::Folder;
use super::spread::Spreader;
use crate::by_type;
use crate::planes::{dims, share};
use crate::real::Real;
use crate::slices::{tensor_of, with_slice};
use candle_core::Tensor;
use pulp::Arch;

/// What a window's mean is divided by where the window reaches beyond the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaddingInMean {
    /// The pixels alone.
    Pixels,
    /// Pixels and padding; what a rounded-up window sees beyond the padding never counts.
    Padding,
}

/// The mean of each window, as a sum across each row and then down, divided by what is counted.
///
/// **Shape** x `[n, c, h, w]`; the result is `[n, c, oh, ow]`.
///
/// # Panics
/// If the window does not fit.
pub fn mean_pool(x: &Tensor, pool: &Pool, counted: PaddingInMean) -> Tensor {
    let [n, c, h, w] = dims("mean_pool", x);
    let axes = pool.windows("mean_pool", [h, w]);
    let [oh, ow] = axes.map(|axis| axis.output);
    by_type!(x, T => {
        let counts = counts::<T>(axes, counted);
        let mut y = vec![T::default(); n * c * oh * ow];
        with_slice::<T, _>(x, |x| share(&mut y, oh * ow, |first, y| {
            let mut folder = Folder::new(axes, T::default());
            let planes = x[first * h * w..].chunks_exact(h * w).zip(y.chunks_exact_mut(oh * ow));
            Arch::new().dispatch(#[inline(always)] || for (x, y) in planes {
                folder.fold(x, y, #[inline(always)] |a, b| a + b);
                y.iter_mut().zip(&counts).for_each(|(y, &count)| *y /= count);
            });
        }));
        tensor_of(y, &[n, c, oh, ow])
    })
}

/// The adjoint of mean pooling: each value is spread evenly over its window's pixels.
///
/// **Shape** signal `[n, c, oh, ow]`; the result is `[n, c, h, w]`, where `input` is `[h, w]`.
///
/// # Panics
/// If the signal is not of the pooled size.
pub fn mean_pool_gradient(signal: &Tensor, input: [usize; 2], pool: &Pool, counted: PaddingInMean) -> Tensor {
    let [n, c, oh, ow] = dims("mean_pool_gradient", signal);
    let axes = pool.windows("mean_pool_gradient", input);
    assert_eq!([oh, ow], axes.map(|axis| axis.output), "mean_pool_gradient: signal, with input {input:?}");
    let size = input[0] * input[1];
    by_type!(signal, T => {
        let counts = counts::<T>(axes, counted);
        let mut x = vec![T::default(); n * c * size];
        with_slice::<T, _>(signal, |signal| share(&mut x, size, |first, x| {
            let mut spreader = Spreader::new(axes);
            let planes = signal[first * oh * ow..].chunks_exact(oh * ow).zip(x.chunks_exact_mut(size));
            Arch::new().dispatch(#[inline(always)] || for (signal, x) in planes {
                spreader.spread(signal, &counts, x);
            });
        }));
        tensor_of(x, &[n, c, input[0], input[1]])
    })
}

/// What each window of a plane is divided by.
fn counts<T: Real>([down, across]: [Axis; 2], counted: PaddingInMean) -> Vec<T> {
    let count = |axis: Axis, o| match counted {
        PaddingInMean::Pixels => axis.pixels(o),
        PaddingInMean::Padding => axis.pixels_and_padding(o),
    };
    let row: Vec<usize> = (0..across.output).map(|o| count(across, o)).collect();
    (0..down.output).flat_map(|o| row.iter().map(move |c| T::from((c * count(down, o)) as f32))).collect()
}
