//! Preprocessing of photographs to a net's input, and its inverse.

use image::imageops::{FilterType, crop_imm, resize};
use image::{Rgb, RgbImage};
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

/// How many times as long as wide an image may be that is enlarged.
const NARROWEST: u32 = 64;

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
    /// Resizing interpolates linearly over all pixels that fall onto one, as Pillow does, and rounds to bytes.
    pub fn apply(&self, image: &RgbImage) -> Option<Tensor> {
        let ([c, h, w], values) = self.values(image).ok()?;
        Some(tensor_of(values, &[1, c, h, w]))
    }

    /// Where a pixel of an image of this size, rows and columns, lies in the net's input; `None` where the crop leaves it out.
    ///
    /// **Range** Row and column from 0; the middle of the first pixel is 0.
    pub fn position(&self, at: [f64; 2], size: [usize; 2]) -> Option<[f64; 2]> {
        let (w, h) = self.resized_to(size[1] as u32, size[0] as u32);
        let resized = [h, w];
        let crop = self.crop.map_or(resized, |crop| crop.map(|side| side as u32));
        let mut place = [0.0; 2];
        for axis in 0..2 {
            let ratio = f64::from(resized[axis]) / size[axis] as f64;
            let before = f64::from(middle(resized[axis].checked_sub(crop[axis])?));
            place[axis] = (at[axis] + 0.5) * ratio - 0.5 - before;
            if place[axis] < -0.5 || place[axis] >= f64::from(crop[axis]) - 0.5 {
                return None;
            }
        }
        Some(place)
    }

    /// The channels, height and width of the input, and its values; or the size that is too small.
    pub(crate) fn values(&self, image: &RgbImage) -> Result<([usize; 3], Vec<f32>), String> {
        let image = self.shaped(image)?;
        let mut values = Vec::with_capacity(self.channels.count() * image.as_raw().len() / 3);
        for channel in 0..self.channels.count() {
            let [mean, std] = [self.mean, self.std].map(|each| each[channel]);
            let value = |&pixel| (f32::from(self.channels.byte(pixel, channel)) * self.scale - mean) / std;
            values.extend(image.pixels().map(value));
        }
        Ok(([self.channels.count(), image.height() as usize, image.width() as usize], values))
    }

    /// The smallest size that can be cropped, in words.
    pub(crate) fn wanted(&self) -> String {
        let [h, w] = self.crop.unwrap_or([1, 1]);
        format!("at least {h} by {w} pixels")
    }

    /// The image resized and cropped; or the size that is too small.
    pub(crate) fn shaped(&self, image: &RgbImage) -> Result<RgbImage, String> {
        self.cropped(&self.resized(image)?)
    }

    fn resized(&self, image: &RgbImage) -> Result<RgbImage, String> {
        let (w, h) = image.dimensions();
        let (to_w, to_h) = self.resized_to(w, h);
        if (to_w, to_h) == (w, h) {
            return Ok(image.clone());
        }
        // A line of pixels, whose short side becomes a net's, would become gigabytes.
        if w.max(h) / NARROWEST > w.min(h) && to_w.max(to_h) > w.max(h) {
            return Err(format!("{h} by {w}, too narrow to be enlarged"));
        }
        Ok(resize(image, to_w, to_h, FilterType::Triangle))
    }

    /// Width and height after resizing.
    fn resized_to(&self, w: u32, h: u32) -> (u32, u32) {
        match self.resize {
            Resize::Keep => (w, h),
            Resize::ShortSide(side) => short_side(side as u32, w, h),
            Resize::Exactly([height, width]) => (width as u32, height as u32),
        }
    }

    fn cropped(&self, image: &RgbImage) -> Result<RgbImage, String> {
        let (w, h) = image.dimensions();
        let Some([height, width]) = self.crop.map(|side| side.map(|side| side as u32)) else {
            return Ok(image.clone());
        };
        if height > h || width > w {
            return Err(format!("{h} by {w}"));
        }
        Ok(crop_imm(image, middle(w - width), middle(h - height), width, height).to_image())
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

    fn byte(self, Rgb([r, g, b]): Rgb<u8>, channel: usize) -> u8 {
        match self {
            Channels::Rgb => [r, g, b][channel],
            Channels::Bgr => [b, g, r][channel],
            // In 16 bits behind the point, rounded, as Pillow computes it.
            Channels::Gray => {
                let [r, g, b] = [r, g, b].map(u32::from);
                ((r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16) as u8
            }
        }
    }
}

/// Width and height when the shorter one is `side`.
fn short_side(side: u32, w: u32, h: u32) -> (u32, u32) {
    let longer = |long: u32, short: u32| (u64::from(side) * u64::from(long) / u64::from(short)) as u32;
    if w <= h { (side, longer(h, w)) } else { (longer(w, h), side) }
}

/// Where a centered piece begins, as torchvision rounds it.
pub(crate) fn middle(rest: u32) -> u32 {
    (f64::from(rest) / 2.0).round_ties_even() as u32
}

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
        let cases = [((500, 375), (341, 256)), ((375, 500), (256, 341)), ((256, 256), (256, 256))];
        for ((w, h), expected) in cases {
            assert_eq!(short_side(256, w, h), expected);
        }
    }

    #[test]
    fn a_line_of_pixels_is_not_enlarged_into_gigabytes() {
        let line = RgbImage::new(60_000, 1);
        let found = Preprocessing::TORCHVISION.values(&line).expect_err("16 million by 256 pixels");
        assert_eq!(found, "1 by 60000, too narrow to be enlarged");
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
