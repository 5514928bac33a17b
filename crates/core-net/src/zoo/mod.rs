//! Nets by name, each file like the paper's own figure.
//!
//! A net's image size is fixed when it is built, its nodes carry the paper's names,
//! and its parameters go by torchvision's names in weight files where torchvision has the net.
//! Every net ends in logits `[n, classes]`.
//!
//! | name | net | customary images |
//! |---|---|---|
//! | `lenet` | LeNet-5 with rectifiers and max pooling | 28 × 28, one channel |
//! | `alexnet` | AlexNet in one tower, as torchvision has it | 224 × 224 |
//! | `alexnet_grouped` | AlexNet in two groups with response normalization, as its paper has it | 227 × 227 |
//! | `zfnet` | the net of Zeiler & Fergus 2013 | 224 × 224 |
//! | `squeezenet1_0`, `squeezenet1_1` | SqueezeNet; v1.1 is as exact, with less arithmetic | 227 × 227 |
//! | `vgg16` | VGG-16 | 224 × 224 |
//! | `alexnet-64`, `zfnet-64` | both for images of 64 pixels | 56 × 56 |

mod ablation;
mod alexnet;
mod alexnet64;
mod alexnet_grouped;
mod fully_connected;
mod layers;
mod lenet;
mod squeezenet;
mod vgg16;
mod widths;
mod zfnet;
mod zfnet64;

use crate::builder::BuildError;
use crate::net::Net;
pub use ablation::{Ablation, Family, Pixels};
pub use fully_connected::fully_connected;
pub use layers::Initial;
use layers::Layers;
pub use widths::Widths;

/// A net's name, its customary images `[channels, height, width]`, and its layers for a number of classes.
type Design = (&'static str, [usize; 3], fn(Layers, usize) -> Layers);

const DESIGNS: [Design; 9] = [
    ("lenet", [1, 28, 28], lenet::layers),
    ("alexnet", [3, 224, 224], alexnet::layers),
    ("alexnet_grouped", [3, 227, 227], |images, classes| {
        alexnet_grouped::with_widths(images, classes, &Widths::PAPER)
    }),
    ("zfnet", [3, 224, 224], |images, classes| zfnet::with_widths(images, classes, &Widths::PAPER)),
    ("squeezenet1_0", [3, 227, 227], squeezenet::version1_0),
    ("squeezenet1_1", [3, 227, 227], squeezenet::version1_1),
    ("vgg16", [3, 224, 224], vgg16::layers),
    ("alexnet-64", [3, 56, 56], |images, classes| alexnet64::with_widths(images, classes, &Widths::SMALL)),
    ("zfnet-64", [3, 56, 56], |images, classes| zfnet64::with_widths(images, classes, &Widths::SMALL)),
];

/// The names that [`by_name`] knows.
pub fn names() -> [&'static str; DESIGNS.len()] {
    DESIGNS.map(|(name, ..)| name)
}

/// The net of this name with all parameters 0, to be filled by [`Net::load`].
///
/// `image` is the height and width of its images, its customary ones if `None`.
///
/// # Panics
/// If the image is too small for a layer.
pub fn by_name(name: &str, classes: usize, image: Option<[usize; 2]>) -> Option<Net> {
    let (_, [_, height, width], _) = design(name)?;
    by_name_sized(name, classes, image.unwrap_or([height, width])).map(fitting)
}

/// The same on images of a size that may be too small for it, which is an error.
pub fn by_name_sized(name: &str, classes: usize, image: [usize; 2]) -> Option<Result<Net, BuildError>> {
    Some(built(design(name)?, classes, image, Initial::Zero))
}

/// The net of this name with the random weights of [`Initial::Gaussian`].
///
/// # Panics
/// If there is no such net, or the image is too small for a layer.
pub fn untrained(name: &str, classes: usize, image: [usize; 2], seed: u64) -> Net {
    let design = design(name).unwrap_or_else(|| panic!("zoo: expected one of {:?}, got {name}", names()));
    fitting(built(design, classes, image, Initial::Gaussian { seed }))
}

fn design(name: &str) -> Option<Design> {
    DESIGNS.into_iter().find(|(known, ..)| *known == name)
}

fn fitting(net: Result<Net, BuildError>) -> Net {
    net.unwrap_or_else(|error| panic!("zoo: {error}"))
}

fn built(
    (_, [channels, ..], layers): Design,
    classes: usize,
    [height, width]: [usize; 2],
    initial: Initial,
) -> Result<Net, BuildError> {
    layers(Layers::on([channels, height, width], initial), classes).net()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Op;

    /// The sides of the maps that convolutions and poolings make, one after the other, equal ones once.
    fn sides(net: &Net) -> Vec<usize> {
        let makes_maps = |op: &Op| matches!(op, Op::Conv(_) | Op::Pool(_));
        let nodes = net.nodes().iter().filter(|node| makes_maps(&node.op));
        let mut sides: Vec<usize> = nodes.map(|node| node.shape[2]).collect();
        sides.dedup();
        sides
    }

    fn customary(name: &str) -> Net {
        by_name(name, 1000, None).expect(name)
    }

    fn parameters(net: &Net) -> usize {
        net.parameters().iter().map(|(_, tensor)| tensor.elem_count()).sum()
    }

    #[test]
    fn every_net_has_the_maps_of_its_paper_s_figure() {
        assert_eq!(sides(&customary("lenet")), [28, 14, 10, 5]);
        assert_eq!(sides(&customary("alexnet")), [55, 27, 13, 6]);
        assert_eq!(sides(&customary("alexnet_grouped")), [55, 27, 13, 6]);
        assert_eq!(sides(&customary("zfnet")), [110, 55, 26, 13, 6]);
        assert_eq!(sides(&customary("squeezenet1_0")), [111, 55, 27, 13]);
        assert_eq!(sides(&customary("squeezenet1_1")), [113, 56, 28, 14]);
        assert_eq!(sides(&customary("vgg16")), [224, 112, 56, 28, 14, 7]);
    }

    #[test]
    fn every_net_has_as_many_parameters_as_published() {
        assert_eq!(parameters(&by_name("lenet", 10, None).expect("lenet")), 61_706);
        assert_eq!(parameters(&customary("alexnet")), 61_100_840);
        assert_eq!(parameters(&customary("alexnet_grouped")), 60_965_224);
        assert_eq!(parameters(&customary("squeezenet1_0")), 1_248_424);
        assert_eq!(parameters(&customary("squeezenet1_1")), 1_235_496);
        assert_eq!(parameters(&customary("vgg16")), 138_357_544);
    }

    #[test]
    fn every_name_makes_a_net_that_ends_in_logits() {
        for name in names() {
            assert_eq!(customary(name).nodes().last().expect("a node").shape, [1000], "{name}");
        }
        assert!(by_name("resnet18", 1000, None).is_none());
        assert!(by_name_sized("lenet", 10, [2, 2]).is_some_and(|net| net.is_err()));
    }

    #[test]
    fn a_drawn_net_keeps_the_scale_of_its_image_and_differs_by_seed() {
        let images =
            tensor::normal(&mut tensor::seeded(1, "image"), &[1, 3, 67, 67], 1.0, tensor::DType::F32);
        let output =
            |seed| tensor::to_f64s(untrained("squeezenet1_1", 10, [67, 67], seed).forward(&images).output());
        let size = output(1).iter().map(|value| value.abs()).fold(0.0, f64::max);
        assert!(size > 0.01 && size < 100.0, "{size}");
        assert_eq!(output(1), output(1));
        assert_ne!(output(1), output(2));
    }
}
