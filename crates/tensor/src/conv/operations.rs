//! The public functions: tensors are checked here, once.

use super::data_gradient::data_gradient;
use super::filter_gradient::filter_gradient;
use super::forward::{Finish, forward};
use super::geometry::{Conv, Geometry};
use super::pointwise;
use crate::by_type;
use crate::device::{self, done, is_elsewhere};
use crate::planes::dims;
use crate::slices::{same_type, tensor_of, with_slice, with_slices};
use candle_core::Tensor;

/// The convolution of a batch of images with filters.
///
/// **Shape** x `[n, c, h, w]`, weight `[o, c / groups, rows, columns]`, bias `[o]`; the result is `[n, o, h′, w′]` by [`Conv::output_size`].
///
/// # Panics
/// If the shapes or scalar types do not fit.
pub fn conv2d(x: &Tensor, weight: &Tensor, bias: Option<&Tensor>, conv: &Conv) -> Tensor {
    convolve("conv2d", [x, weight], bias, conv, Finish::Keep)
}

/// `relu(conv2d(…))` in one pass, for inference.
///
/// **Shape** as [`conv2d`].
///
/// # Panics
/// If the shapes or scalar types do not fit.
pub fn conv2d_relu(x: &Tensor, weight: &Tensor, bias: Option<&Tensor>, conv: &Conv) -> Tensor {
    convolve("conv2d_relu", [x, weight], bias, conv, Finish::Rectify)
}

fn convolve(
    name: &str,
    [x, weight]: [&Tensor; 2],
    bias: Option<&Tensor>,
    conv: &Conv,
    finish: Finish,
) -> Tensor {
    let tensors: Vec<_> = [x, weight].into_iter().chain(bias).collect();
    same_type(name, &tensors);
    let g = Geometry::new(name, dims(name, x), dims(name, weight), conv);
    if let Some(bias) = bias {
        assert_eq!(bias.dims(), [g.filters], "{name}: bias");
    }
    if is_elsewhere(&tensors) {
        let y = device::conv2d(x, weight, bias, conv);
        return done(name, if finish == Finish::Rectify { y.and_then(|y| y.relu()) } else { y });
    }
    by_type!(x, T => {
        let bias = bias.map(|bias| with_slice::<T, _>(bias, <[T]>::to_vec));
        let y = with_slices::<T, _>([x, weight], |x, w| forward(&g, x, w, bias.as_deref(), finish));
        tensor_of(y, &g.output_shape())
    })
}

/// The adjoint with respect to x: the deconvnet's filtering with transposed filters.
/// Pixels that no filter position covered get 0.
///
/// **Shape** signal `[n, o, h′, w′]`, weight `[o, c / groups, rows, columns]`, input the h and w of x; the result is `[n, c, h, w]`.
///
/// # Panics
/// If the shapes or scalar types do not fit.
pub fn conv2d_data_gradient(signal: &Tensor, weight: &Tensor, input: [usize; 2], conv: &Conv) -> Tensor {
    const NAME: &str = "conv2d_data_gradient";
    same_type(NAME, &[signal, weight]);
    let (images, weights) = (dims(NAME, signal)[0], dims(NAME, weight));
    let g = Geometry::new(NAME, [images, weights[1] * conv.groups, input[0], input[1]], weights, conv);
    assert_eq!(signal.dims(), g.output_shape(), "{NAME}: signal");
    if is_elsewhere(&[signal, weight]) {
        return done(NAME, device::conv2d_data_gradient(signal, weight, input, conv));
    }
    by_type!(signal, T => {
        let x = with_slices::<T, _>([signal, weight], |s, w| match pointwise::exchanged(&g) {
            Some(exchanged) => pointwise::convolve(&g, &exchanged, s, w),
            None => data_gradient(&g, s, w),
        });
        tensor_of(x, &g.x_shape())
    })
}

/// The adjoint with respect to the weight, summed over the batch.
///
/// **Shape** signal `[n, o, h′, w′]`, x `[n, c, h, w]`, kernel the rows and columns of a filter; the result is `[o, c / groups, rows, columns]`.
///
/// # Panics
/// If the shapes or scalar types do not fit.
pub fn conv2d_filter_gradient(signal: &Tensor, x: &Tensor, kernel: [usize; 2], conv: &Conv) -> Tensor {
    const NAME: &str = "conv2d_filter_gradient";
    same_type(NAME, &[signal, x]);
    let ([_, filters, ..], x_dims) = (dims(NAME, signal), dims(NAME, x));
    let weight = [filters, x_dims[1] / conv.groups.max(1), kernel[0], kernel[1]];
    let g = Geometry::new(NAME, x_dims, weight, conv);
    assert_eq!(signal.dims(), g.output_shape(), "{NAME}: signal");
    if is_elsewhere(&[signal, x]) {
        return done(NAME, device::conv2d_filter_gradient(signal, x, kernel, conv));
    }
    by_type!(signal, T => {
        let weight = with_slices::<T, _>([signal, x], |s, x| filter_gradient(&g, s, x));
        tensor_of(weight, &g.weight_shape())
    })
}

/// The adjoint with respect to the bias: the signal summed over images, then rows and columns.
///
/// **Shape** signal `[n, o, h′, w′]`; the result is `[o]`.
///
/// # Panics
/// If the signal is not of rank 4, f32 or f64.
pub fn conv2d_bias_gradient(signal: &Tensor) -> Tensor {
    let [_, o, h, w] = dims("conv2d_bias_gradient", signal);
    by_type!(signal, T => {
        let mut sum = vec![T::default(); o];
        with_slice::<T, _>(signal, |s| {
            for (plane, values) in s.chunks_exact((h * w).max(1)).enumerate() {
                values.iter().for_each(|&value| sum[plane % o] += value);
            }
        });
        tensor_of(sum, &[o])
    })
}
