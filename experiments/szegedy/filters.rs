//! Pictures of the filters of some places.

use super::annotated::SQUARE;
use core_net::{Net, Op};
use lab::Block;
use tensor::{tensor_of, to_f64s};

/// Places across and down that are shown.
const PLACES: usize = 3;

/// The filters of nine places, evenly over the image, of the first layer; a block for each place.
///
/// Gray is 0, and the strongest weight of a filter is black or white in its color.
///
/// # Panics
/// If the net's first layer has no fields of its own for every place.
pub fn filters(net: &Net) -> Vec<Block> {
    let Op::LocallyConnected { weight, fields, .. } = &net.nodes()[1].op else {
        panic!("expected a locally connected layer, got {:?}", net.nodes()[1].op);
    };
    let [_, down, across] = net.nodes()[1].shape.clone().try_into().expect("feature maps");
    let (maps, depth, weight) = (weight.dims()[1], weight.dims()[2], to_f64s(weight));
    let even = |at: usize, length: usize| (2 * at + 1) * length / (2 * PLACES);
    let block = |at: usize| {
        let place = even(at / PLACES, down) * across + even(at % PLACES, across);
        let filters = weight[place * maps * depth..(place + 1) * maps * depth].chunks_exact(depth);
        filters.map(|filter| picture(filter, fields.size)).collect()
    };
    (0..PLACES * PLACES).map(block).collect()
}

fn picture(filter: &[f64], [height, width]: [usize; 2]) -> image::RgbImage {
    let strongest = filter.iter().map(|w| w.abs()).fold(f64::MIN_POSITIVE, f64::max);
    let pixels = filter.iter().map(|w| (0.5 + 0.5 * w / strongest) as f32).collect();
    SQUARE.picture(&tensor_of(pixels, &[3, height, width]))
}
