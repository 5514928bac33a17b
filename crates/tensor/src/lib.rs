//! Tensor operations with their adjoints, and seeded random numbers.
//!
//! Tensors are candle's, f32 or f64; the arithmetic on the CPU is our own.
//! Every sum runs in one fixed order, so a row's result depends neither on the batch it is part of nor on the number of threads.

mod conv;
mod elementwise;
mod linear;
mod matmul;
mod random;
mod real;
mod slices;
mod softmax;

pub use candle_core::{DType, Device, Tensor};
pub use conv::{
    Conv, conv2d, conv2d_bias_gradient, conv2d_data_gradient, conv2d_filter_gradient, conv2d_relu,
};
pub use elementwise::{add, relu, relu_gradient, sigmoid, sigmoid_gradient};
pub use linear::{linear, linear_bias_gradient, linear_data_gradient, linear_weight_gradient};
pub use matmul::{View, matmul};
pub use random::{normal, seeded, uniform};
pub use real::Real;
pub use slices::{gather, tensor_of, to_f64s, with_slice};
pub use softmax::{argmax, cross_entropy, log_softmax, log_softmax_gradient};
