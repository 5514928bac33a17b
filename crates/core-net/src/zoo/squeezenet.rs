//! SqueezeNet: Iandola et al. 2016, Table 1, in both versions, with torchvision's names.

use super::layers::{Layers, filters};
use crate::operations::Op;

pub(super) fn version1_0(images: Layers, classes: usize) -> Layers {
    let maps = images
        .conv_relu(1, filters(96, 7).stride(2).stored_as("features.0"))
        .max_pool_ceil("pool1", 3, 2)
        .fire("fire2", "features.3", 16, 64)
        .fire("fire3", "features.4", 16, 64)
        .fire("fire4", "features.5", 32, 128)
        .max_pool_ceil("pool4", 3, 2)
        .fire("fire5", "features.7", 32, 128)
        .fire("fire6", "features.8", 48, 192)
        .fire("fire7", "features.9", 48, 192)
        .fire("fire8", "features.10", 64, 256)
        .max_pool_ceil("pool8", 3, 2)
        .fire("fire9", "features.12", 64, 256);
    classified(maps, classes)
}

/// Unlike the paper, the first filters are 3 × 3, and the maps are pooled earlier: the authors' own revision.
pub(super) fn version1_1(images: Layers, classes: usize) -> Layers {
    let maps = images
        .conv_relu(1, filters(64, 3).stride(2).stored_as("features.0"))
        .max_pool_ceil("pool1", 3, 2)
        .fire("fire2", "features.3", 16, 64)
        .fire("fire3", "features.4", 16, 64)
        .max_pool_ceil("pool3", 3, 2)
        .fire("fire4", "features.6", 32, 128)
        .fire("fire5", "features.7", 32, 128)
        .max_pool_ceil("pool5", 3, 2)
        .fire("fire6", "features.9", 48, 192)
        .fire("fire7", "features.10", 48, 192)
        .fire("fire8", "features.11", 64, 256)
        .fire("fire9", "features.12", 64, 256);
    classified(maps, classes)
}

/// One map for each class, and its mean.
fn classified(maps: Layers, classes: usize) -> Layers {
    maps.dropout("drop9")
        .conv_relu(10, filters(classes, 1).stored_as("classifier.1"))
        .node("pool10", Op::GlobalMeanPool)
        .flatten("flatten")
}

impl Layers {
    /// A fire module: few 1 × 1 filters that squeeze, then as many 1 × 1 as 3 × 3 filters that expand.
    ///
    /// **Paper** §3.2, Fig. 1
    fn fire(self, name: &str, prefix: &str, squeeze: usize, expand: usize) -> Self {
        let [squeezed, small, large] =
            ["squeeze", "expand1x1", "expand3x3"].map(|part| format!("{name}.{part}"));
        let stored = |part: &str| format!("{prefix}.{part}");
        let relu = |layer: &str| format!("{layer}.relu");
        self.conv(&squeezed, filters(squeeze, 1).stored_as(&stored("squeeze")))
            .relu(&relu(&squeezed))
            .conv(&small, filters(expand, 1).stored_as(&stored("expand1x1")))
            .relu(&relu(&small))
            .after(&relu(&squeezed))
            .conv(&large, filters(expand, 3).padding(1).stored_as(&stored("expand3x3")))
            .relu(&relu(&large))
            .concat(name, &[&relu(&small), &relu(&large)])
    }
}
