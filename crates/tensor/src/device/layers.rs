//! Dense layers and joins by candle.

use super::beside;
use candle_core::{Result, Tensor};

/// `x Wᵀ + b`, where the weight lies.
pub(crate) fn linear(x: &Tensor, weight: &Tensor, bias: &Tensor) -> Result<Tensor> {
    beside(x, weight)?.matmul(&weight.t()?)?.broadcast_add(&beside(bias, weight)?)
}

/// `signal · W`, where the weight lies.
pub(crate) fn linear_data_gradient(signal: &Tensor, weight: &Tensor) -> Result<Tensor> {
    beside(signal, weight)?.matmul(weight)
}

/// The channels of each, one after the other, where the first lies.
pub(crate) fn concat(maps: &[&Tensor]) -> Result<Tensor> {
    let maps: Vec<Tensor> = maps.iter().map(|map| beside(map, maps[0])).collect::<Result<_>>()?;
    Tensor::cat(&maps, 1)
}
