//! Rectangles of feature maps: which part of the image a part of a map sees, and signals pulled back within it.

mod crop;
mod receptive_field;
mod window;
mod within;

pub(crate) use crop::Crop;
pub use receptive_field::ReceptiveField;
use std::ops::Range;
use tensor::Tensor;
pub(crate) use window::{Reach, Window};
pub use within::pull_back_within;

/// A rectangle of a feature map, in pixels of that map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region {
    /// The first row.
    pub top: usize,
    /// The first column.
    pub left: usize,
    /// The number of rows.
    pub height: usize,
    /// The number of columns.
    pub width: usize,
}

impl Region {
    /// All of a map of this height and width.
    pub fn whole([height, width]: [usize; 2]) -> Self {
        Self { top: 0, left: 0, height, width }
    }

    /// One unit of a map.
    pub fn unit(row: usize, column: usize) -> Self {
        Self { top: row, left: column, height: 1, width: 1 }
    }

    /// The smallest rectangle that contains both.
    pub fn union(self, other: Region) -> Region {
        let both = |a: Range<usize>, b: Range<usize>| a.start.min(b.start)..a.end.max(b.end);
        Region::from_ranges(both(self.rows(), other.rows()), both(self.columns(), other.columns()))
    }

    /// Its rows.
    pub fn rows(&self) -> Range<usize> {
        self.top..self.top + self.height
    }

    /// Its columns.
    pub fn columns(&self) -> Range<usize> {
        self.left..self.left + self.width
    }

    /// A view of the region of these maps; an activation without maps is a single place, and is returned as it is.
    ///
    /// **Shape** maps `[n, c, h, w]`; the result is `[n, c, height, width]`.
    ///
    /// # Panics
    /// If the maps have no such region.
    pub fn view(self, maps: &Tensor) -> Tensor {
        if self == Region::whole(map_of(&maps.dims()[1..])) {
            return maps.clone();
        }
        let rows = maps.narrow(2, self.top, self.height);
        rows.and_then(|rows| rows.narrow(3, self.left, self.width)).expect("a region of the maps")
    }

    pub(crate) fn area(&self) -> usize {
        self.height * self.width
    }

    /// Whether it lies inside another.
    pub(crate) fn is_within(&self, other: Region) -> bool {
        self.union(other) == other
    }

    pub(crate) fn from_ranges(rows: Range<usize>, columns: Range<usize>) -> Self {
        Self { top: rows.start, left: columns.start, height: rows.len(), width: columns.len() }
    }
}

/// Constants `[c, h, w]` of a region of the map.
pub(crate) fn constants_of(constants: &Tensor, region: Region) -> Tensor {
    let image = constants.unsqueeze(0).expect("a batch of one");
    region.view(&image).squeeze(0).expect("a batch of one")
}

/// Height and width of one image's feature maps; what has none is a single place.
pub(crate) fn map_of(shape: &[usize]) -> [usize; 2] {
    match *shape {
        [_, height, width] => [height, width],
        _ => [1, 1],
    }
}
