//! The geometry of what slides: which rows and columns of its input a unit's window covers.

use super::Region;
use std::ops::Range;

/// What a unit of an operation depends on.
#[derive(Clone, Copy)]
pub(crate) enum Reach {
    /// A unit depends on the unit at the same place, in any channel, and on no constants of that place.
    Place,
    /// A unit depends on a window.
    Window(Window),
    /// As [`Reach::Place`] to see; but its derivative reaches beyond.
    Neighborhood,
    /// A unit depends on the whole map.
    Map,
}

/// A window that slides over a map.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    /// top, left, bottom, right
    pub padding: [usize; 4],
    pub dilation: [usize; 2],
}

/// The part of a map that some windows cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CoveredRegion {
    /// The part of the map.
    pub region: Region,
    /// The part of the padding around it: top, left, bottom, right.
    pub padding: [usize; 4],
}

impl Window {
    /// A window of one place, that slides from place to place.
    pub const ONE_PLACE: Window =
        Window { kernel: [1, 1], stride: [1, 1], padding: [0; 4], dilation: [1, 1] };

    /// What the windows of a region of outputs cover of the input map; `None` if that is padding only.
    pub fn covered(&self, outputs: Region, map: [usize; 2]) -> Option<CoveredRegion> {
        let (rows, [top, bottom]) = self.covered_along(0, outputs.rows(), map[0])?;
        let (columns, [left, right]) = self.covered_along(1, outputs.columns(), map[1])?;
        Some(CoveredRegion {
            region: Region::from_ranges(rows, columns),
            padding: [top, left, bottom, right],
        })
    }

    /// Along one axis: the part of the input, and how much padding lies before and after it.
    fn covered_along(
        &self,
        axis: usize,
        outputs: Range<usize>,
        length: usize,
    ) -> Option<(Range<usize>, [usize; 2])> {
        let [before, after] = [self.padding[axis], self.padding[axis + 2]];
        // In padded coordinates, where nothing is negative; in ceil mode a last window reaches beyond the padding.
        let from = outputs.start * self.stride[axis];
        let to = ((outputs.end - 1) * self.stride[axis] + self.extent(axis)).min(before + length + after);
        let (start, end) = (from.max(before), to.min(before + length));
        (start < end).then(|| (start - before..end - before, [start - from, to - end]))
    }

    /// The windows that cover some of a part of the input, among those of an output map; `None` if none does.
    pub fn reached(&self, part: Region, map: [usize; 2]) -> Option<Region> {
        let rows = self.reached_along(0, &part.rows(), map[0])?;
        Some(Region::from_ranges(rows, self.reached_along(1, &part.columns(), map[1])?))
    }

    /// Along one axis; windows with holes may only seem to.
    fn reached_along(&self, axis: usize, part: &Range<usize>, length: usize) -> Option<Range<usize>> {
        // In padded coordinates: the first window ends after the part begins, the last one begins before it ends.
        let begin = part.start + self.padding[axis] + 1;
        let start = begin.saturating_sub(self.extent(axis)).div_ceil(self.stride[axis]);
        let end = ((part.end - 1 + self.padding[axis]) / self.stride[axis] + 1).min(length);
        (start < end).then_some(start..end)
    }

    /// The number of rows or columns from a window's first to its last.
    pub fn extent(&self, axis: usize) -> usize {
        self.dilation[axis] * (self.kernel[axis] - 1) + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 3×3 stride 2, one row of padding at the top, none elsewhere.
    const WINDOW: Window = Window { kernel: [3, 3], stride: [2, 2], padding: [1, 0, 0, 0], dilation: [1, 1] };

    #[test]
    fn windows_cover_rows_columns_and_the_padding_at_the_border_but_nothing_beyond_it() {
        let far = Window { padding: [3, 0, 0, 0], ..WINDOW };
        let two = Region { top: 1, left: 1, height: 1, width: 2 };
        let cases = [
            ("inside", WINDOW, two, [9, 9], Some(([1, 2, 3, 5], 0))),
            ("at the border", WINDOW, Region::unit(0, 0), [9, 9], Some(([0, 0, 2, 3], 1))),
            ("a last window beyond the padding", WINDOW, Region::unit(0, 3), [9, 8], Some(([0, 6, 2, 2], 1))),
            ("in the padding", far, Region::unit(0, 0), [9, 9], None),
        ];
        for (name, window, outputs, map, expected) in cases {
            let expected = expected.map(|([top, left, height, width], above)| CoveredRegion {
                region: Region { top, left, height, width },
                padding: [above, 0, 0, 0],
            });
            assert_eq!(window.covered(outputs, map), expected, "{name}");
        }
    }

    #[test]
    fn a_part_is_reached_by_the_windows_that_cover_some_of_it() {
        for map in [5, 9] {
            for part in (0..map).flat_map(|start| (start + 1..=map).map(move |end| start..end)) {
                let part = Region::from_ranges(part, 0..map);
                let outputs = (map + 1 - 3) / 2 + 1;
                let covers = |&row: &usize| {
                    let covered =
                        WINDOW.covered(Region::unit(row, 0), [map, map]).expect("some of the map").region;
                    covered.top < part.rows().end && part.top < covered.rows().end
                };
                let brute: Vec<usize> = (0..outputs).filter(covers).collect();
                let found = WINDOW.reached(part, [outputs, outputs]).map_or(0..0, |region| region.rows());
                assert_eq!(found.collect::<Vec<_>>(), brute, "{part:?} of {map}");
            }
        }
    }
}
