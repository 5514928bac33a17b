//! Pictures of every kind beside Pillow, to the bit: `tests/images/make_formats.py` made the files and the digests of their pixels.

use datasets::{
    Arithmetic, Batch, BrokenImages, DataError, ExifOrientation, ImageFolder, Interpolation, PictureRemark,
    Preprocessing, Resize,
};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use tensor::to_f64s;
use test_support::read_npy;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/images/formats").join(name)
}

/// A picture's bytes as numbers, in Pillow's arithmetic.
fn pillow(resize: Resize, interpolation: Interpolation, exif: ExifOrientation) -> Preprocessing {
    let arithmetic = Arithmetic::Pillow { interpolation, exif };
    Preprocessing { resize, scale: 1.0, arithmetic, ..Preprocessing::default() }
}

fn as_it_is() -> Preprocessing {
    pillow(Resize::Keep, Interpolation::Bilinear, ExifOrientation::Ignore)
}

fn read(path: &Path, preprocessing: Preprocessing) -> Result<Batch, DataError> {
    ImageFolder::open(path)?.batches(1, preprocessing, BrokenImages::Refuse)?.next().expect("an image")
}

/// The digest of a picture's bytes, pixel by pixel.
fn digest(batch: &Batch) -> String {
    let planes = to_f64s(&batch.images);
    let size = planes.len() / 3;
    let bytes: Vec<u8> = (0..planes.len()).map(|at| planes[at % 3 * size + at / 3] as u8).collect();
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a text");
        text
    })
}

#[test]
fn every_kind_of_picture_has_the_very_pixels_that_pillow_reads_and_resizes() {
    let mut table = csv::Reader::from_path(file("digests.csv")).unwrap();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for row in table.records() {
        let row = row.unwrap();
        let [name, exif, size, interpolation, expected] = [0, 1, 2, 3, 4].map(|at| row[at].to_owned());
        let sides: Vec<usize> = size.split('x').filter_map(|side| side.parse().ok()).collect();
        let resize = if let [h, w] = sides[..] { Resize::Exactly([h, w]) } else { Resize::Keep };
        let interpolation = match &*interpolation {
            "nearest" => Interpolation::Nearest,
            "bicubic" => Interpolation::Bicubic,
            "lanczos" => Interpolation::Lanczos,
            _ => Interpolation::Bilinear,
        };
        let exif = if exif == "apply" { ExifOrientation::Apply } else { ExifOrientation::Ignore };
        count += 1;
        match read(&file(&name), pillow(resize, interpolation, exif)) {
            Ok(batch) if digest(&batch) == expected => {}
            found => {
                wrong.push(format!("{name} {size} {interpolation:?}: {:?}", found.map(|batch| batch.images)));
            }
        }
    }
    assert!(count > 60 && wrong.is_empty(), "of {count}:\n{}", wrong.join("\n"));
}

#[test]
fn a_picture_of_16_bits_keeps_them_also_when_it_is_resized() {
    let resized = pillow(Resize::Exactly([40, 9]), Interpolation::Bicubic, ExifOrientation::Ignore);
    for (name, preprocessing) in [("wide.npy", as_it_is()), ("wide_resized.npy", resized)] {
        let batch = read(&file("wide.png"), preprocessing).unwrap();
        let expected = read_npy::<f32>(&file(name));
        let planes = to_f64s(&batch.images);
        assert_eq!(planes.len(), 3 * expected.len());
        let off = planes.iter().zip(expected.iter().cycle()).map(|(a, &b)| (a - f64::from(b)).abs());
        assert!(off.fold(0.0, f64::max) < 1e-4, "{name}");
    }
}

#[test]
fn what_is_done_to_a_picture_is_said() {
    let remarks = |name: &str, exif| {
        let batch = read(&file(name), pillow(Resize::Keep, Interpolation::Bilinear, exif)).unwrap();
        batch.remarks.into_iter().map(|(_, remark)| remark).collect::<Vec<_>>()
    };
    for (name, expected) in [
        ("444.jpg", &[][..]),
        ("rgba.png", &[PictureRemark::AlphaDropped]),
        ("gray_alpha.png", &[PictureRemark::AlphaDropped]),
        ("palette.png", &[PictureRemark::AlphaDropped, PictureRemark::Palette]),
        ("cmyk.jpg", &[PictureRemark::Cmyk]),
        ("moving.gif", &[PictureRemark::FirstFrame]),
        ("moving.webp", &[PictureRemark::FirstFrame]),
        ("moving.png", &[PictureRemark::FirstFrame]),
        ("wide.png", &[PictureRemark::SixteenBits]),
        ("no_end.png", &[PictureRemark::EndMissing]),
        ("cut_in_check_sum.png", &[PictureRemark::EndMissing]),
        ("turned6.jpg", &[PictureRemark::NotTurned(6)]),
    ] {
        assert_eq!(remarks(name, ExifOrientation::Ignore), expected, "{name}");
    }
    assert_eq!(remarks("turned5.png", ExifOrientation::Apply), [PictureRemark::Turned(5)]);
}

#[test]
fn what_pillow_refuses_as_truncated_is_refused_with_the_file_s_name() {
    let root = tempfile::tempdir().unwrap();
    for (name, missing) in [
        ("420.jpg", 2),
        ("420.jpg", 40),
        ("420_progressive.jpg", 2),
        ("no_end.png", 30),
        ("palette.gif", 20),
        ("rgb.bmp", 20),
        ("lossy.webp", 20),
    ] {
        let whole = fs::read(file(name)).unwrap();
        let path = root.path().join(name);
        fs::write(&path, &whole[..whole.len() - missing]).unwrap();
        let refusal =
            read(&path, as_it_is()).err().unwrap_or_else(|| panic!("{name} without {missing}")).to_string();
        assert!(refusal.starts_with(&format!("{}: expected a whole ", path.display())), "{refusal}");
    }
}

#[test]
fn gray_of_colors_is_the_luma_that_pillow_computes_before_resizing() {
    let gray = Preprocessing { channels: datasets::Channels::Gray, ..as_it_is() };
    let pixels = to_f64s(&read(&file("noise.png"), as_it_is()).unwrap().images);
    let size = pixels.len() / 3;
    let luma = |at: usize| {
        let [r, g, b] = [0, 1, 2].map(|channel| pixels[channel * size + at]);
        ((19595.0 * r + 38470.0 * g + 7471.0 * b + 32768.0) / 65536.0).floor()
    };
    assert_eq!(
        to_f64s(&read(&file("noise.png"), gray).unwrap().images),
        (0..size).map(luma).collect::<Vec<_>>()
    );
}

#[test]
fn a_padded_picture_lies_in_the_middle_of_black_and_a_covering_one_is_cropped() {
    let sized = |resize, crop| {
        let preprocessing = pillow(resize, Interpolation::Nearest, ExifOrientation::Ignore);
        let batch = read(&file("noise.png"), Preprocessing { crop, ..preprocessing }).unwrap();
        (batch.images.dims()[2..].to_vec(), to_f64s(&batch.images))
    };
    // 31 rows of 24 pixels, in 31 of 40: 8 black ones on either side.
    let (size, padded) = sized(Resize::Pad([31, 40]), None);
    let (_, whole) = sized(Resize::Keep, None);
    assert_eq!(size, [31, 40]);
    for (row, pixels) in padded[..31 * 40].chunks_exact(40).enumerate() {
        assert!(pixels[..8].iter().chain(&pixels[32..]).all(|&pixel| pixel == 0.0), "{row}");
        assert_eq!(pixels[8..32], whole[24 * row..][..24], "{row}");
    }
    let (size, _) = sized(Resize::Cover([40, 48]), None);
    assert_eq!(size, [62, 48]);
    assert_eq!(sized(Resize::Cover([40, 48]), Some([40, 48])).0, [40, 48]);
    assert_eq!(sized(Resize::Cover([62, 20]), None).0, [62, 48]);
}
