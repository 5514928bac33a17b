//! Axes in another order.

use candle_core::Tensor;

/// The tensor whose axis i is axis `order[i]` of x.
///
/// # Panics
/// If `order` is not an order of the axes.
pub fn transpose(x: &Tensor, order: &[usize]) -> Tensor {
    let transposed = x.permute(order).and_then(|view| view.contiguous());
    transposed.unwrap_or_else(|error| panic!("transpose: {:?} to {order:?}: {error}", x.dims()))
}
