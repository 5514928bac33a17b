//! LeNet-5: LeCun, Bottou, Bengio & Haffner 1998, Fig. 2.

use super::layers::{Layers, filters};

/// Unlike the paper, units are rectifiers, subsampling takes maxima, and every map of `conv2` sees every map of `pool1`.
pub(super) fn layers(images: Layers, classes: usize) -> Layers {
    images
        .conv_relu(1, filters(6, 5).padding(2))
        .max_pool("pool1", 2, 2)
        .conv_relu(2, filters(16, 5))
        .max_pool("pool2", 2, 2)
        .flatten("flatten")
        .dense("fc1", 120)
        .relu("relu3")
        .dense("fc2", 84)
        .relu("relu4")
        .dense("fc3", classes)
}
