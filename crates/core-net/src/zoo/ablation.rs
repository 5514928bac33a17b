//! AlexNet and the net of Zeiler & Fergus with other widths, or without some layers.

use super::widths::Widths;
use super::{Layers, alexnet_grouped, alexnet64, layers, zfnet, zfnet64};
use crate::builder::BuildError;
use crate::net::Net;
use serde::Serialize;

/// Which net is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Family {
    /// Krizhevsky et al. 2012: a coarse first layer, and later layers in two groups.
    AlexNet,
    /// Zeiler & Fergus 2013, Fig. 3: a fine first layer, and no groups.
    ZfNet,
}

/// The images that it is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Pixels {
    /// Those of ImageNet: crops of 224 × 224, for AlexNet of 227 × 227.
    Paper,
    /// Those of Tiny-ImageNet: crops of 56 × 56.
    Small,
}

/// A net of Zeiler & Fergus 2013, Table 3.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Ablation {
    /// What is changed.
    pub family: Family,
    /// What it looks at.
    pub pixels: Pixels,
    /// Its layers.
    pub widths: Widths,
}

impl Ablation {
    /// Height and width of its images.
    pub fn side(&self) -> usize {
        match (self.pixels, self.family) {
            (Pixels::Small, _) => 56,
            (Pixels::Paper, Family::AlexNet) => 227,
            (Pixels::Paper, Family::ZfNet) => 224,
        }
    }

    /// The net on images of three channels, ending in logits.
    ///
    /// # Errors
    /// When the number of maps is 0 where a later layer needs some, or cannot be divided into groups.
    pub fn net(&self, classes: usize, initial: layers::Initial) -> Result<Net, BuildError> {
        let layers = match (self.pixels, self.family) {
            (Pixels::Small, Family::AlexNet) => alexnet64::with_widths,
            (Pixels::Small, Family::ZfNet) => zfnet64::with_widths,
            (Pixels::Paper, Family::AlexNet) => alexnet_grouped::with_widths,
            (Pixels::Paper, Family::ZfNet) => zfnet::with_widths,
        };
        let side = self.side();
        layers(Layers::on([3, side, side], initial), classes, &self.widths).net()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoo::Initial;

    fn zfnet(widths: Widths) -> Net {
        let ablation = Ablation { family: Family::ZfNet, pixels: Pixels::Small, widths };
        ablation.net(10, Initial::Zero).expect("layers that fit")
    }

    #[test]
    fn a_layer_of_no_maps_or_units_is_left_out_and_the_next_reads_the_one_before_it() {
        let mut widths = Widths::SMALL;
        (widths.maps[2], widths.maps[3], widths.units) = (0, 0, [0, 0]);
        let net = zfnet(widths);
        let names: Vec<&str> = net.nodes().iter().map(|node| &*node.name).collect();
        let after_norm2 = ["conv5", "relu5", "pool5", "flatten", "fc8"];
        assert_eq!(names[9..], after_norm2);
        assert_eq!(net.parameters()[4].1.dims(), [64, 64, 3, 3]);
        assert_eq!(net.parameters()[6].1.dims(), [10, 64 * 9]);
    }

    #[test]
    fn the_small_nets_differ_in_the_first_layer_the_step_of_the_second_and_the_groups() {
        let [alexnet, zfnet] = [Family::AlexNet, Family::ZfNet].map(|family| {
            let net = Ablation { family, pixels: Pixels::Small, widths: Widths::SMALL };
            net.net(100, Initial::Zero).expect("layers that fit")
        });
        let shapes = |net: &Net| net.parameters().iter().map(|(_, w)| w.dims().to_vec()).collect::<Vec<_>>();
        let differ: Vec<(Vec<usize>, Vec<usize>)> =
            shapes(&alexnet).into_iter().zip(shapes(&zfnet)).filter(|(a, z)| a != z).collect();
        let expected = [
            ([24, 3, 7, 7], [24, 3, 5, 5]),
            ([64, 12, 5, 5], [64, 24, 5, 5]),
            ([96, 48, 3, 3], [96, 96, 3, 3]),
            ([64, 48, 3, 3], [64, 96, 3, 3]),
        ];
        assert_eq!(differ, expected.map(|(a, z)| (a.to_vec(), z.to_vec())));
    }

    #[test]
    fn a_share_of_the_papers_widths_is_the_small_nets() {
        assert_eq!(Widths::PAPER.divided(4), Widths::SMALL);
    }
}
