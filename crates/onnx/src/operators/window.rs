//! The window of a convolution or a pool: size, stride, padding, dilation.

use crate::error::Fault;
use crate::node::Node;

/// A window over a plane.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) stride: [usize; 2],
    /// Top, left, bottom, right.
    pub(super) padding: [usize; 4],
    pub(super) dilation: [usize; 2],
}

/// The window that the node's attributes describe, over planes of this size.
pub(super) fn window(node: Node, kernel: [usize; 2], plane: [usize; 2]) -> Result<Window, Fault> {
    let stride = node.sizes("strides", 1, [1; 2])?;
    let dilation = node.sizes("dilations", 1, [1; 2])?;
    let same = |axis| same_padding(plane[axis], kernel[axis], stride[axis], dilation[axis]);
    let padding = match node.text("auto_pad")?.unwrap_or("NOTSET") {
        "NOTSET" => node.sizes("pads", 0, [0; 4])?,
        "VALID" => [0; 4],
        "SAME_UPPER" => {
            let ([top, bottom], [left, right]) = (same(0), same(1));
            [top, left, bottom, right]
        }
        "SAME_LOWER" => {
            let ([bottom, top], [right, left]) = (same(0), same(1));
            [top, left, bottom, right]
        }
        other => {
            let expected = "NOTSET, VALID, SAME_UPPER or SAME_LOWER as auto_pad";
            return Err(Fault::mismatch(expected, format!("{other:?}")));
        }
    };
    Ok(Window { stride, padding, dilation })
}

/// The smaller and the larger half of the padding that makes `⌈size / stride⌉` windows.
fn same_padding(size: usize, kernel: usize, stride: usize, dilation: usize) -> [usize; 2] {
    let reach = (size.div_ceil(stride) - 1) * stride + (kernel - 1) * dilation + 1;
    let total = reach.saturating_sub(size);
    [total / 2, total - total / 2]
}

/// Height and width of one image's feature maps.
pub(super) fn plane(shape: &[usize]) -> Result<[usize; 2], Fault> {
    match *shape {
        [_, height, width] => Ok([height, width]),
        _ => Err(Fault::mismatch("feature maps [channels, height, width] of an image", format!("{shape:?}"))),
    }
}
