//! Decoded pictures of one channel or three, in 8 bits or more.

use image::RgbImage;
use image::metadata::Orientation;

/// Rows of pixels, whose channels lie side by side.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Grid<T> {
    pub width: usize,
    pub height: usize,
    /// One, gray, or three: red, green, blue.
    pub channels: usize,
    pub samples: Vec<T>,
}

/// A decoded picture.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Raster {
    Bytes(Grid<u8>),
    /// More than 8 bits a channel, from 0 to 255 all the same.
    Wide(Grid<f32>),
}

impl<T: Copy> Grid<T> {
    /// # Panics
    /// When there are not so many samples.
    pub fn new(width: usize, height: usize, channels: usize, samples: Vec<T>) -> Grid<T> {
        assert_eq!(samples.len(), width * height * channels, "samples of {height} by {width} pixels");
        Grid { width, height, channels, samples }
    }

    /// The pixels of another size, each at the place of this grid that `source` leads to, or else `outside`.
    fn rearranged(
        &self,
        width: usize,
        height: usize,
        outside: T,
        source: impl Fn(usize, usize) -> Option<(usize, usize)>,
    ) -> Grid<T> {
        let mut samples = Vec::with_capacity(width * height * self.channels);
        for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
            match source(x, y) {
                Some((x, y)) => {
                    samples.extend_from_slice(
                        &self.samples[(y * self.width + x) * self.channels..][..self.channels],
                    );
                }
                None => samples.extend(std::iter::repeat_n(outside, self.channels)),
            }
        }
        Grid::new(width, height, self.channels, samples)
    }

    /// The window of this size whose top left corner is `left` and `top` pixels inside, or outside where these are negative.
    pub fn window(&self, [left, top]: [isize; 2], [width, height]: [usize; 2], outside: T) -> Grid<T> {
        if ([left, top], [width, height]) == ([0, 0], [self.width, self.height]) {
            return self.clone();
        }
        self.rearranged(width, height, outside, |x, y| {
            let x = x.checked_add_signed(left).filter(|&x| x < self.width)?;
            let y = y.checked_add_signed(top).filter(|&y| y < self.height)?;
            Some((x, y))
        })
    }

    /// The pixels as red, green and blue.
    pub fn colors(&self) -> impl Iterator<Item = [T; 3]> {
        self.samples
            .chunks_exact(self.channels)
            .map(|pixel| [0, 1, 2].map(|at| pixel[at.min(pixel.len() - 1)]))
    }

    /// Turned and mirrored so that it stands upright.
    fn upright(self, orientation: Orientation) -> Grid<T> {
        let (w, h) = (self.width, self.height);
        let source = |x: usize, y: usize| match orientation {
            Orientation::NoTransforms => (x, y),
            Orientation::FlipHorizontal => (w - 1 - x, y),
            Orientation::FlipVertical => (x, h - 1 - y),
            Orientation::Rotate180 => (w - 1 - x, h - 1 - y),
            Orientation::Rotate90 => (y, h - 1 - x),
            Orientation::Rotate270 => (w - 1 - y, x),
            Orientation::Rotate90FlipH => (y, x),
            Orientation::Rotate270FlipH => (w - 1 - y, h - 1 - x),
        };
        let [width, height] = match orientation {
            Orientation::NoTransforms => return self,
            Orientation::FlipHorizontal | Orientation::FlipVertical | Orientation::Rotate180 => [w, h],
            _ => [h, w],
        };
        let outside = self.samples[0];
        self.rearranged(width, height, outside, |x, y| Some(source(x, y)))
    }

    /// One channel, the weighted colors; gray stays as it is.
    fn gray(self, luma: impl Fn([T; 3]) -> T) -> Grid<T> {
        if self.channels == 1 {
            return self;
        }
        let samples = self.samples.as_chunks().0.iter().map(|&pixel| luma(pixel)).collect();
        Grid::new(self.width, self.height, 1, samples)
    }
}

/// Gray of a color by ITU-R BT.601, in 16 bits behind the point, rounded, as Pillow computes it.
pub(crate) fn luma([r, g, b]: [u8; 3]) -> u8 {
    let [r, g, b] = [r, g, b].map(u32::from);
    ((r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16) as u8
}

impl Raster {
    /// Width and height.
    pub fn size(&self) -> [usize; 2] {
        match self {
            Raster::Bytes(grid) => [grid.width, grid.height],
            Raster::Wide(grid) => [grid.width, grid.height],
        }
    }

    pub fn upright(self, orientation: Orientation) -> Raster {
        match self {
            Raster::Bytes(grid) => Raster::Bytes(grid.upright(orientation)),
            Raster::Wide(grid) => Raster::Wide(grid.upright(orientation)),
        }
    }

    /// One channel, the luma of ITU-R BT.601.
    pub fn gray(self) -> Raster {
        match self {
            Raster::Bytes(grid) => Raster::Bytes(grid.gray(luma)),
            Raster::Wide(grid) => {
                Raster::Wide(grid.gray(|[r, g, b]| (r * 19595.0 + g * 38470.0 + b * 7471.0) / 65536.0))
            }
        }
    }

    /// The window of this size, black outside of the picture.
    pub fn window(&self, corner: [isize; 2], size: [usize; 2]) -> Raster {
        match self {
            Raster::Bytes(grid) => Raster::Bytes(grid.window(corner, size, 0)),
            Raster::Wide(grid) => Raster::Wide(grid.window(corner, size, 0.0)),
        }
    }

    /// Red, green and blue in 8 bits.
    pub fn into_rgb(self) -> RgbImage {
        let ([width, height], channels, bytes) = match self {
            Raster::Bytes(grid) => ([grid.width, grid.height], grid.channels, grid.samples),
            Raster::Wide(grid) => {
                let bytes = grid.samples.iter().map(|sample| sample.round() as u8).collect();
                ([grid.width, grid.height], grid.channels, bytes)
            }
        };
        let bytes =
            if channels == 1 { bytes.into_iter().flat_map(|gray| [gray; 3]).collect() } else { bytes };
        RgbImage::from_raw(width as u32, height as u32, bytes).expect("as many bytes as pixels ask for")
    }
}

impl From<RgbImage> for Raster {
    fn from(image: RgbImage) -> Raster {
        let [width, height] = [image.width(), image.height()].map(|side| side as usize);
        Raster::Bytes(Grid::new(width, height, 3, image.into_raw()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, Rgb};

    #[test]
    fn every_orientation_is_that_of_the_image_crate() {
        let image = RgbImage::from_fn(3, 2, |x, y| Rgb([x as u8, y as u8, 7]));
        for number in 1..=8 {
            let orientation = Orientation::from_exif(number).expect("one of eight");
            let mut expected = DynamicImage::from(image.clone());
            expected.apply_orientation(orientation);
            let found = Raster::from(image.clone()).upright(orientation).into_rgb();
            assert_eq!(found, expected.into_rgb8(), "{number}");
        }
    }

    #[test]
    fn a_window_reaches_over_the_border_into_black() {
        let grid = Grid::new(2, 2, 1, vec![1u8, 2, 3, 4]);
        assert_eq!(grid.window([-1, 0], [4, 1], 0).samples, [0, 1, 2, 0]);
        assert_eq!(grid.window([1, 1], [1, 1], 0).samples, [4]);
    }

    #[test]
    fn gray_of_a_gray_picture_is_itself() {
        for gray in 0..=255 {
            assert_eq!(luma([gray; 3]), gray);
        }
        assert_eq!([luma([255, 0, 0]), luma([0, 255, 0]), luma([0, 0, 255])], [76, 150, 29]);
    }
}
