//! How many maps and units the layers of AlexNet and of the net of Zeiler & Fergus have.

use super::layers::{Layers, filters};
use serde::Serialize;
use tensor::{ResponseNorm, Rounding};

/// Unlike Krizhevsky et al. 2012, §3.3, κ is 1: a small net's activations are small, and each division by a power of 2 would make them smaller.
pub(super) const SMALL_NORM: ResponseNorm =
    ResponseNorm { size: 5, alpha: 5.0 * 1e-4, beta: 0.75, kappa: 1.0 };

/// Maps of the five convolutions, and units of the two dense layers under the last; a layer of 0 is left out.
///
/// **Paper** Zeiler & Fergus 2013, §4.4, Table 3
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Widths {
    /// Of layers 1 to 5.
    pub maps: [usize; 5],
    /// Of layers 6 and 7.
    pub units: [usize; 2],
}

impl Widths {
    /// Those of both papers' nets.
    pub const PAPER: Widths = Widths { maps: [96, 256, 384, 384, 256], units: [4096; 2] };

    /// Those of the nets for images of 64 pixels: a quarter.
    pub const SMALL: Widths = Widths { maps: [24, 64, 96, 96, 64], units: [1024; 2] };

    /// A share `1 / divisor` of each.
    ///
    /// # Panics
    /// If one of them is not divisible.
    pub fn divided(self, divisor: usize) -> Widths {
        let share = |width: usize| {
            assert_eq!(width % divisor, 0, "widths: expected multiples of {divisor}, got {width}");
            width / divisor
        };
        Widths { maps: self.maps.map(share), units: self.units.map(share) }
    }
}

/// Layers 3 to 8, without those of 0 maps or units. Layers 4 and 5 have `groups` groups; `rounding` is the last pooling's.
pub(super) fn from_layer_3(
    images: Layers,
    classes: usize,
    widths: &Widths,
    groups: usize,
    rounding: Rounding,
) -> Layers {
    let mut layers = images;
    for (layer, groups) in [(3, 1), (4, groups), (5, groups)] {
        let maps = widths.maps[layer - 1];
        if maps > 0 {
            layers = layers.conv_relu(layer, filters(maps, 3).padding(1).groups(groups));
        }
    }
    layers = layers.rounded_max_pool("pool5", 3, 2, rounding).flatten("flatten");
    for (layer, units) in (6..).zip(widths.units) {
        if units > 0 {
            let [dense, relu, drop] = ["fc", "relu", "drop"].map(|kind| format!("{kind}{layer}"));
            layers = layers.dense(&dense, units).relu(&relu).dropout(&drop);
        }
    }
    layers.logits("fc8", classes)
}
