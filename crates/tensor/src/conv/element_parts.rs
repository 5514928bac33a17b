//! How a filter gradient is divided among threads: panels of neighboring elements, for some filters.

use super::geometry::Geometry;
use super::parts::TASKS;
use super::tile;
use std::ops::Range;

/// What one task computes: a few registers' width of neighboring elements of some of a group's filters.
pub(super) struct ElementPart<'a, T> {
    pub group: usize,
    pub filters: Range<usize>,
    pub elements: Range<usize>,
    /// The elements of every filter.
    pub rows: Vec<&'a mut [T]>,
}

/// Panels of elements, for all filters of a group or, where there are few panels, a share of them.
pub(super) fn element_parts<'a, T>(
    g: &Geometry,
    lanes: usize,
    threads: usize,
    weight: &'a mut [T],
) -> Vec<ElementPart<'a, T>> {
    let elements = g.depth() * g.element();
    let panels: Vec<_> = tile::panels(elements, lanes).collect();
    let shares = g.tasks(threads, TASKS).div_ceil(panels.len() * g.conv.groups);
    let share = g.group_filters().div_ceil(shares).next_multiple_of(8);
    let mut parts = Vec::new();
    for (filter, mut row) in weight.chunks_exact_mut(elements).enumerate() {
        let (group, filter) = (filter / g.group_filters(), filter % g.group_filters());
        if filter.is_multiple_of(share) {
            let filters = filter..g.group_filters().min(filter + share);
            let part = |elements: &Range<usize>| ElementPart {
                group,
                filters: filters.clone(),
                elements: elements.clone(),
                rows: Vec::with_capacity(filters.len()),
            };
            parts.extend(panels.iter().map(part));
        }
        let first = parts.len() - panels.len();
        for part in &mut parts[first..] {
            part.rows.push(row.split_off_mut(..part.elements.len()).expect("the panel's elements"));
        }
    }
    parts
}
