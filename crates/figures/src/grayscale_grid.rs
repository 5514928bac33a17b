//! Grayscale images side by side, as a PNG.

use crate::picture::encoded;
use anyhow::Result;
use image::ExtendedColorType;
use image::codecs::png::FilterType;
use tensor::{DType, Tensor};

/// The gray between the images.
const MARGIN_GRAY: u8 = 128;

/// Grayscale images in rows and columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrayscaleGrid {
    /// Images in a row.
    pub columns: usize,
    /// Pixels of the picture between two images and around them.
    pub margin: usize,
    /// Pixels of the picture along the side of an image's pixel.
    pub magnification: usize,
}

impl GrayscaleGrid {
    /// The picture of `images`, row by row; values outside `[0, 1]` are shown as black or white.
    ///
    /// **Shape** `[n, 1, h, w]`.
    /// **Range** `[0, 1]`, black to white.
    ///
    /// # Errors
    /// When the tensor cannot be read as f32.
    ///
    /// # Panics
    /// When the shape is another, or the grid has no columns or magnifies by 0.
    pub fn png(&self, images: &Tensor) -> Result<Vec<u8>> {
        let &[n, 1, h, w] = images.dims() else {
            panic!("GrayscaleGrid: expected images of shape [n, 1, h, w], got {:?}", images.dims());
        };
        assert!(
            self.columns > 0 && self.magnification > 0,
            "GrayscaleGrid: expected columns and a magnification, got {self:?}"
        );
        let pixels = images.to_dtype(DType::F32)?.flatten_all()?.to_vec1::<f32>()?;
        let side =
            |count: usize, pixels: usize| count * (pixels * self.magnification + self.margin) + self.margin;
        let (width, height) = (side(self.columns, w), side(n.div_ceil(self.columns), h));
        let mut picture = vec![MARGIN_GRAY; width * height];
        for (index, image) in pixels.chunks_exact(h * w).enumerate() {
            let top = side(index / self.columns, h);
            let left = side(index % self.columns, w);
            for y in 0..h * self.magnification {
                let row = &image[y / self.magnification * w..][..w];
                let start = (top + y) * width + left;
                let line = &mut picture[start..start + w * self.magnification];
                for (x, pixel) in line.iter_mut().enumerate() {
                    *pixel = gray(row[x / self.magnification]);
                }
            }
        }
        let size = (width as u32, height as u32);
        encoded(&picture, size, ExtendedColorType::L8, FilterType::NoFilter)
    }
}

fn gray(value: f32) -> u8 {
    (value.clamp(0.0, 1.0) * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::Device;

    fn images(values: &[f32], shape: (usize, usize, usize, usize)) -> Tensor {
        Tensor::from_vec(values.to_vec(), shape, &Device::Cpu).unwrap()
    }

    fn decode(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
        let picture = image::load_from_memory(bytes).unwrap().into_luma8();
        (picture.width(), picture.height(), picture.into_raw())
    }

    #[test]
    fn images_stand_row_by_row_with_margins_between_them() {
        let grid = GrayscaleGrid { columns: 2, margin: 1, magnification: 1 };
        let three = images(&[0.0, 1.0, 0.2, -3.0, 0.6, 7.0], (3, 1, 1, 2));
        let (width, height, pixels) = decode(&grid.png(&three).unwrap());
        assert_eq!((width, height), (7, 5));
        let m = MARGIN_GRAY;
        assert_eq!(pixels[7..14], [m, 0, 255, m, 51, 0, m]);
        assert_eq!(pixels[21..28], [m, 153, 255, m, m, m, m]);
        assert!(pixels[..7].iter().chain(&pixels[28..]).all(|&pixel| pixel == m));
    }

    #[test]
    fn every_pixel_is_magnified_to_a_square() {
        let grid = GrayscaleGrid { columns: 1, margin: 0, magnification: 2 };
        let (width, height, pixels) = decode(&grid.png(&images(&[0.0, 1.0], (1, 1, 1, 2))).unwrap());
        assert_eq!((width, height), (4, 2));
        assert_eq!(pixels, [0, 0, 255, 255, 0, 0, 255, 255]);
    }

    #[test]
    #[should_panic(expected = "expected images of shape [n, 1, h, w], got [1, 3, 1, 1]")]
    fn colors_are_refused() {
        let grid = GrayscaleGrid { columns: 1, margin: 0, magnification: 1 };
        let _ = grid.png(&images(&[0.0; 3], (1, 3, 1, 1)));
    }
}
