//! One streaming pass over decoded images.

mod decode;
mod files;
mod jpeg;
mod picture_remark;
pub(crate) mod pillow;
mod png;
pub(crate) mod raster;
pub(crate) mod reading;
pub(crate) mod resample;
mod window;

use crate::DataError;
pub(crate) use decode::{broken, decode};
pub(crate) use files::{Files, ImageFile};
use image::RgbImage;
pub use jpeg::through_jpeg;
pub use picture_remark::PictureRemark;
pub use pillow::ExifOrientation;
pub use resample::Interpolation;
pub(crate) use window::Window;

/// Treatment of images that cannot be decoded or are too small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokenImages {
    /// It is an error.
    Refuse,
    /// It is left out, and counted.
    Skip,
}

/// A decoded image.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Its path below the folder or in the archive, with slashes.
    pub name: String,
    /// The number of its class, where one is known.
    pub label: Option<usize>,
    /// Its pixels.
    pub image: RgbImage,
}

/// The decoded images of an [`ImageFolder`](crate::ImageFolder) in its order.
///
/// A few files are decoded at a time, in parallel; no more are kept in memory.
pub struct Images(pub(crate) Window<Picture>);

impl Images {
    /// How many broken images have been left out so far.
    pub fn skipped(&self) -> usize {
        self.0.skipped()
    }
}

impl Iterator for Images {
    type Item = Result<Picture, DataError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}
