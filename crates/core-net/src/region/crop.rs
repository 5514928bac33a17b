//! An operation on the part of a map that a region of its output needs.

use super::window::{Covered, Reach};
use super::{Region, map_of};
use crate::net::{Net, Node};
use crate::op::Op;
use tensor::{Tensor, tensor_of, with_slice};

/// A node that computes only a region of its output, from the part of its input that this region reads.
pub(crate) struct Crop {
    /// The operation with the padding that is left around the part of the input.
    pub op: Op,
    /// The part of the input.
    pub input: Region,
    /// The part of the output; the whole map where the operation cannot be cropped.
    pub output: Region,
}

impl Crop {
    /// The node on what a region of its output needs; `None` if that is padding only.
    pub fn new(net: &Net, node: &Node, output: Region) -> Option<Crop> {
        let input = map_of(&net.nodes[node.inputs[0]].shape);
        match Reach::of(&node.op) {
            Reach::Place => Some(Crop { op: on_part(&node.op, output), input: output, output }),
            Reach::Window(window) => {
                let Covered { region, padding } = window.covered(output, input)?;
                Some(Crop { op: with_padding(&node.op, padding), input: region, output })
            }
            Reach::Neighborhood | Reach::Map => {
                let output = Region::whole(map_of(&node.shape));
                Some(Crop { op: node.op.clone(), input: Region::whole(input), output })
            }
        }
    }

    /// The switches of the region, as places in the part of the input.
    ///
    /// **Shape** switches `[n, c, h, w]` over the whole maps, whose inputs have this width.
    pub fn switches(&self, switches: &Tensor, input_width: usize) -> Tensor {
        let part = part_of(switches, self.output);
        let [across, top, left, width] =
            [input_width, self.input.top, self.input.left, self.input.width].map(|side| side as u32);
        let within = |switch: u32| (switch / across - top) * width + switch % across - left;
        let switches = with_slice::<u32, _>(&part, |part| part.iter().map(|&s| within(s)).collect());
        tensor_of::<u32>(switches, part.dims())
    }
}

/// A view of a region of feature maps `[n, c, h, w]`: copied only if a rule reads it.
/// Anything else has one place, and is returned as it is.
pub(super) fn part_of(maps: &Tensor, region: Region) -> Tensor {
    if region == Region::whole(map_of(&maps.dims()[1..])) {
        return maps.clone();
    }
    let rows = maps.narrow(2, region.top, region.height);
    rows.and_then(|rows| rows.narrow(3, region.left, region.width)).expect("a region of the maps")
}

fn with_padding(op: &Op, padding: [usize; 4]) -> Op {
    let mut op = op.clone();
    match &mut op {
        Op::Conv { conv, .. } => conv.padding = padding,
        Op::MaxPool(pool) | Op::MeanPool(pool, _) => pool.padding = padding,
        Op::Pad { padding: around, .. } => *around = padding,
        _ => unreachable!("nothing else has windows"),
    }
    op
}

/// The operation on a part of the map: constants that differ from place to place are cropped with it.
fn on_part(op: &Op, region: Region) -> Op {
    match op {
        Op::Affine { scale, shift } if scale.rank() == 3 => {
            let part = |constant: &Tensor| {
                let image = constant.unsqueeze(0).expect("a batch of one");
                part_of(&image, region).squeeze(0).expect("a batch of one")
            };
            Op::Affine { scale: part(scale), shift: part(shift) }
        }
        _ => op.clone(),
    }
}
