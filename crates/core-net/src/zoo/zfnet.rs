//! The net of Zeiler & Fergus 2013, Fig. 3: maps of 224, 110, 55, 26, 13, 13, 13 and 6 pixels.

use super::layers::{Layers, filters};
use super::widths::{Widths, from_layer_3};
use tensor::{ContrastNorm, Rounding};

/// Unlike the paper, which gives no window, that of Jarrett et al. 2009: 9 × 9; its deviation is ours.
const NORM: ContrastNorm = ContrastNorm { size: 9, deviation: 1.6 };

pub(super) fn with_widths(images: Layers, classes: usize, widths: &Widths) -> Layers {
    let norm2 = images
        .conv_relu(1, filters(widths.maps[0], 7).stride(2).padding(1))
        .max_pool_ceil("pool1", 3, 2)
        .node("norm1", NORM)
        .conv_relu(2, filters(widths.maps[1], 5).stride(2))
        .max_pool_ceil("pool2", 3, 2)
        .node("norm2", NORM);
    from_layer_3(norm2, classes, widths, 1, Rounding::Ceil)
}
