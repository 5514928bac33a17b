//! Labeled blocks of image patches beside their projections.

use crate::figure_style::{FINE, drawn};
use crate::heat_map_figure::write;
use crate::thumbnail::thumbnail;
use anyhow::Result;
use image::imageops::{self, FilterType, replace};
use image::{Rgb, RgbImage};
use plotters::prelude::{BitMapBackend, IntoDrawingArea, WHITE};

/// Pixels between two pictures.
const BETWEEN_PICTURES: u32 = 2;
/// Pixels between the patches and the projections of a block.
const BETWEEN_HALVES: u32 = 10;
/// Pixels between blocks, and around all.
const BETWEEN_BLOCKS: u32 = 24;
/// Pixels of a label's height.
const LABEL: u32 = 20;
/// Width by height of a grid that is easily looked at.
const ASPECT: f64 = 1.4;

/// Blocks of patches beside projections, each under its label.
///
/// Unlike the paper's Fig. 2, which [`ImageGrid`](crate::ImageGrid) draws, the projections stand beside their patches, and blocks are labeled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitGrid {
    /// Pixels along the side of a picture; smaller and larger pictures are scaled to it.
    pub side: u32,
}

/// One block of a [`UnitGrid`].
#[derive(Clone, Debug)]
pub struct UnitBlock {
    /// Above it.
    pub label: String,
    /// The pictures on the left, in rows.
    pub patches: Vec<RgbImage>,
    /// As many on the right.
    pub projections: Vec<RgbImage>,
}

impl UnitGrid {
    /// The grid, in as many columns as leave few holes.
    ///
    /// # Errors
    /// When it cannot be drawn.
    pub fn picture(self, blocks: &[UnitBlock]) -> Result<RgbImage> {
        let most = blocks.iter().map(|block| block.patches.len()).max().unwrap_or(0).max(1) as u32;
        let across = f64::from(most).sqrt().ceil() as u32;
        let sides = |count: u32| count * (self.side + BETWEEN_PICTURES) - BETWEEN_PICTURES;
        let size = [LABEL + sides(most.div_ceil(across)), 2 * sides(across) + BETWEEN_HALVES];
        let columns = columns(blocks.len().max(1) as u32, size);
        let rows = (blocks.len() as u32).div_ceil(columns).max(1);
        let [height, width] = [rows * (size[0] + BETWEEN_BLOCKS), columns * (size[1] + BETWEEN_BLOCKS)];
        let corner = |index: usize| {
            let (row, column) = (index as u32 / columns, index as u32 % columns);
            let [y, x] = [row * (size[0] + BETWEEN_BLOCKS), column * (size[1] + BETWEEN_BLOCKS)];
            [y, x].map(|at| at + BETWEEN_BLOCKS / 2)
        };
        let mut picture = labels(blocks, [height, width], corner, size[1])?;
        for (index, block) in blocks.iter().enumerate() {
            let [top, left] = corner(index);
            self.draw(&mut picture, [top + LABEL, left], across, &block.patches);
            let right = left + sides(across) + BETWEEN_HALVES;
            self.draw(&mut picture, [top + LABEL, right], across, &block.projections);
        }
        Ok(picture)
    }

    fn draw(self, onto: &mut RgbImage, [top, left]: [u32; 2], across: u32, pictures: &[RgbImage]) {
        let step = self.side + BETWEEN_PICTURES;
        for (index, picture) in (0..).zip(pictures) {
            let (y, x) = (top + index / across * step, left + index % across * step);
            replace(onto, &thumbnail(picture, self.side), x.into(), y.into());
        }
    }
}

/// The labels on white.
fn labels(
    blocks: &[UnitBlock],
    [height, width]: [u32; 2],
    corner: impl Fn(usize) -> [u32; 2],
    room: u32,
) -> Result<RgbImage> {
    let mut picture = RgbImage::from_pixel(width, height, Rgb([255; 3]));
    for (index, block) in blocks.iter().enumerate() {
        let mut large = RgbImage::new(room * FINE, LABEL * FINE);
        let size = large.dimensions();
        let canvas = BitMapBackend::with_buffer(&mut large, size).into_drawing_area();
        drawn(canvas.fill(&WHITE))?;
        write(&canvas, &block.label, [LABEL / 2, 0], room)?;
        drawn(canvas.present())?;
        drop(canvas);
        let label = imageops::resize(&large, room, LABEL, FilterType::Triangle);
        let [top, left] = corner(index);
        replace(&mut picture, &label, left.into(), top.into());
    }
    Ok(picture)
}

/// The number of columns for so many blocks of this height and width: few holes, and a shape near [`ASPECT`].
fn columns(blocks: u32, [height, width]: [u32; 2]) -> u32 {
    let cost = |columns: u32| {
        let rows = blocks.div_ceil(columns);
        let aspect = f64::from(columns * width) / f64::from(rows * height);
        f64::from(rows * columns - blocks) + (aspect / ASPECT).ln().abs()
    };
    (1..=blocks).min_by(|&a, &b| cost(a).total_cmp(&cost(b))).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_blocks_leave_no_hole_and_many_make_about_a_square() {
        let of = |blocks| columns(blocks, [310, 600]);
        assert_eq!([1, 2, 3, 4, 16].map(of), [1, 1, 1, 2, 4]);
        assert!((1..40).all(|blocks: u32| blocks.div_ceil(of(blocks)) * of(blocks) - blocks <= 1));
    }

    #[test]
    fn patches_stand_left_of_their_projections_under_a_label() {
        let plain = |color: [u8; 3]| RgbImage::from_pixel(5, 5, Rgb(color));
        let block = |label: &str| UnitBlock {
            label: label.into(),
            patches: vec![plain([255, 0, 0]); 4],
            projections: vec![plain([0, 0, 255]); 4],
        };
        let picture = UnitGrid { side: 10 }.picture(&[block("unit 7"), block("")]).unwrap();
        let count = |color: [u8; 3]| picture.pixels().filter(|pixel| pixel.0 == color).count();
        assert_eq!([count([255, 0, 0]), count([0, 0, 255])], [2 * 4 * 100; 2]);
        let dark = |left: u32| {
            let columns =
                (left..left + 54).flat_map(|x| (0..BETWEEN_BLOCKS / 2 + LABEL).map(move |y| (x, y)));
            columns.filter(|&(x, y)| picture.get_pixel(x, y).0[0] < 128).count()
        };
        assert_eq!(picture.dimensions(), (2 * (54 + BETWEEN_BLOCKS), LABEL + 22 + BETWEEN_BLOCKS));
        assert!(dark(BETWEEN_BLOCKS / 2) > 10 && dark(BETWEEN_BLOCKS / 2 + 54 + BETWEEN_BLOCKS) == 0);
    }
}
