//! Max pooling by candle: place after place of the window is compared with the largest so far.

use super::beside;
use super::convolution::thinned;
use crate::pool::Pool;
use candle_core::{DType, Result, Tensor};

/// The largest value of each window, and its place in the input's map; ties take the first.
///
/// Unlike on the CPU, a NaN is passed over.
pub(crate) fn max_pool_with_switches(
    x: &Tensor,
    pool: &Pool,
    output: [usize; 2],
) -> Result<(Tensor, Tensor)> {
    let (n, c, h, w) = x.dims4()?;
    let padded = padded(x, pool, output)?;
    let places = places(h, w, pool, padded.dims4()?.2, padded.dims4()?.3);
    let places = Tensor::from_vec(places, (1, 1, padded.dim(2)?, padded.dim(3)?), x.device())?;
    let shape = (n, c, output[0], output[1]);
    let mut largest = Tensor::full(f32::NEG_INFINITY, shape, x.device())?.to_dtype(x.dtype())?;
    let mut switches = Tensor::zeros(shape, DType::U32, x.device())?;
    for row in 0..pool.kernel[0] {
        for column in 0..pool.kernel[1] {
            let at = [row * pool.dilation[0], column * pool.dilation[1]];
            let value = window(&padded, at, pool.stride, output)?;
            let place = window(&places, at, pool.stride, output)?.broadcast_as(shape)?.contiguous()?;
            let larger = value.gt(&largest)?;
            largest = larger.where_cond(&value, &largest)?;
            switches = larger.where_cond(&place, &switches)?;
        }
    }
    Ok((largest, switches))
}

/// The signal put back to the switches, sums where windows share one: the adjoint.
pub(crate) fn unpool(signal: &Tensor, switches: &Tensor, [h, w]: [usize; 2]) -> Result<Tensor> {
    let (n, c, oh, ow) = signal.dims4()?;
    let maps = Tensor::zeros((n * c, h * w), signal.dtype(), signal.device())?;
    let switches = beside(switches, signal)?.reshape((n * c, oh * ow))?;
    maps.scatter_add(&switches, &signal.reshape((n * c, oh * ow))?, 1)?.reshape((n, c, h, w))
}

/// The maps with −∞ around them, as far as the last window reaches.
fn padded(x: &Tensor, pool: &Pool, output: [usize; 2]) -> Result<Tensor> {
    let (n, c, h, w) = x.dims4()?;
    let [top, left, ..] = pool.padding;
    let reach = |axis: usize| {
        (output[axis] - 1) * pool.stride[axis] + pool.dilation[axis] * (pool.kernel[axis] - 1) + 1
    };
    let sides = [reach(0).max(top + h), reach(1).max(left + w)];
    let border = |n, c, h, w| Tensor::full(f32::NEG_INFINITY, (n, c, h, w), x.device())?.to_dtype(x.dtype());
    let rows = [border(n, c, top, w)?, x.clone(), border(n, c, sides[0] - top - h, w)?];
    let rows = Tensor::cat(&rows, 2)?;
    let columns = [border(n, c, sides[0], left)?, rows, border(n, c, sides[0], sides[1] - left - w)?];
    Tensor::cat(&columns, 3)
}

/// Each place's index in the map without padding; 0 in the padding, which is never the largest.
fn places(h: usize, w: usize, pool: &Pool, rows: usize, columns: usize) -> Vec<u32> {
    let [top, left, ..] = pool.padding;
    let index = |(row, column): (usize, usize)| match (row.checked_sub(top), column.checked_sub(left)) {
        (Some(row), Some(column)) if row < h && column < w => (row * w + column) as u32,
        _ => 0,
    };
    (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))).map(index).collect()
}

/// What lies at one place of every window.
fn window(
    maps: &Tensor,
    [row, column]: [usize; 2],
    stride: [usize; 2],
    output: [usize; 2],
) -> Result<Tensor> {
    let [rows, columns] = [0, 1].map(|axis| (output[axis] - 1) * stride[axis] + 1);
    thinned(&maps.narrow(2, row, rows)?.narrow(3, column, columns)?, stride)
}
