//! From the bytes of a picture's file to red, green and blue, in the arithmetic of the recorded results.

use super::pillow::{self, ExifOrientation};
use super::{ImageFile, Picture, jpeg, png};
use crate::DataError;
use crate::content::{Content, LOOKED_AT, PICTURES, picture_name};
use image::{ImageFormat, RgbImage};

/// The decoded image of a file, upright.
///
/// The format is known by the first bytes, not by the name.
/// Gray becomes three equal channels, 16 bits a channel are rounded to 8, and an alpha channel is dropped, not composited, as torchvision's loader does.
/// CMYK becomes R = (1 − C)(1 − K) and so on; a JPEG file's samples are taken to be inverted, as Adobe's programs write them and as Pillow reads them.
/// Unlike torchvision's loader, the orientation that a camera noted (EXIF) is applied.
pub(crate) fn decode(file: ImageFile) -> Result<Picture, DataError> {
    let image = rgb(&file.bytes).map_err(|found| broken(&file, found))?;
    Ok(Picture { name: file.name, label: file.label, image })
}

/// The error for a file that is no whole picture.
pub(crate) fn broken(file: &ImageFile, found: String) -> DataError {
    let expected = match content(&file.bytes) {
        Content::Picture(format) => picture_name(format).replacen("a ", "a whole ", 1),
        _ => format!("a {PICTURES} image"),
    };
    DataError::Image { path: file.path.clone(), expected, found }
}

fn content(bytes: &[u8]) -> Content {
    Content::from_bytes(&bytes[..bytes.len().min(LOOKED_AT)])
}

fn rgb(bytes: &[u8]) -> Result<RgbImage, String> {
    match content(bytes) {
        Content::Picture(ImageFormat::Jpeg) => jpeg::decode(bytes),
        Content::Picture(ImageFormat::Png) => {
            let (mut image, orientation, _) = png::decoded(bytes)?;
            image.apply_orientation(orientation);
            Ok(image.into_rgb8())
        }
        _ => Ok(pillow::read(bytes, ExifOrientation::Apply)?.raster.into_rgb()),
    }
}
