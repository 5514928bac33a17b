//! Tensor operations with their adjoints, and seeded random numbers.
//!
//! Tensors are candle's, f32 or f64; the arithmetic on the CPU is our own.
//! Every sum runs in one fixed order, so a row's result depends neither on the batch it is part of nor on the number of threads.
//!
//! The adjoint of an operation `A` is what makes both sides of `<A x, y> = <x, Aᵀ y>` the same number:
//!
//! ```
//! use tensor::{Conv, DType, conv2d, conv2d_data_gradient, dot, seeded, to_f64s, uniform};
//!
//! let rng = &mut seeded(1, "example");
//! let [x, weight] = [[1, 3, 9, 9], [4, 3, 3, 3]].map(|shape| uniform(rng, &shape, 1.0, DType::F64));
//! let conv = Conv { stride: [2, 2], ..Conv::default() };
//! let ax = conv2d(&x, &weight, None, &conv);
//! let y = uniform(rng, ax.dims(), 1.0, DType::F64);
//! let aty = conv2d_data_gradient(&y, &weight, [9, 9], &conv);
//! let [ax_y, x_aty] = [(ax, y), (x, aty)].map(|(a, b)| dot(&to_f64s(&a), &to_f64s(&b)));
//! assert!((ax_y - x_aty).abs() < 1e-12);
//! ```

mod affine;
mod arrays;
mod channels;
mod contrast_norm;
mod conv;
mod dense;
mod device;
mod elementwise;
mod interpolate;
mod linear;
mod locally_connected;
mod matmul;
mod overlay;
mod pad;
mod planes;
mod pool;
mod random;
mod real;
mod response_norm;
mod slices;
mod softmax;
mod tasks;
mod transpose;

pub use affine::{affine, affine_gradient};
pub use arrays::{from_array, to_array, to_f64_array};
pub use candle_core::{DType, Device, Tensor};
pub use channels::{concat, split};
pub use contrast_norm::{ContrastNorm, contrast_norm, contrast_norm_gradient};
pub use conv::{
    Conv, conv2d, conv2d_bias_gradient, conv2d_data_gradient, conv2d_filter_gradient, conv2d_relu,
};
pub use elementwise::*;
pub use interpolate::bilinear;
pub use linear::{linear, linear_bias_gradient, linear_data_gradient, linear_weight_gradient};
pub use locally_connected::{
    Fields, locally_connected, locally_connected_data_gradient, locally_connected_weight_gradient,
};
pub use matmul::{View, matmul};
pub use overlay::{Patch, overlay};
pub use pad::{crop, pad, pad_gradient};
pub use pool::{
    PaddingInMean, Pool, Rounding, Unpool, global_mean_pool, global_mean_pool_gradient, l2_pool,
    l2_pool_gradient, max_pool, max_pool_with_switches, mean_pool, mean_pool_gradient, unpool,
};
pub use random::{normal, seeded, uniform};
pub use real::Real;
pub use response_norm::{ResponseNorm, response_norm, response_norm_gradient};
pub use slices::{dot, gather, tensor_of, to_f64s, with_slice};
pub use softmax::{argmax, cross_entropy, log_softmax, log_softmax_gradient, softmax, softmax_gradient};
pub use transpose::transpose;
