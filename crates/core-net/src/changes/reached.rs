//! How far a change of the image reaches.

use crate::net::Net;
use crate::region::{Reach, Region, map_of};

impl Net {
    /// By node, the part of its map that a part of the image reaches; `None` where it reaches nothing.
    ///
    /// What has no map has one place.
    ///
    /// # Panics
    /// If the image has no such region.
    pub fn regions_reached(&self, region: Region) -> Vec<Option<Region>> {
        self.check_region(0, region);
        let mut reached = vec![Some(region)];
        for node in &self.nodes[1..] {
            let part = node.inputs.iter().filter_map(|&source| reached[source]).reduce(Region::union);
            let source = map_of(&self.nodes[node.inputs[0]].shape);
            let map = map_of(&node.shape);
            reached.push(part.and_then(|part| match node.op.operation().reach() {
                Reach::Place => Some(part),
                Reach::Window(window) => window.reached(part, map),
                Reach::Neighborhood | Reach::Map => {
                    debug_assert!(part.is_within(Region::whole(source)));
                    Some(Region::whole(map))
                }
            }));
        }
        reached
    }

    /// The multiply-adds of a pass that recomputes only what this part of the image reaches; with the whole image, those of a forward pass.
    ///
    /// One for each weight of a filter at each place, and for each weight of a dense unit whose input is reached.
    ///
    /// # Panics
    /// If the image has no such region.
    pub fn multiply_adds(&self, region: Region) -> usize {
        let reached = self.regions_reached(region);
        let of_node = |index: usize| {
            let maps = self.maps_read(index);
            let (output, read) = reached[index].zip(reached[maps])?;
            let whole = Region::whole(map_of(&self.nodes[maps].shape));
            Some(self.nodes[index].op.operation().multiply_adds(output, read, whole))
        };
        (1..self.nodes.len()).filter_map(of_node).sum()
    }

    /// The node whose maps a node reads, perhaps flattened.
    fn maps_read(&self, node: usize) -> usize {
        let mut source = self.nodes[node].inputs[0];
        while self.nodes[source].op.operation().keeps_scalars() {
            source = self.nodes[source].inputs[0];
        }
        source
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoo;

    #[test]
    fn a_patch_reaches_what_alexnets_windows_make_of_it() {
        let net = zoo::untrained("alexnet", 10, [224, 224], 1);
        let reached = net.regions_reached(Region { top: 96, left: 0, height: 32, width: 32 });
        let at = |name: &str| reached[net.index_of(name).expect("a node of this name")].expect("reached");
        // conv1: 11×11/4 padding 2; row r of the image is read by outputs ⌈(r + 2 − 10) / 4⌉ … ⌊(r + 2) / 4⌋.
        assert_eq!(at("conv1"), Region { top: 22, left: 0, height: 11, width: 9 });
        assert_eq!(at("pool1"), Region { top: 10, left: 0, height: 7, width: 5 });
        assert_eq!(at("conv2"), Region { top: 8, left: 0, height: 11, width: 7 });
        assert_eq!(at("fc6"), Region::unit(0, 0));
    }

    #[test]
    fn what_no_window_covers_reaches_nothing() {
        let pool = tensor::Pool::square(1, 3);
        let net = crate::Builder::new(&[1, 7, 7]).max_pool("pool", pool).build().expect("it fits");
        let reached = net.regions_reached(Region { top: 1, left: 1, height: 2, width: 2 });
        assert_eq!(reached[1], None);
    }

    #[test]
    fn the_whole_image_takes_the_multiply_adds_of_a_forward_pass() {
        let net = zoo::untrained("alexnet", 1000, [224, 224], 1);
        let layers = [64 * 55 * 55 * 363, 192 * 27 * 27 * 1600, 384 * 169 * 1728, 256 * 169 * (3456 + 2304)];
        let dense = 9216 * 4096 + 4096 * 4096 + 4096 * 1000;
        let whole = Region::whole([224, 224]);
        assert_eq!(net.multiply_adds(whole), layers.iter().sum::<usize>() + dense);
        assert!(net.multiply_adds(Region::unit(0, 0)) < net.multiply_adds(whole) / 10);
    }
}
