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
                Some(Crop { op: on_window(node, output, padding), input: region, output })
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

/// The operation on the windows of a region of its output: with the padding that is left, and the filters of these places.
fn on_window(node: &Node, output: Region, padding: [usize; 4]) -> Op {
    let mut op = node.op.clone();
    match &mut op {
        Op::LocallyConnected { weight, bias, .. } => {
            *weight = filters_at(weight, map_of(&node.shape), output);
            bias.iter_mut().for_each(|bias| *bias = constants_at(bias, output));
        }
        Op::Conv { conv, .. } => conv.padding = padding,
        Op::MaxPool(pool) | Op::MeanPool(pool, _) | Op::L2Pool { pool, .. } => pool.padding = padding,
        Op::Pad { padding: around, .. } => *around = padding,
        _ => unreachable!("nothing else has windows"),
    }
    op
}

/// The operation on a part of the map: constants that differ from place to place are cropped with it.
fn on_part(op: &Op, region: Region) -> Op {
    match op {
        Op::Affine { scale, shift } if scale.rank() == 3 => {
            Op::Affine { scale: constants_at(scale, region), shift: constants_at(shift, region) }
        }
        _ => op.clone(),
    }
}

/// Constants `[c, h, w]` of a region of the map.
fn constants_at(constants: &Tensor, region: Region) -> Tensor {
    let image = constants.unsqueeze(0).expect("a batch of one");
    part_of(&image, region).squeeze(0).expect("a batch of one")
}

/// The filters `[places, maps, depth]` of a region of the map, whose places lie row by row.
fn filters_at(weight: &Tensor, [height, width]: [usize; 2], region: Region) -> Tensor {
    let (maps, depth) = (weight.dims()[1], weight.dims()[2]);
    let rows =
        weight.reshape((height, width, maps * depth)).and_then(|w| w.narrow(0, region.top, region.height));
    let part = rows.and_then(|rows| rows.narrow(1, region.left, region.width)?.contiguous());
    let part = part.and_then(|part| part.reshape((region.height * region.width, maps, depth)));
    part.expect("filters of a region of the map")
}
