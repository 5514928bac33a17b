//! AlexNet for images of 64 pixels: maps of 56, 28, 14, 7, 7, 7 and 3 pixels.

use super::layers::{Layers, filters};
use super::widths::{SMALL_NORM, Widths, from_layer_3};
use tensor::Rounding;

/// Unlike the paper, the first filters are 7 × 7 in steps of 2: half its step, and wider than a step as its 11 × 11 in steps of 4 are.
pub(super) fn with_widths(images: Layers, classes: usize, widths: &Widths) -> Layers {
    let pool2 = images
        .conv_relu(1, filters(widths.maps[0], 7).stride(2).padding(3))
        .node("norm1", SMALL_NORM)
        .max_pool_ceil("pool1", 3, 2)
        .conv_relu(2, filters(widths.maps[1], 5).padding(2).groups(2))
        .node("norm2", SMALL_NORM)
        .max_pool_ceil("pool2", 3, 2);
    from_layer_3(pool2, classes, widths, 2, Rounding::Ceil)
}
