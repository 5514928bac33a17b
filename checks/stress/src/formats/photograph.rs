//! Photographs as inputs of nets.

use super::File;
use datasets::{
    Arithmetic, BrokenImages, ExifOrientation, ImageFolder, Interpolation, Preprocessing, Resize,
};
use image::{ImageFormat, Rgb, RgbImage};
use std::io::Cursor;
use std::path::Path;

/// Small, so that most of the time goes into decoding.
const SMALL: Preprocessing =
    Preprocessing { resize: Resize::ShortSide(16), crop: Some([14, 14]), ..Preprocessing::TORCHVISION };

/// Decodes and preprocesses the file, in either arithmetic.
pub(super) fn read(path: &Path) -> Result<(), String> {
    let folder = ImageFolder::open(path).map_err(|error| error.to_string())?;
    let pillow = Arithmetic::Pillow { interpolation: Interpolation::Bilinear, exif: ExifOrientation::Apply };
    // One of the two may read what the other refuses.
    let read = [Arithmetic::Recorded, pillow].map(|arithmetic| {
        let small = Preprocessing { arithmetic, ..SMALL };
        for batch in folder.batches(1, small, BrokenImages::Refuse).map_err(|error| error.to_string())? {
            let batch = batch.map_err(|error| error.to_string())?;
            assert_eq!(batch.images.dims(), [1, 3, 14, 14]);
        }
        Ok(())
    });
    read.into_iter().collect()
}

/// A generated image in PNG.
pub(super) fn drawn(width: u32, height: u32) -> File {
    let image = RgbImage::from_fn(width, height, |x, y| Rgb([(40 * x) as u8, (50 * y) as u8, (x * y) as u8]));
    let mut file = Cursor::new(Vec::new());
    image.write_to(&mut file, ImageFormat::Png).expect("memory");
    file.into_inner()
}
