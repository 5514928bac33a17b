//! Pictures of the filters of some places.

use crate::{Contrast, filter_pictures};
use core_net::operations::LocallyConnected;
use core_net::{Net, Op};
use figures::Block;

/// Places across and down that are shown.
const PLACES: usize = 3;

/// The filters of nine places, evenly over the image, of the first layer; a block for each place.
///
/// Gray is 0, and the strongest weight of a filter is black or white in its color.
///
/// # Panics
/// If the net's first layer has no fields of its own for every place.
pub fn filters(net: &Net) -> Vec<Block> {
    let Op::LocallyConnected(LocallyConnected { weight, fields, .. }) = &net.nodes()[1].op else {
        panic!("expected a locally connected layer, got {:?}", net.nodes()[1].op);
    };
    let [_, down, across] = net.nodes()[1].shape.clone().try_into().expect("feature maps");
    let (maps, [height, width]) = (weight.dims()[1], fields.size);
    let even = |at: usize, length: usize| (2 * at + 1) * length / (2 * PLACES);
    let block = |at: usize| {
        let place = even(at / PLACES, down) * across + even(at % PLACES, across);
        let filters = weight.narrow(0, place, 1).and_then(|own| own.reshape((maps, 3, height, width)));
        filter_pictures(&filters.expect("fields of a color image"), Contrast::Own)
    };
    (0..PLACES * PLACES).map(block).collect()
}
