//! The net of Zeiler & Fergus 2013 for images of 64 pixels: maps of 56, 56, 28, 14, 7, 7, 7 and 3 pixels.

use super::layers::{Layers, filters};
use super::widths::{LastPool, SMALL_NORM, Widths, from_layer_3};

/// Unlike the paper, the first filters are 5 × 5 in steps of 1, half its step; and what it calls contrast normalization across feature maps
/// is AlexNet's response normalization, so that the nets differ in what the paper says they differ in.
pub(super) fn with_widths(images: Layers, classes: usize, widths: &Widths) -> Layers {
    let norm2 = images
        .conv("conv1", filters(widths.maps[0], 5).padding(2))
        .relu("relu1")
        .max_pool_ceil("pool1", 3, 2)
        .response_norm("norm1", SMALL_NORM)
        .conv("conv2", filters(widths.maps[1], 5).stride(2).padding(2))
        .relu("relu2")
        .max_pool_ceil("pool2", 3, 2)
        .response_norm("norm2", SMALL_NORM);
    from_layer_3(norm2, classes, widths, 1, LastPool::Beyond)
}
