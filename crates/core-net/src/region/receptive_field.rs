//! What part of the image a unit sees.

use super::window::{Reach, Window};
use super::{Region, map_of};
use crate::net::{Net, Node};

/// What each unit of a node sees of the image: the unit in row i sees `size` rows from row `start + i · stride`, and likewise for columns.
///
/// At the borders of the image part of that is padding; [`Net::region_seen`] leaves it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceptiveField {
    /// Rows and columns.
    pub size: [usize; 2],
    /// From one unit to the next; 0 where every unit sees the whole image.
    pub stride: [usize; 2],
    /// The first row and column of the unit in row 0 and column 0; negative where padding comes before the image.
    pub start: [isize; 2],
}

impl Net {
    /// What each unit of a node sees of the image through windows, and through layers that see whole maps.
    ///
    /// The neighborhood of a contrast normalization is not counted: it sets the scale of what a unit sees elsewhere.
    ///
    /// # Panics
    /// If there is no such node.
    pub fn receptive_field(&self, node: usize) -> ReceptiveField {
        let image = map_of(&self.nodes[0].shape);
        let whole = ReceptiveField { size: image, stride: [0, 0], start: [0, 0] };
        let mut fields = vec![ReceptiveField { size: [1, 1], stride: [1, 1], start: [0, 0] }];
        for node in &self.nodes[1..=node] {
            let field = through(node, &fields, whole);
            fields.push(field);
        }
        fields[node]
    }

    /// The part of the image that a region of a node's map sees, without padding.
    ///
    /// Where windows lie in the padding alone, the image's first pixel.
    ///
    /// # Panics
    /// If there is no such node or region.
    pub fn region_seen(&self, node: usize, region: Region) -> Region {
        let mut seen = vec![None; node + 1];
        self.check_region(node, region);
        seen[node] = Some(region);
        for index in (1..=node).rev() {
            let Some(region) = seen[index] else { continue };
            for &source in &self.nodes[index].inputs {
                let part = self.part_read(index, source, region);
                seen[source] = seen[source].into_iter().chain(part).reduce(Region::union);
            }
        }
        seen[0].unwrap_or(Region::unit(0, 0))
    }

    /// # Panics
    /// If the node's map has no such region.
    pub(crate) fn check_region(&self, node: usize, region: Region) {
        let map = map_of(&self.nodes[node].shape);
        let fits = region.height > 0 && region.width > 0 && region.is_within(Region::whole(map));
        assert!(fits, "expected a region of the {map:?} map of {}, got {region:?}", self.nodes[node].name);
    }

    /// The part of the source's map that a region of the node's map reads.
    fn part_read(&self, node: usize, source: usize, region: Region) -> Option<Region> {
        let map = map_of(&self.nodes[source].shape);
        match self.nodes[node].op.operation().reach() {
            Reach::Place | Reach::Neighborhood => Some(region),
            Reach::Window(window) => window.covered(region, map).map(|covered| covered.region),
            Reach::Map => Some(Region::whole(map)),
        }
    }
}

/// The receptive field of a node, from those of the nodes before it.
fn through(node: &Node, fields: &[ReceptiveField], whole: ReceptiveField) -> ReceptiveField {
    let sources = node.inputs.iter().map(|&source| fields[source]);
    let source = sources.reduce(|a, b| joined(a, b, whole)).expect("every node but the input reads one");
    match node.op.operation().reach() {
        Reach::Map => whole,
        Reach::Window(window) if source != whole => widened(source, &window),
        Reach::Window(_) | Reach::Place | Reach::Neighborhood => source,
    }
}

fn widened(source: ReceptiveField, window: &Window) -> ReceptiveField {
    ReceptiveField {
        size: [0, 1].map(|axis: usize| source.size[axis] + (window.extent(axis) - 1) * source.stride[axis]),
        stride: [0, 1].map(|axis: usize| source.stride[axis] * window.stride[axis]),
        start: [0, 1]
            .map(|axis: usize| source.start[axis] - (window.padding[axis] * source.stride[axis]) as isize),
    }
}

/// What a join of two nodes sees; everything, if their units do not lie over the same places.
fn joined(a: ReceptiveField, b: ReceptiveField, whole: ReceptiveField) -> ReceptiveField {
    if a.stride != b.stride || a == whole || b == whole {
        return whole;
    }
    let start = [0, 1].map(|axis: usize| a.start[axis].min(b.start[axis]));
    let end = |field: ReceptiveField, axis: usize| field.start[axis] + field.size[axis] as isize;
    let size = [0, 1].map(|axis: usize| (end(a, axis).max(end(b, axis)) - start[axis]) as usize);
    ReceptiveField { size, stride: a.stride, start }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random_net::random_net;
    use crate::zoo::by_name;
    use rand::Rng;
    use tensor::seeded;

    #[test]
    fn the_nets_of_the_zoo_have_their_published_receptive_fields() {
        let cases = [
            ("zfnet", "conv5", 139, 16),
            ("alexnet", "conv5", 163, 16),
            ("alexnet", "pool5", 195, 32),
            ("vgg16", "conv5_3", 196, 16),
            ("vgg16", "pool5", 212, 32),
        ];
        for (name, node, size, stride) in cases {
            let net = by_name(name, 10, None).expect("in the zoo");
            let field = net.receptive_field(net.index_of(node).expect("a node of this name"));
            assert_eq!((field.size, field.stride), ([size, size], [stride, stride]), "{name} {node}");
        }
    }

    #[test]
    fn a_dense_layer_and_a_global_mean_see_the_whole_image() {
        for (name, node) in [("lenet", "fc1"), ("squeezenet1_1", "pool10")] {
            let net = by_name(name, 10, None).expect("in the zoo");
            let node = net.index_of(node).expect("a node of this name");
            let image = map_of(&net.nodes()[0].shape);
            let whole = ReceptiveField { size: image, stride: [0, 0], start: [0, 0] };
            assert_eq!(net.receptive_field(node), whole);
            assert_eq!(net.region_seen(node, Region::unit(0, 0)), Region::whole(image));
        }
    }

    #[test]
    fn a_fork_sees_what_its_widest_way_sees() {
        let net = by_name("squeezenet1_0", 10, None).expect("in the zoo");
        let field = |name: &str| net.receptive_field(net.index_of(name).expect("a node of this name"));
        assert_eq!(field("fire2"), field("fire2.expand3x3"));
        assert_eq!(field("fire2.expand1x1"), field("pool1"));
    }

    /// The part of a receptive field that lies in the image.
    fn in_image(field: ReceptiveField, unit: [usize; 2], image: [usize; 2]) -> Region {
        let along = |axis: usize| {
            let start = field.start[axis] + (unit[axis] * field.stride[axis]) as isize;
            let inside = |place: isize| place.clamp(0, image[axis] as isize) as usize;
            inside(start)..inside(start + field.size[axis] as isize)
        };
        Region::from_ranges(along(0), along(1))
    }

    #[test]
    fn what_a_unit_sees_lies_in_its_receptive_field_and_fills_it_away_from_the_borders() {
        let mut rng = seeded(7, "nets");
        let mut filled = 0;
        for _ in 0..500 {
            let net = random_net(&mut rng, 4);
            let node = rng.random_range(1..net.nodes().len());
            let image = map_of(&net.nodes()[0].shape);
            let unit = map_of(&net.nodes()[node].shape).map(|side| rng.random_range(0..side));
            let seen = net.region_seen(node, Region::unit(unit[0], unit[1]));
            let field = in_image(net.receptive_field(node), unit, image);
            let only_padding = field.height == 0 || field.width == 0;
            assert!(
                only_padding || seen.is_within(field) || seen == Region::unit(0, 0),
                "{node} {unit:?}: {net:?}"
            );
            filled += usize::from(seen == field);
        }
        assert!(filled > 400, "{filled} of 500");
    }
}
