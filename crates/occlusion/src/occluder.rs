//! The occluder and its positions.

use crate::fill::Fill;
use core_net::Region;

/// A rectangle that slides over the image.
#[derive(Clone, Debug, PartialEq)]
pub struct Occluder {
    /// Height and width, in pixels.
    pub size: [usize; 2],
    /// Pixels from one position to the next, down and across.
    pub stride: [usize; 2],
    /// The values of the hidden pixels.
    pub fill: Fill,
    /// Whether it may overlap the border.
    pub border: Border,
}

/// Positions of the occluder at the image's border.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Border {
    /// Inside the image: its first pixel is at row `i · stride`, so pixels at the borders are hidden less often than others.
    Inside,
    /// Its center visits row `i · stride` for every such row of the image; what hangs over hides nothing.
    Overhanging,
}

impl Occluder {
    /// A gray square, 0 for a normalized input, that stays inside the image.
    ///
    /// **Paper** §4.2: a gray square.
    pub fn square(side: usize, stride: usize) -> Self {
        Self { size: [side; 2], stride: [stride; 2], fill: Fill::Value(0.0), border: Border::Inside }
    }

    /// The number of positions, down and across, on an image of this height and width; 0 where the occluder does not fit inside.
    ///
    /// # Panics
    /// If a stride or a side is 0.
    pub fn positions(&self, image: [usize; 2]) -> [usize; 2] {
        [0, 1].map(|axis| {
            let (size, stride) = (self.size[axis], self.stride[axis]);
            assert!(size > 0 && stride > 0, "occluder: expected sides and strides above 0, got {self:?}");
            match self.border {
                Border::Inside => image[axis].checked_sub(size).map_or(0, |room| room / stride + 1),
                Border::Overhanging => image[axis].div_ceil(stride),
            }
        })
    }

    /// The region hidden at each position, row by row.
    pub fn regions(&self, image: [usize; 2]) -> Vec<Region> {
        let [rows, columns] = self.positions(image);
        let part = |axis: usize, position: usize| {
            let start = (position * self.stride[axis]) as isize - self.overhang(axis);
            let end = start + self.size[axis] as isize;
            start.max(0) as usize..(end as usize).min(image[axis])
        };
        let region = |at: usize| {
            let (down, across) = (part(0, at / columns), part(1, at % columns));
            Region { top: down.start, left: across.start, height: down.len(), width: across.len() }
        };
        (0..rows * columns).map(region).collect()
    }

    /// The row and column of the occluder's center at the first position.
    pub fn first_center(&self) -> [f64; 2] {
        [0, 1].map(|axis| (self.size[axis] as f64 - 1.0) / 2.0 - self.overhang(axis) as f64)
    }

    /// Number of pixels by which the first position lies outside the image.
    fn overhang(&self, axis: usize) -> isize {
        match self.border {
            Border::Inside => 0,
            Border::Overhanging => (self.size[axis] / 2) as isize,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inside_the_image_the_occluder_begins_at_each_stride_as_long_as_it_fits() {
        let occluder = Occluder { size: [3, 2], ..Occluder::square(3, 2) };
        assert_eq!(occluder.positions([8, 5]), [3, 2]);
        let regions = occluder.regions([8, 5]);
        assert_eq!(regions[0], Region { top: 0, left: 0, height: 3, width: 2 });
        assert_eq!(regions[5], Region { top: 4, left: 2, height: 3, width: 2 });
        assert_eq!(occluder.positions([2, 9]), [0, 4]);
        assert!(occluder.regions([2, 9]).is_empty());
    }

    #[test]
    fn hanging_over_the_border_its_center_visits_every_stride_and_it_always_hides_something() {
        for size in 1..7 {
            let occluder = Occluder { border: Border::Overhanging, ..Occluder::square(size, 3) };
            assert_eq!(occluder.positions([7, 9]), [3, 3]);
            for (at, region) in occluder.regions([7, 9]).into_iter().enumerate() {
                let (rows, columns) = (region.rows(), region.columns());
                assert!(rows.contains(&(at / 3 * 3)) && columns.contains(&(at % 3 * 3)), "{region:?}");
                assert!(rows.end <= 7 && columns.end <= 9);
            }
        }
    }

    #[test]
    fn the_center_is_the_middle_of_what_is_hidden_at_a_position_inside() {
        assert_eq!(Occluder::square(4, 3).first_center(), [1.5, 1.5]);
        let occluder = Occluder { border: Border::Overhanging, ..Occluder::square(5, 2) };
        assert_eq!(occluder.first_center(), [0.0, 0.0]);
    }

    #[test]
    fn captums_count_of_positions_at_224_pixels() {
        assert_eq!(Occluder::square(32, 8).positions([224, 224]), [25, 25]);
        assert_eq!(Occluder::square(32, 4).positions([224, 224]), [49, 49]);
    }
}
