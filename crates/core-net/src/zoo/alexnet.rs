//! AlexNet in one tower: Krizhevsky 2014, §5, with torchvision's padding and names.

use super::layers::{Layers, filters};

pub(super) fn layers(images: Layers, classes: usize) -> Layers {
    images
        .conv_relu(1, filters(64, 11).stride(4).padding(2).stored_as("features.0"))
        .max_pool("pool1", 3, 2)
        .conv_relu(2, filters(192, 5).padding(2).stored_as("features.3"))
        .max_pool("pool2", 3, 2)
        .conv_relu(3, filters(384, 3).padding(1).stored_as("features.6"))
        .conv_relu(4, filters(256, 3).padding(1).stored_as("features.8"))
        .conv_relu(5, filters(256, 3).padding(1).stored_as("features.10"))
        .max_pool("pool5", 3, 2)
        .flatten("flatten")
        .dropout("drop6")
        .dense("fc6", 4096)
        .stored_as("classifier.1")
        .relu("relu6")
        .dropout("drop7")
        .dense("fc7", 4096)
        .stored_as("classifier.4")
        .relu("relu7")
        .dense("fc8", classes)
        .stored_as("classifier.6")
}
