//! Preprocessing of photographs to a net's input, and its inverse.

mod geometry;

use crate::DataError;
use crate::images::pillow::{self, ExifOrientation};
use crate::images::raster::{Raster, luma};
use crate::images::{ImageFile, Interpolation, PictureRemark, broken, decode, resample};
pub(crate) use geometry::middle;
use geometry::{Geometry, TooSmall};
use image::imageops::FilterType;
use image::{Rgb, RgbImage, imageops};
use std::path::PathBuf;
use tensor::{Tensor, tensor_of, to_f64s};

/// How an image becomes a net's input: resized, cropped, and each byte v turned into `(v · scale − mean) / std`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Preprocessing {
    /// What happens to the size first.
    pub resize: Resize,
    /// Height and width of the piece then cut from the center.
    pub crop: Option<[usize; 2]>,
    /// The channels of the input, in order.
    pub channels: Channels,
    /// What bytes are multiplied by.
    pub scale: f32,
    /// What is then subtracted, for each channel in the input's order; gray takes the first.
    pub mean: [f32; 3],
    /// What it is then divided by, for each channel in the input's order; gray takes the first.
    pub std: [f32; 3],
    /// Whose arithmetic decodes and resizes.
    pub arithmetic: Arithmetic,
}

/// Whose arithmetic decodes a picture's file and resizes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// The one in which the experiments' results were computed, which keep their bytes:
    /// JPEG files by the crate jpeg-decoder, bilinear resizing in floating point by `image`, upright, 16 bits rounded to 8, and gray after resizing.
    /// A byte differs by 5 from Pillow's at most.
    Recorded,
    /// Pillow's own, by which nets are trained: libjpeg-turbo's decoding, resizing in two passes of whole numbers, and gray before resizing.
    Pillow {
        /// How pixels between pixels are computed.
        interpolation: Interpolation,
        /// Whether pictures are turned upright.
        exif: ExifOrientation,
    },
}

/// What happens to an image's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resize {
    /// It stays.
    Keep,
    /// The shorter side becomes so long; the longer one keeps its proportion, rounded down as torchvision does.
    ShortSide(usize),
    /// Height and width, whatever the proportion.
    Exactly([usize; 2]),
    /// One side becomes that of this height and width, and the other no shorter than it: what sticks out is there to be cropped.
    Cover([usize; 2]),
    /// As large as fits into this height and width, in the middle of black, as by Pillow's `ImageOps.pad`.
    Pad([usize; 2]),
}

/// The channels of a net's input, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channels {
    /// Red, green, blue.
    Rgb,
    /// Blue, green, red, as nets from Caffe expect.
    Bgr,
    /// One channel, 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601).
    Gray,
}

impl Default for Preprocessing {
    /// Pixels in `[0, 1]`, red first, in the image's own size.
    fn default() -> Self {
        Self {
            resize: Resize::Keep,
            crop: None,
            channels: Channels::Rgb,
            scale: 1.0 / 255.0,
            mean: [0.0; 3],
            std: [1.0; 3],
            arithmetic: Arithmetic::Recorded,
        }
    }
}

impl Preprocessing {
    /// As torchvision's nets for ImageNet were trained and are measured: short side 256, the central 224 × 224, mean and standard deviation of ImageNet's colors.
    ///
    /// Source: torchvision's documentation of its models.
    pub const TORCHVISION: Self = Self {
        resize: Resize::ShortSide(256),
        crop: Some([224, 224]),
        channels: Channels::Rgb,
        scale: 1.0 / 255.0,
        mean: [0.485, 0.456, 0.406],
        std: [0.229, 0.224, 0.225],
        arithmetic: Arithmetic::Recorded,
    };

    /// As SqueezeNet v1.0 was trained in Caffe: bytes from 0 to 255, blue first, minus 104, 117 and 123; the central 227 × 227 of the 256 square.
    ///
    /// Source: `SqueezeNet_v1.0/train_val.prototxt` of its authors.
    pub const SQUEEZENET1_0: Self = Self {
        resize: Resize::ShortSide(256),
        crop: Some([227, 227]),
        channels: Channels::Bgr,
        scale: 1.0,
        mean: [104.0, 117.0, 123.0],
        std: [1.0; 3],
        arithmetic: Arithmetic::Recorded,
    };

    /// As SqueezeNet v1.1 was trained in Caffe: like v1.0, with the mean 103.939, 116.779 and 123.68.
    pub const SQUEEZENET1_1: Self = Self { mean: [103.939, 116.779, 123.68], ..Self::SQUEEZENET1_0 };

    /// Without the normalization: pixels in `[0, 1]`, in the input's channels.
    #[must_use]
    pub fn without_normalization(self) -> Self {
        Self { scale: 1.0 / 255.0, mean: [0.0; 3], std: [1.0; 3], ..self }
    }

    /// The scale and the shift of each channel that turn pixels in `[0, 1]` into the input.
    pub fn normalization(&self) -> [Vec<f64>; 2] {
        let channels = (0..self.channels.count()).map(|c| (f64::from(self.mean[c]), f64::from(self.std[c])));
        let (scale, shift) =
            channels.map(|(mean, std)| (255.0 * f64::from(self.scale) / std, -mean / std)).unzip();
        [scale, shift]
    }

    /// The net's input for one image; `None` where the image is smaller than the crop.
    ///
    /// **Shape** `[1, c, h, w]`, f32.
    ///
    /// Resizing interpolates over all pixels that fall onto one, as Pillow does, and rounds to bytes.
    pub fn apply(&self, image: &RgbImage) -> Option<Tensor> {
        let ([c, h, w], values) = self.values(image.clone().into()).ok()?;
        Some(tensor_of(values, &[1, c, h, w]))
    }

    /// Where a pixel of an image of this size, rows and columns, lies in the net's input; `None` where the crop leaves it out.
    ///
    /// **Range** Row and column from 0; the middle of the first pixel is 0.
    pub fn position(&self, at: [f64; 2], size: [usize; 2]) -> Option<[f64; 2]> {
        Geometry::new(self, [size[1], size[0]]).position(at)
    }

    /// Whether a picture of this height and width can be resized and cropped to these sides.
    pub fn brings(&self, size: [usize; 2], to: [usize; 2]) -> bool {
        let geometry = Geometry::new(self, [size[1], size[0]]);
        geometry.check().is_ok() && geometry.window == [to[1], to[0]]
    }

    /// The channels, height and width of the input from a file, its values, and what was done to the picture.
    pub(crate) fn read(&self, file: ImageFile) -> Result<(Input, Vec<PictureRemark>), DataError> {
        let path = file.path.clone();
        let (raster, remarks) = match self.arithmetic {
            Arithmetic::Recorded => (decode(file)?.image.into(), Vec::new()),
            Arithmetic::Pillow { exif, .. } => {
                let reading = pillow::read(&file.bytes, exif).map_err(|found| broken(&file, found))?;
                (reading.raster, reading.remarks)
            }
        };
        let input = self.values(raster).map_err(|found| self.broken(path, found))?;
        Ok((input, remarks))
    }

    /// The error for a picture of this size.
    pub(crate) fn broken(&self, path: PathBuf, found: TooSmall) -> DataError {
        let expected = self.crop.unwrap_or([1, 1]);
        match found {
            TooSmall::Crop { found, stored } => DataError::TooSmall { path, expected, found, stored },
            TooSmall::Narrow([height, width]) => {
                let expected = format!("at least {} by {} pixels", expected[0], expected[1]);
                let found = format!("{height} by {width}, too narrow to be enlarged");
                DataError::Image { path, expected, found }
            }
        }
    }

    /// The channels, height and width of the input, and its values; or the size that is too small.
    fn values(&self, picture: Raster) -> Result<Input, TooSmall> {
        let is_gray_first = self.channels == Channels::Gray && self.arithmetic != Arithmetic::Recorded;
        let picture = self.shaped(if is_gray_first { picture.gray() } else { picture })?;
        let [width, height] = picture.size();
        let mut values = Vec::with_capacity(self.channels.count() * height * width);
        for channel in 0..self.channels.count() {
            let [mean, std] = [self.mean, self.std].map(|each| each[channel]);
            let value = |sample: f32| (sample * self.scale - mean) / std;
            match &picture {
                Raster::Bytes(grid) => {
                    let bytes = grid.colors().map(|pixel| self.channels.of(pixel, channel, luma));
                    values.extend(bytes.map(|byte| value(byte.into())));
                }
                Raster::Wide(grid) => {
                    values.extend(
                        grid.colors().map(|pixel| value(self.channels.of(pixel, channel, |[gray, ..]| gray))),
                    );
                }
            }
        }
        Ok(([self.channels.count(), height, width], values))
    }

    /// The image resized and cropped; or the size that is too small.
    pub(crate) fn shaped(&self, picture: Raster) -> Result<Raster, TooSmall> {
        let geometry = Geometry::new(self, picture.size());
        geometry.check()?;
        let resized = if geometry.resized == picture.size() {
            picture
        } else {
            match self.arithmetic {
                Arithmetic::Recorded => {
                    let [w, h] = geometry.resized.map(|side| side as u32);
                    imageops::resize(&picture.into_rgb(), w, h, FilterType::Triangle).into()
                }
                Arithmetic::Pillow { interpolation, .. } => {
                    resample::resize(&picture, geometry.resized, interpolation)
                }
            }
        };
        Ok(resized.window(geometry.corner, geometry.window))
    }

    /// The image that a net's input shows: the inverse of all but the resizing and cropping.
    ///
    /// Values that no byte stands for are shown as the nearest one.
    ///
    /// **Shape** x `[c, h, w]`.
    ///
    /// # Panics
    /// When x has another number of channels.
    pub fn picture(&self, x: &Tensor) -> RgbImage {
        self.colored("picture", x, |channel, value| {
            let [mean, std] = [self.mean, self.std].map(|each| f64::from(each[channel]));
            (value * std + mean) / f64::from(self.scale)
        })
    }

    /// A picture of a signal at a net's input, such as a gradient: 0 is gray, and the strongest three of a thousand values black or white.
    ///
    /// **Shape** signal `[c, h, w]`.
    ///
    /// # Panics
    /// When the signal has another number of channels.
    pub fn contrast(&self, signal: &Tensor) -> RgbImage {
        let size: usize = signal.dims().iter().skip(1).product();
        let values = to_f64s(signal);
        let magnitude = |(index, value): (usize, &f64)| (value * f64::from(self.std[index / size])).abs();
        let mut magnitudes: Vec<f64> = values.iter().enumerate().map(magnitude).collect();
        magnitudes.sort_by(f64::total_cmp);
        let strong = magnitudes[(magnitudes.len() - 1) * 997 / 1000].max(f64::MIN_POSITIVE);
        self.colored("contrast", signal, |channel, value| {
            127.5 + 127.5 * value * f64::from(self.std[channel]) / strong
        })
    }

    /// Each value as the byte that `byte` makes of it, in the channels' colors.
    fn colored(&self, what: &str, x: &Tensor, byte: impl Fn(usize, f64) -> f64) -> RgbImage {
        let &[c, h, w] = x.dims() else { panic!("{what}: expected [c, h, w], got {:?}", x.dims()) };
        assert_eq!(c, self.channels.count(), "{what}: channels of {:?}", self.channels);
        let values = to_f64s(x);
        RgbImage::from_fn(w as u32, h as u32, |column, row| {
            let at = row as usize * w + column as usize;
            let byte = |channel: usize| byte(channel, values[channel * h * w + at]).round() as u8;
            match self.channels {
                Channels::Rgb => Rgb([0, 1, 2].map(byte)),
                Channels::Bgr => Rgb([2, 1, 0].map(byte)),
                Channels::Gray => Rgb([byte(0); 3]),
            }
        })
    }
}

impl Channels {
    /// How many there are.
    pub fn count(self) -> usize {
        if self == Channels::Gray { 1 } else { 3 }
    }

    /// A channel of a color; gray is made by `gray`.
    fn of<T: Copy>(self, [r, g, b]: [T; 3], channel: usize, gray: impl Fn([T; 3]) -> T) -> T {
        match self {
            Channels::Rgb => [r, g, b][channel],
            Channels::Bgr => [b, g, r][channel],
            Channels::Gray => gray([r, g, b]),
        }
    }
}

/// Channels, height and width of a net's input, and its values.
pub(crate) type Input = ([usize; 3], Vec<f32>);

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pixel another color: red counts columns, green rows.
    fn image(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| Rgb([x as u8, y as u8, 200]))
    }

    #[test]
    fn values_are_scaled_and_standardized_in_the_order_of_the_channels() {
        let bgr = Preprocessing {
            channels: Channels::Bgr,
            scale: 0.5,
            mean: [1.0, 2.0, 3.0],
            std: [10.0, 4.0, 2.0],
            ..Preprocessing::default()
        };
        let x = bgr.apply(&image(2, 1)).unwrap();
        assert_eq!(x.dims(), [1, 3, 1, 2]);
        assert_eq!(to_f64s(&x), [9.9f32.into(), 9.9f32.into(), -0.5, -0.5, -1.5, -1.25]);
    }

    #[test]
    fn gray_is_the_luma_and_leaves_gray_images_as_they_are() {
        let gray = Preprocessing { channels: Channels::Gray, scale: 1.0, ..Preprocessing::default() };
        let of = |color| to_f64s(&gray.apply(&RgbImage::from_pixel(1, 1, Rgb(color))).unwrap());
        assert_eq!(of([77; 3]), [77.0]);
        assert_eq!([of([255, 0, 0]), of([0, 255, 0]), of([0, 0, 255])], [[76.0], [150.0], [29.0]]);
    }

    #[test]
    fn the_center_is_cut_out_and_half_pixels_round_to_even() {
        let crop = Preprocessing { crop: Some([3, 4]), scale: 1.0, ..Preprocessing::default() };
        let x = to_f64s(&crop.apply(&image(9, 10)).unwrap());
        assert_eq!([x[0], x[12]], [2.0, 4.0]);
        assert!(crop.apply(&image(3, 10)).is_none());
    }

    #[test]
    fn a_place_of_the_image_is_found_again_in_the_input() {
        let crop = Preprocessing { crop: Some([3, 4]), ..Preprocessing::default() };
        // Columns 2 to 5 of 9 and rows 4 to 6 of 10 are cut out.
        assert_eq!(crop.position([4.0, 2.0], [10, 9]), Some([0.0, 0.0]));
        assert_eq!(crop.position([6.0, 5.0], [10, 9]), Some([2.0, 3.0]));
        assert_eq!([[3.0, 2.0], [4.0, 6.0]].map(|at| crop.position(at, [10, 9])), [None; 2]);
        let double = Preprocessing { resize: Resize::Exactly([20, 18]), ..Preprocessing::default() };
        // Pixel 3 becomes pixels 6 and 7.
        assert_eq!(double.position([3.0, 0.0], [10, 9]), Some([6.5, 0.5]));
        assert_eq!(Preprocessing::SQUEEZENET1_0.position([60.0, 127.0], [256, 256]), Some([46.0, 113.0]));
    }

    #[test]
    fn the_shorter_side_gets_its_length_and_the_longer_one_its_proportion() {
        let cases = [((500, 375), [341, 256]), ((375, 500), [256, 341]), ((256, 256), [256, 256])];
        for ((w, h), expected) in cases {
            assert_eq!(geometry::short_side(256, [w, h]), expected);
        }
    }

    #[test]
    fn a_line_of_pixels_is_not_enlarged_into_gigabytes() {
        let line = RgbImage::new(60_000, 1);
        let found = Preprocessing::TORCHVISION.values(line.into()).expect_err("16 million by 256 pixels");
        assert_eq!(found, TooSmall::Narrow([1, 60_000]));
        assert!(Preprocessing::TORCHVISION.apply(&RgbImage::new(640, 10)).is_some());
    }

    #[test]
    fn normalized_pixels_are_the_input() {
        let image = image(9, 9);
        let squeezenet = Preprocessing { crop: None, resize: Resize::Keep, ..Preprocessing::SQUEEZENET1_1 };
        for normalized in
            [squeezenet, Preprocessing { crop: None, resize: Resize::Keep, ..Preprocessing::TORCHVISION }]
        {
            let pixels = to_f64s(&normalized.without_normalization().apply(&image).unwrap());
            let input = to_f64s(&normalized.apply(&image).unwrap());
            let [scale, shift] = normalized.normalization();
            for (at, (pixel, input)) in pixels.iter().zip(input).enumerate() {
                assert!((0.0..=1.0).contains(pixel));
                assert!((scale[at / 81] * pixel + shift[at / 81] - input).abs() < 1e-4, "{at}");
            }
        }
    }

    #[test]
    fn a_picture_shows_what_was_preprocessed() {
        let original = image(30, 20);
        let published =
            [Preprocessing::TORCHVISION, Preprocessing::SQUEEZENET1_0, Preprocessing::SQUEEZENET1_1];
        for published in published {
            let same_size = Preprocessing { resize: Resize::Keep, crop: None, ..published };
            let x = same_size.apply(&original).unwrap().squeeze(0).unwrap();
            assert_eq!(same_size.picture(&x), original, "{published:?}");
        }
    }
}
