//! The operations that carry a net's time, for tensors that lie on a GPU: candle computes them there.
//!
//! They are the same maps as the kernels for the CPU, in another order of summation.
//! What is not here is computed on the CPU, wherever its tensors lie, and stays there until a layer with weights on the GPU takes it back.
//! Nothing here asks for a GPU: on the CPU's tensors the same code runs, and is tested, beside the kernels.

mod convolution;
mod layers;
mod pooling;

pub(crate) use convolution::{conv2d, conv2d_data_gradient, conv2d_filter_gradient};
pub(crate) use layers::{concat, linear, linear_data_gradient};
pub(crate) use pooling::{max_pool_with_switches, unpool};

use candle_core::Tensor;

/// Whether one of the tensors lies elsewhere than in the CPU's memory.
pub(crate) fn is_elsewhere(tensors: &[&Tensor]) -> bool {
    tensors.iter().any(|tensor| !tensor.device().is_cpu())
}

/// What candle computed.
///
/// # Panics
/// With the operation's name, where candle could not.
pub(crate) fn done<T>(operation: &str, computed: candle_core::Result<T>) -> T {
    computed.unwrap_or_else(|error| panic!("{operation}: {error}"))
}

/// The tensor, on the device of another one.
fn beside(tensor: &Tensor, other: &Tensor) -> candle_core::Result<Tensor> {
    tensor.to_device(other.device())
}

#[cfg(test)]
mod tests;
