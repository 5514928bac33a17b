//! The occluder and its positions.

use crate::fill::Fill;
use core_net::Region;
use std::collections::BTreeSet;
use std::ops::Range;

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
    /// As [`Border::Inside`], and where the stride does not divide the room, one position more, cut off at the border:
    /// with strides no longer than its sides, every pixel is hidden at least once. The positions of Captum's `Occlusion`.
    Covering,
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
                // Where strides are longer than sides, no position begins beyond the border.
                Border::Covering => image[axis]
                    .checked_sub(size)
                    .map_or(0, |room| (room.div_ceil(stride) + 1).min(image[axis].div_ceil(stride))),
                Border::Overhanging => image[axis].div_ceil(stride),
            }
        })
    }

    /// The region hidden at each position, row by row.
    pub fn regions(&self, image: [usize; 2]) -> Vec<Region> {
        let [rows, columns] = self.positions(image);
        let region = |at: usize| {
            let (down, across) = (self.hidden(image, 0, at / columns), self.hidden(image, 1, at % columns));
            Region { top: down.start, left: across.start, height: down.len(), width: across.len() }
        };
        (0..rows * columns).map(region).collect()
    }

    /// The rows and the columns of the occluder's center at its positions on an image of this height and width;
    /// where [`Border::Covering`] cuts it off, the center of the hidden part.
    pub fn centers(&self, image: [usize; 2]) -> [Vec<f64>; 2] {
        let (count, first) = (self.positions(image), self.first_center());
        [0, 1].map(|axis| {
            let center = |position: usize| match self.border {
                Border::Covering => {
                    let hidden = self.hidden(image, axis, position);
                    (hidden.start + hidden.end - 1) as f64 / 2.0
                }
                Border::Inside | Border::Overhanging => first[axis] + (position * self.stride[axis]) as f64,
            };
            (0..count[axis]).map(center).collect()
        })
    }

    /// The number of pixels of an image of this height and width that no position hides.
    pub fn uncovered(&self, image: [usize; 2]) -> usize {
        let count = self.positions(image);
        let covered = [0, 1].map(|axis| {
            let pixels = (0..count[axis]).flat_map(|position| self.hidden(image, axis, position));
            pixels.collect::<BTreeSet<usize>>().len()
        });
        image[0] * image[1] - covered[0] * covered[1]
    }

    /// The image's rows, or columns, that are hidden at a position.
    fn hidden(&self, image: [usize; 2], axis: usize, position: usize) -> Range<usize> {
        let start = (position * self.stride[axis]) as isize - self.overhang(axis);
        let end = start + self.size[axis] as isize;
        start.max(0) as usize..(end as usize).min(image[axis])
    }

    /// The row and column of the occluder's center at the first position.
    pub fn first_center(&self) -> [f64; 2] {
        [0, 1].map(|axis| (self.size[axis] as f64 - 1.0) / 2.0 - self.overhang(axis) as f64)
    }

    /// Number of pixels by which the first position lies outside the image.
    fn overhang(&self, axis: usize) -> isize {
        match self.border {
            Border::Inside | Border::Covering => 0,
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

    fn covering(size: [usize; 2], stride: [usize; 2]) -> Occluder {
        Occluder { size, stride, border: Border::Covering, ..Occluder::square(1, 1) }
    }

    #[test]
    fn covering_the_image_every_pixel_is_hidden_and_the_last_position_ends_at_the_border() {
        for (height, width, size, stride) in
            (1..12).flat_map(|h| (1..5).flat_map(move |s| (1..=s).map(move |t| (h, 9, s, t))))
        {
            let occluder = covering([size, size], [stride, stride]);
            let regions = occluder.regions([height, width]);
            if size > height {
                assert!(regions.is_empty());
                continue;
            }
            let hides = |y, x| regions.iter().any(|r| r.rows().contains(&y) && r.columns().contains(&x));
            assert!((0..height).all(|y| (0..width).all(|x| hides(y, x))), "{occluder:?} on {height}");
            assert_eq!(occluder.uncovered([height, width]), 0);
            let last = regions[regions.len() - 1];
            assert_eq!([last.rows().end, last.columns().end], [height, width], "{occluder:?}");
            let inside = Occluder { border: Border::Inside, ..occluder.clone() };
            if (height - size) % stride == 0 && (width - size) % stride == 0 {
                assert_eq!(regions, inside.regions([height, width]));
            }
        }
    }

    #[test]
    fn a_position_that_is_cut_off_has_its_center_in_the_middle_of_what_it_hides() {
        let occluder = covering([16, 16], [10, 8]);
        assert_eq!(occluder.positions([64, 64]), [6, 7]);
        assert_eq!(occluder.regions([64, 64])[41], Region { top: 50, left: 48, height: 14, width: 16 });
        let [rows, columns] = occluder.centers([64, 64]);
        assert_eq!(rows, [7.5, 17.5, 27.5, 37.5, 47.5, 56.5]);
        assert_eq!(columns.last(), Some(&55.5));
    }

    #[test]
    fn pixels_that_a_stride_skips_or_the_last_position_leaves_are_counted() {
        let inside = Occluder { border: Border::Inside, ..covering([16, 16], [10, 16]) };
        assert_eq!(inside.uncovered([64, 64]), 8 * 64);
        assert_eq!(covering([2, 3], [3, 3]).uncovered([5, 3]), 3);
        assert_eq!(covering([2, 2], [5, 5]).positions([20, 21]), [4, 5]);
    }

    #[test]
    fn captums_count_of_positions_at_224_pixels() {
        assert_eq!(Occluder::square(32, 8).positions([224, 224]), [25, 25]);
        assert_eq!(Occluder::square(32, 4).positions([224, 224]), [49, 49]);
        assert_eq!(covering([16, 16], [10, 10]).positions([64, 64]), [6, 6]);
    }
}
