//! The net of Zeiler & Fergus 2013 for images of 64 pixels: maps of 56, 56, 28, 14, 7, 7, 7 and 3 pixels.

use super::layers::{Layers, filters};
use super::widths::{SMALL_NORM, Widths, from_layer_3};
use tensor::Rounding;

/// Unlike the paper, the first filters are 5 × 5 in steps of 1, half its step; and what it calls contrast normalization across feature maps
/// is AlexNet's response normalization, so that the nets differ in what the paper says they differ in.
pub(super) fn with_widths(images: Layers, classes: usize, widths: &Widths) -> Layers {
    let norm2 = images
        .conv_relu(1, filters(widths.maps[0], 5).padding(2))
        .max_pool_ceil("pool1", 3, 2)
        .node("norm1", SMALL_NORM)
        .conv_relu(2, filters(widths.maps[1], 5).stride(2).padding(2))
        .max_pool_ceil("pool2", 3, 2)
        .node("norm2", SMALL_NORM);
    from_layer_3(norm2, classes, widths, 1, Rounding::Ceil)
}
