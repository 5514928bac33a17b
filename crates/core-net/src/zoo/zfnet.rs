//! The net of Zeiler & Fergus 2013, Fig. 3: maps of 224, 110, 55, 26, 13, 13, 13 and 6 pixels.

use super::layers::{Layers, filters};
use tensor::ContrastNorm;

/// Unlike the paper, which gives no window, that of Jarrett et al. 2009: 9 × 9; its deviation is ours.
const NORM: ContrastNorm = ContrastNorm { size: 9, deviation: 1.6 };

pub(super) fn layers(images: Layers, classes: usize) -> Layers {
    images
        .conv("conv1", filters(96, 7).stride(2).padding(1))
        .relu("relu1")
        .max_pool_ceil("pool1", 3, 2)
        .contrast_norm("norm1", NORM)
        .conv("conv2", filters(256, 5).stride(2))
        .relu("relu2")
        .max_pool_ceil("pool2", 3, 2)
        .contrast_norm("norm2", NORM)
        .conv("conv3", filters(384, 3).padding(1))
        .relu("relu3")
        .conv("conv4", filters(384, 3).padding(1))
        .relu("relu4")
        .conv("conv5", filters(256, 3).padding(1))
        .relu("relu5")
        .max_pool_ceil("pool5", 3, 2)
        .flatten("flatten")
        .dense("fc6", 4096)
        .relu("relu6")
        .dropout("drop6")
        .dense("fc7", 4096)
        .relu("relu7")
        .dropout("drop7")
        .dense("fc8", classes)
}
