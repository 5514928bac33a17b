//! Decoding and resizing beside Pillow: `tests/images/make.py` made the files and the pixels that Pillow reads from them.

use datasets::{BrokenImages, ImageFolder, Preprocessing, Resize};
use image::RgbImage;
use std::path::{Path, PathBuf};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/images").join(name)
}

fn decoded(name: &str) -> RgbImage {
    let folder = ImageFolder::open(&file(name)).unwrap();
    folder.images(BrokenImages::Refuse).unwrap().next().unwrap().unwrap().image
}

/// The largest difference between bytes.
fn difference(a: &RgbImage, b: &RgbImage) -> u8 {
    assert_eq!(a.dimensions(), b.dimensions());
    a.iter().zip(b.iter()).map(|(a, b)| a.abs_diff(*b)).max().unwrap()
}

#[test]
fn every_kind_of_file_has_the_pixels_that_pillow_reads() {
    // JPEG leaves the rounding of its transform to the decoder, and the smoothing of colors stored at half the size.
    let cases = [
        ("gray", "jpg", 1),
        ("cmyk", "jpg", 1),
        ("cmyk_plain", "jpg", 1),
        ("ycck", "jpg", 2),
        ("rotated", "jpg", 3),
        ("alpha", "png", 0),
        ("palette", "png", 0),
    ];
    for (name, ending, tolerance) in cases {
        let pillow = decoded(&format!("{name}.pillow.png"));
        let found = difference(&decoded(&format!("{name}.{ending}")), &pillow);
        assert!(found <= tolerance, "{name}: differs by {found}");
    }
}

#[test]
fn resizing_differs_from_pillow_by_one_level_at_most() {
    let preprocessing = Preprocessing { resize: Resize::Exactly([25, 20]), ..Preprocessing::default() };
    let resized = preprocessing.apply(&decoded("noise.png")).unwrap().squeeze(0).unwrap();
    let found = difference(&preprocessing.picture(&resized), &decoded("noise.pillow.png"));
    assert!(found <= 1, "differs by {found}");
}
