//! An operation on the part of a map that a region of its output needs.

use super::window::{CoveredRegion, Reach};
use super::{Region, map_of};
use crate::net::{Net, Node};
use crate::operations::{Cropping, Op};
use tensor::{Tensor, tensor_of, with_slice};

/// A node that computes only a region of its output, from the part of its input that this region reads.
pub(crate) struct Crop {
    /// The operation with the padding that is left around the part of the input.
    pub op: Op,
    /// The part of the input.
    pub input: Region,
    /// The part of the output; the whole map where the operation cannot be cropped.
    pub output: Region,
    /// The padding that is left: top, left, bottom, right.
    pub padding: [usize; 4],
    /// The place of the output, where the operation is another one elsewhere.
    pub place: Option<[usize; 2]>,
}

impl Crop {
    /// The node on what a region of its output needs; `None` if that is padding only.
    pub fn new(net: &Net, node: &Node, output: Region) -> Option<Crop> {
        let input = map_of(&net.nodes[node.inputs[0]].shape);
        let whole = || Crop {
            op: node.op.clone(),
            input: Region::whole(input),
            output: Region::whole(map_of(&node.shape)),
            padding: [0; 4],
            place: None,
        };
        let operation = node.op.operation();
        Some(match operation.reach() {
            Reach::Place => Crop { input: output, output, ..whole() },
            Reach::Window(window) => {
                let CoveredRegion { region, padding } = window.covered(output, input)?;
                let place = Some([output.top, output.left]);
                match operation.crop(output, map_of(&node.shape), padding) {
                    Cropping::Whole => whole(),
                    Cropping::Anywhere(op) => Crop { op, input: region, output, padding, place: None },
                    Cropping::Here(op) => Crop { op, input: region, output, padding, place },
                }
            }
            Reach::Neighborhood | Reach::Map => whole(),
        })
    }

    /// The switches of the region, as places in the part of the input.
    ///
    /// **Shape** switches `[n, c, h, w]` over the whole maps, whose inputs have this width.
    pub fn switches(&self, switches: &Tensor, input_width: usize) -> Tensor {
        let part = self.output.view(switches);
        let [across, top, left, width] =
            [input_width, self.input.top, self.input.left, self.input.width].map(|side| side as u32);
        let within = |switch: u32| (switch / across - top) * width + switch % across - left;
        let switches = with_slice::<u32, _>(&part, |part| part.iter().map(|&s| within(s)).collect());
        tensor_of::<u32>(switches, part.dims())
    }
}
