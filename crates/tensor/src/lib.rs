//! Tensor operations with their adjoints, and seeded random numbers.
//!
//! Tensors are candle's, f32 or f64; the arithmetic on the CPU is our own.
//! Every sum runs in one fixed order, so a row's result depends neither on the batch it is part of nor on the number of threads.

mod random;

pub use candle_core::{DType, Device, Tensor};
pub use random::seeded;
