//! VGG-16: Simonyan & Zisserman 2014, Table 1, column D, with torchvision's names.

use super::layers::{Layers, filters};

/// Number of filters and torchvision's places of the layers of each block.
const BLOCKS: [(usize, &[usize]); 5] =
    [(64, &[0, 2]), (128, &[5, 7]), (256, &[10, 12, 14]), (512, &[17, 19, 21]), (512, &[24, 26, 28])];

pub(super) fn layers(images: Layers, classes: usize) -> Layers {
    let mut maps = images;
    for (block, (number, places)) in (1..).zip(BLOCKS) {
        for (layer, place) in (1..).zip(places) {
            let prefix = format!("features.{place}");
            let filters = filters(number, 3).padding(1).stored_as(&prefix);
            maps = maps.conv_relu(format!("{block}_{layer}"), filters);
        }
        maps = maps.max_pool(&format!("pool{block}"), 2, 2);
    }
    maps.flatten("flatten")
        .dense("fc6", 4096)
        .stored_as("classifier.0")
        .relu("relu6")
        .dropout("drop6")
        .dense("fc7", 4096)
        .stored_as("classifier.3")
        .relu("relu7")
        .dropout("drop7")
        .dense("fc8", classes)
        .stored_as("classifier.6")
}
