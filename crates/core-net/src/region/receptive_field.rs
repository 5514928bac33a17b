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
        let mut fields: Vec<ReceptiveField> =
            vec![ReceptiveField { size: [1, 1], stride: [1, 1], start: [0, 0] }];
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
                seen[source] = united(seen[source], part);
            }
        }
        seen[0].unwrap_or(Region::unit(0, 0))
    }

    /// # Panics
    /// If the node's map has no such region.
    pub(super) fn check_region(&self, node: usize, region: Region) {
        let map = map_of(&self.nodes[node].shape);
        let fits = region.height > 0 && region.width > 0 && region.is_within(Region::whole(map));
        assert!(fits, "expected a region of the {map:?} map of {}, got {region:?}", self.nodes[node].name);
    }

    /// The part of the source's map that a region of the node's map reads.
    fn part_read(&self, node: usize, source: usize, region: Region) -> Option<Region> {
        let map = map_of(&self.nodes[source].shape);
        match Reach::of(&self.nodes[node].op) {
            Reach::Place | Reach::Neighborhood => Some(region),
            Reach::Window(window) => window.covered(region, map).map(|covered| covered.region),
            Reach::Map => Some(Region::whole(map)),
        }
    }
}

fn united(a: Option<Region>, b: Option<Region>) -> Option<Region> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.union(b)),
        (a, b) => a.or(b),
    }
}

/// The receptive field of a node, from those of the nodes before it.
fn through(node: &Node, fields: &[ReceptiveField], whole: ReceptiveField) -> ReceptiveField {
    let sources = node.inputs.iter().map(|&source| fields[source]);
    let source = sources.reduce(|a, b| joined(a, b, whole)).expect("every node but the input reads one");
    match Reach::of(&node.op) {
        Reach::Map => whole,
        Reach::Window(window) if source != whole => widened(source, &window),
        _ => source,
    }
}

fn widened(source: ReceptiveField, window: &Window) -> ReceptiveField {
    let each = std::array::from_fn::<usize, 2, _>(|axis| axis);
    ReceptiveField {
        size: each.map(|axis| source.size[axis] + (window.extent(axis) - 1) * source.stride[axis]),
        stride: each.map(|axis| source.stride[axis] * window.stride[axis]),
        start: each.map(|axis| source.start[axis] - (window.padding[axis] * source.stride[axis]) as isize),
    }
}

/// What a join of two nodes sees; everything, if their units do not lie over the same places.
fn joined(a: ReceptiveField, b: ReceptiveField, whole: ReceptiveField) -> ReceptiveField {
    if a.stride != b.stride || a == whole || b == whole {
        return whole;
    }
    let each = std::array::from_fn::<usize, 2, _>(|axis| axis);
    let start = each.map(|axis| a.start[axis].min(b.start[axis]));
    let end = |field: ReceptiveField, axis: usize| field.start[axis] + field.size[axis] as isize;
    let size = each.map(|axis| (end(a, axis).max(end(b, axis)) - start[axis]) as usize);
    ReceptiveField { size, stride: a.stride, start }
}
