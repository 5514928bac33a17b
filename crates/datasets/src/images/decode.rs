//! From the bytes of a JPEG or PNG file to red, green and blue.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, RgbImage};

use super::{ImageFile, Picture, jpeg};
use crate::DataError;

/// The decoded image of a file, upright.
///
/// The format is known by the first bytes, not by the name.
/// Gray becomes three equal channels, 16 bits a channel are rounded to 8, and an alpha channel is dropped, not composited, as torchvision's loader does.
/// CMYK becomes R = (1 − C)(1 − K) and so on; a JPEG file's samples are taken to be inverted, as Adobe's programs write them and as Pillow reads them.
/// Unlike torchvision's loader, the orientation that a camera noted (EXIF) is applied.
pub(crate) fn decode(file: ImageFile) -> Result<Picture, DataError> {
    let broken = |found| DataError::Image {
        path: file.path.clone(),
        expected: "a whole JPEG or PNG image".into(),
        found,
    };
    let image = rgb(&file.bytes).map_err(broken)?;
    Ok(Picture { name: file.name, label: file.label, image })
}

fn rgb(bytes: &[u8]) -> Result<RgbImage, String> {
    if bytes.is_empty() {
        return Err("an empty file".into());
    }
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|e| e.to_string())?;
    match reader.format() {
        Some(ImageFormat::Jpeg) => jpeg::decode(bytes),
        Some(ImageFormat::Png) => upright(reader).map_err(|error| error.to_string()),
        Some(other) => Err(format!("{other:?}")),
        None => Err("neither format's first bytes".into()),
    }
}

fn upright(reader: ImageReader<Cursor<&[u8]>>) -> Result<RgbImage, ImageError> {
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    Ok(image.into_rgb8())
}
