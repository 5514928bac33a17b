//! Image patches that excite feature maps, beside their projections.

use crate::picture;
use crate::thumbnail::thumbnail;
use anyhow::Result;
use image::imageops;
use image::{Rgb, RgbImage};

/// The white around the pictures.
const MARGIN: Rgb<u8> = Rgb([255, 255, 255]);

/// Pixels between the pictures of one block.
const BETWEEN_PICTURES: u32 = 1;

/// Pixels between blocks.
const BETWEEN_BLOCKS: u32 = 6;

/// Pixels between the two halves.
const BETWEEN_HALVES: u32 = 24;

/// Two halves of blocks, and each block a square of color pictures.
///
/// **Paper** Zeiler & Fergus 2013, Fig. 2: a block for each feature map, of the nine images that excite it most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageGrid {
    /// Blocks in a row of each half.
    pub columns: usize,
    /// Pixels along the side of a picture; smaller and larger pictures are scaled to it.
    pub side: usize,
}

/// The pictures of one block, in rows; their sizes may differ.
pub type Block = Vec<RgbImage>;

impl ImageGrid {
    /// The grid as a PNG: `left` and `right` have as many blocks, block beside block.
    ///
    /// # Errors
    /// When it cannot be encoded.
    ///
    /// # Panics
    /// When the halves have different numbers of blocks.
    pub fn png(&self, left: &[Block], right: &[Block]) -> Result<Vec<u8>> {
        assert_eq!(left.len(), right.len(), "ImageGrid: as many blocks on the right as on the left");
        let pictures = left.iter().chain(right).map(Vec::len).max().unwrap_or(0);
        let across = (pictures as f64).sqrt().ceil().max(1.0) as u32;
        let block = across * (self.side as u32 + BETWEEN_PICTURES) - BETWEEN_PICTURES;
        let step = block + BETWEEN_BLOCKS;
        let columns = self.columns.min(left.len()).max(1);
        let half = columns as u32 * step - BETWEEN_BLOCKS;
        let height = left.len().div_ceil(columns) as u32 * step + BETWEEN_BLOCKS;
        let width = 2 * half + BETWEEN_HALVES + 2 * BETWEEN_BLOCKS;
        let mut canvas = RgbImage::from_pixel(width, height, MARGIN);
        for (offset, blocks) in [(BETWEEN_BLOCKS, left), (BETWEEN_BLOCKS + half + BETWEEN_HALVES, right)] {
            for (index, pictures) in blocks.iter().enumerate() {
                let corner = |place: usize, start: u32| start + place as u32 * step;
                let at = [corner(index / columns, BETWEEN_BLOCKS), corner(index % columns, offset)];
                self.draw(&mut canvas, at, across, pictures);
            }
        }
        picture::png(&canvas)
    }

    /// Draws one block with its corner at `[top, left]`.
    fn draw(&self, canvas: &mut RgbImage, [top, left]: [u32; 2], across: u32, block: &[RgbImage]) {
        for (index, picture) in (0..).zip(block) {
            let step = self.side as u32 + BETWEEN_PICTURES;
            let (y, x) = (top + index / across * step, left + index % across * step);
            imageops::replace(canvas, &thumbnail(picture, self.side as u32), x.into(), y.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(color: [u8; 3], side: u32) -> RgbImage {
        RgbImage::from_pixel(side, side, Rgb(color))
    }

    #[test]
    fn each_half_shows_its_blocks_and_each_block_its_pictures_in_rows() {
        let red = vec![plain([255, 0, 0], 2), plain([0, 255, 0], 40)];
        let blue = vec![plain([0, 0, 255], 3)];
        let grid = ImageGrid { columns: 2, side: 10 };
        let png = grid.png(&[red.clone(), red], &[blue.clone(), blue]).unwrap();
        let picture = image::load_from_memory(&png).unwrap().into_rgb8();
        let block = 2 * 10 + BETWEEN_PICTURES;
        let half = 2 * block + BETWEEN_BLOCKS;
        assert_eq!(picture.width(), 2 * half + BETWEEN_HALVES + 2 * BETWEEN_BLOCKS);
        let at = |x: u32| picture.get_pixel(BETWEEN_BLOCKS + x, BETWEEN_BLOCKS + 5).0;
        assert_eq!(at(0), [255, 0, 0]);
        assert_eq!(at(10), MARGIN.0);
        assert_eq!(at(11), [0, 255, 0]);
        assert_eq!(at(block + BETWEEN_BLOCKS), [255, 0, 0]);
        assert_eq!(at(half + BETWEEN_HALVES + 9), [0, 0, 255]);
    }
}
