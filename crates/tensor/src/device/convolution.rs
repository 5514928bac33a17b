//! Convolution and its adjoints by candle, which knows one stride for rows and columns, and padding on both sides alike.

use super::beside;
use crate::conv::Conv;
use candle_core::{Result, Tensor};

/// The convolution, where the weight lies.
pub(crate) fn conv2d(x: &Tensor, weight: &Tensor, bias: Option<&Tensor>, conv: &Conv) -> Result<Tensor> {
    let [top, left, bottom, right] = conv.padding;
    let x = beside(x, weight)?.pad_with_zeros(2, top, bottom)?.pad_with_zeros(3, left, right)?;
    let weight = spread(weight, conv.dilation)?;
    let y = correlate(&x, &weight, square(conv.stride).unwrap_or(1), conv.groups)?;
    let y = if square(conv.stride).is_some() { y } else { thinned(&y, conv.stride)? };
    match bias {
        Some(bias) => y.broadcast_add(&beside(bias, &y)?.reshape((1, (), 1, 1))?),
        None => Ok(y),
    }
}

/// The adjoint with respect to x, where the weight lies.
pub(crate) fn conv2d_data_gradient(
    signal: &Tensor,
    weight: &Tensor,
    input: [usize; 2],
    conv: &Conv,
) -> Result<Tensor> {
    let signal = beside(signal, weight)?;
    let weight = spread(weight, conv.dilation)?;
    let stride = square(conv.stride);
    let signal = if stride.is_some() { signal } else { spread(&signal, conv.stride)? };
    let signals = signal.chunk(conv.groups, 1)?;
    let filters = weight.chunk(conv.groups, 0)?;
    let parts = signals.iter().zip(&filters).map(|(signal, filters)| {
        transposed(&signal.contiguous()?, &filters.contiguous()?, stride.unwrap_or(1))
    });
    let padded = Tensor::cat(&parts.collect::<Result<Vec<_>>>()?, 1)?;
    let [top, left, ..] = conv.padding;
    cut(&cut(&padded, 2, top, input[0])?, 3, left, input[1])
}

/// The adjoint with respect to the weight, where the signal lies: images take the place of channels, and the signal that of the filters.
pub(crate) fn conv2d_filter_gradient(
    signal: &Tensor,
    x: &Tensor,
    kernel: [usize; 2],
    conv: &Conv,
) -> Result<Tensor> {
    let [top, left, bottom, right] = conv.padding;
    let x = beside(x, signal)?.pad_with_zeros(2, top, bottom)?.pad_with_zeros(3, left, right)?;
    let signal = spread(signal, conv.stride)?;
    let of_group = |(x, signal): (&Tensor, &Tensor)| {
        let (x, signal) = (x.transpose(0, 1)?.contiguous()?, signal.transpose(0, 1)?.contiguous()?);
        let weight = thinned(&correlate(&x, &signal, 1, 1)?, conv.dilation)?.transpose(0, 1)?;
        cut(&cut(&weight, 2, 0, kernel[0])?, 3, 0, kernel[1])
    };
    let (xs, signals) = (x.chunk(conv.groups, 1)?, signal.chunk(conv.groups, 1)?);
    Tensor::cat(&xs.iter().zip(&signals).map(of_group).collect::<Result<Vec<_>>>()?, 0)
}

#[expect(clippy::disallowed_methods, reason = "there is no kernel of ours on a GPU")]
fn correlate(x: &Tensor, weight: &Tensor, stride: usize, groups: usize) -> Result<Tensor> {
    x.conv2d(weight, 0, stride, 1, groups)
}

#[expect(clippy::disallowed_methods, reason = "there is no kernel of ours on a GPU")]
fn transposed(signal: &Tensor, weight: &Tensor, stride: usize) -> Result<Tensor> {
    signal.conv_transpose2d(weight, 0, 0, stride, 1)
}

/// The one stride of rows and columns, if it is one.
fn square([rows, columns]: [usize; 2]) -> Option<usize> {
    (rows == columns).then_some(rows)
}

/// Zeros between rows and between columns, so that neighbors are `rows` and `columns` apart.
fn spread(maps: &Tensor, [rows, columns]: [usize; 2]) -> Result<Tensor> {
    if [rows, columns] == [1, 1] {
        return maps.contiguous();
    }
    let (n, c, h, w) = maps.dims4()?;
    let apart = maps.reshape((n * c, h, 1, w, 1))?.pad_with_zeros(2, 0, rows - 1)?;
    let all = apart.pad_with_zeros(4, 0, columns - 1)?.reshape((n, c, h * rows, w * columns))?;
    all.narrow(2, 0, (h - 1) * rows + 1)?.narrow(3, 0, (w - 1) * columns + 1)?.contiguous()
}

/// Every `steps`-th row and column, from the first.
pub(super) fn thinned(maps: &Tensor, steps: [usize; 2]) -> Result<Tensor> {
    let mut maps = maps.contiguous()?;
    for (axis, step) in [2, 3].into_iter().zip(steps) {
        if step > 1 {
            let indices: Vec<u32> = (0..maps.dim(axis)? as u32).step_by(step).collect();
            maps = maps.index_select(&Tensor::new(indices, maps.device())?, axis)?;
        }
    }
    Ok(maps)
}

/// `length` places of an axis from `start`; zeros where there are fewer.
fn cut(maps: &Tensor, axis: usize, start: usize, length: usize) -> Result<Tensor> {
    let missing = (start + length).saturating_sub(maps.dim(axis)?);
    maps.pad_with_zeros(axis, 0, missing)?.narrow(axis, start, length)?.contiguous()
}
