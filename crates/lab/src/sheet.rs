//! What excites feature maps: a sheet of image patches beside a sheet of their projections.

use anyhow::{Context, Result};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::imageops::{self, FilterType as Filter};
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage};
use tensor::{DType, Tensor};

/// The gray around the pictures.
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
pub struct Sheet {
    /// Blocks in a row of each half.
    pub columns: usize,
    /// Pixels along the side of a picture; smaller and larger pictures are scaled to it.
    pub side: usize,
}

/// The pictures of one block, in rows.
///
/// **Shape** `[3, h, w]` each, red, green, blue; square or not, sizes may differ.
/// **Range** `[0, 1]`; values outside are shown as 0 or 1.
pub type Block = Vec<Tensor>;

impl Sheet {
    /// The sheet as a PNG: `left` and `right` have as many blocks, block beside block.
    ///
    /// # Errors
    /// When a picture cannot be read.
    ///
    /// # Panics
    /// When the halves have different numbers of blocks, or a picture has not three colors.
    pub fn png(&self, left: &[Block], right: &[Block]) -> Result<Vec<u8>> {
        assert_eq!(left.len(), right.len(), "Sheet: as many blocks on the right as on the left");
        let pictures = left.iter().chain(right).map(Vec::len).max().unwrap_or(0);
        let across = (1..).find(|n| n * n >= pictures).unwrap_or(1) as u32;
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
                self.draw(&mut canvas, at, across, pictures)?;
            }
        }
        encode(&canvas)
    }

    /// Draws one block with its corner at `[top, left]`.
    fn draw(&self, canvas: &mut RgbImage, [top, left]: [u32; 2], across: u32, block: &Block) -> Result<()> {
        for (index, picture) in (0..).zip(block) {
            let step = self.side as u32 + BETWEEN_PICTURES;
            let (y, x) = (top + index / across * step, left + index % across * step);
            imageops::replace(canvas, &self.scaled(picture)?, x.into(), y.into());
        }
        Ok(())
    }

    fn scaled(&self, picture: &Tensor) -> Result<RgbImage> {
        let picture = rgb(picture)?;
        let side = self.side as u32;
        // Magnified pixels stay sharp squares; reduced ones are averaged.
        let filter = if picture.width() < side { Filter::Nearest } else { Filter::Triangle };
        Ok(imageops::resize(&picture, side, side, filter))
    }
}

fn rgb(picture: &Tensor) -> Result<RgbImage> {
    let &[3, h, w] = picture.dims() else {
        panic!("Sheet: expected pictures of shape [3, h, w], got {:?}", picture.dims());
    };
    let planes = picture.to_dtype(DType::F32)?.flatten_all()?.to_vec1::<f32>()?;
    let byte = |value: f32| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
    let pixel = |x: u32, y: u32| {
        let at = y as usize * w + x as usize;
        Rgb([0, 1, 2].map(|color| byte(planes[color * h * w + at])))
    };
    Ok(RgbImage::from_fn(w as u32, h as u32, pixel))
}

/// The same bytes for the same picture, on every machine.
fn encode(canvas: &RgbImage) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive)
        .write_image(canvas, canvas.width(), canvas.height(), ExtendedColorType::Rgb8)
        .context("cannot encode the sheet as PNG")?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::tensor_of;

    fn plain(color: [f32; 3], side: usize) -> Tensor {
        let planes = color.iter().flat_map(|&value| vec![value; side * side]).collect();
        tensor_of(planes, &[3, side, side])
    }

    #[test]
    fn each_half_shows_its_blocks_and_each_block_its_pictures_in_rows() {
        let red = vec![plain([1.0, 0.0, 0.0], 2), plain([0.0, 1.0, 0.0], 40)];
        let blue = vec![plain([0.0, 0.0, 7.0], 3)];
        let sheet = Sheet { columns: 2, side: 10 };
        let png = sheet.png(&[red.clone(), red], &[blue.clone(), blue]).unwrap();
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
