//! The ImageNet sample, where it is at hand: a thousand images in one archive.
//!
//! `tests/images/digest_photographs.py` prints the digests of what Pillow makes of them.

use datasets::{
    Arithmetic, BrokenImages, ExifOrientation, ImageFolder, Interpolation, Labels, Preprocessing, Resize,
};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use tensor::to_f64s;

#[test]
fn a_thousand_images_are_decoded_labeled_and_preprocessed() {
    let Some(data) = test_support::data(&["imagenet-sample"]) else { return };
    let sample = data.join("imagenet-sample");
    let labels = Labels::read(&sample.join("labels.csv")).unwrap();
    let folder = ImageFolder::open(&sample.join("images.tar")).unwrap().with_labels(&labels).unwrap();
    assert_eq!((folder.len(), folder.classes()[0].as_str(), folder.classes().len()), (1000, "tench", 1000));
    let batches = folder.batches(64, Preprocessing::SQUEEZENET1_0, BrokenImages::Refuse).unwrap();
    let labels: Vec<usize> = batches
        .flat_map(|batch| {
            let batch = batch.unwrap();
            assert_eq!(batch.images.dims()[1..], [3, 227, 227]);
            batch.labels.into_iter().flatten()
        })
        .collect();
    assert!(labels.into_iter().eq(0..1000));
}

/// The digest of the bytes of these images, pixel by pixel.
fn digest(folder: &ImageFolder, resize: Resize, interpolation: Interpolation) -> String {
    let arithmetic = Arithmetic::Pillow { interpolation, exif: ExifOrientation::Ignore };
    let bytes = Preprocessing { resize, scale: 1.0, arithmetic, ..Preprocessing::default() };
    let mut digest = Sha256::new();
    for batch in folder.batches(20, bytes, BrokenImages::Refuse).unwrap() {
        let images = batch.unwrap().images;
        let size = images.dims()[2] * images.dims()[3];
        for planes in to_f64s(&images).chunks_exact(3 * size) {
            let pixels = (0..size).flat_map(|at| [0, 1, 2].map(|channel| planes[channel * size + at] as u8));
            digest.update(pixels.collect::<Vec<u8>>());
        }
    }
    digest.finalize().iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a text");
        text
    })
}

#[test]
fn a_thousand_photographs_are_decoded_and_resized_as_by_pillow_to_the_bit() {
    let Some(data) = test_support::data(&["imagenet-sample"]) else { return };
    let folder = ImageFolder::open(&data.join("imagenet-sample/images.tar")).unwrap();
    let decoded = digest(&folder, Resize::Keep, Interpolation::Bilinear);
    assert_eq!(decoded, "51c8733fe937e2e640ec58be9548c1b895ff18186897b2b02774abc8521fa80c");
    let some = folder.select(&(0..200).collect::<Vec<_>>());
    for (interpolation, smaller, larger) in [
        (
            Interpolation::Nearest,
            "606a4b22ff55a0f68f4f01869850f0f728a88bb3f5ffbe9a332d87b1335473ca",
            "80618a4bc563e87c682e2fef832fd147d7c8b61c0303c56eb00763df48af72e6",
        ),
        (
            Interpolation::Bilinear,
            "c9c8784f61d9696aa289095c6d49bda6c62c50b7b2bde051a31ed45bb58728f2",
            "114a860e902df7d6d1c263d4536437dd163e883f11828a3c101f7bd094bc2767",
        ),
        (
            Interpolation::Bicubic,
            "6f0ca6ab7ec1e27af7d91119b96d295fa255104ee85f29f5c72f35fde8a1422b",
            "b90c05fb2076254e532d1341f87e2760f4b7b35825c14e8bbd8c63a58ce4f39d",
        ),
        (
            Interpolation::Lanczos,
            "76243103b842a6ccc7983dc50425a3938c06499ba4b66630e2a72919c90cfcc1",
            "e1e5ff56ceec7f904ad418e6ad36404da7234837c1eb12d5c59991a936d302bb",
        ),
    ] {
        for (size, expected) in [([97, 111], smaller), ([333, 300], larger)] {
            assert_eq!(
                digest(&some, Resize::Exactly(size), interpolation),
                expected,
                "{interpolation:?} {size:?}"
            );
        }
    }
}
