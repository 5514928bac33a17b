//! Pictures for the page: photographs, and tiles beside each other.

use anyhow::{Context, Result};
use core_net::Region;
use datasets::Preprocessing;
use figures::{BESIDE, fitted, thumbnail};
use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{crop_imm, replace};
use tensor::{Tensor, tensor_of, to_f64s};

/// JPEG quality of photographs.
pub const PHOTOGRAPH: u8 = 70;

/// JPEG quality of what is noise to the eye anyhow.
pub const COARSE: u8 = 40;

/// Pixels along the side of a tile that stands for a unit.
pub const TILE: u32 = 32;

/// A picture as a file.
pub fn jpeg(picture: &RgbImage, quality: u8) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    picture.write_with_encoder(encoder).context("a picture cannot be encoded")?;
    Ok(bytes)
}

/// Square tiles in rows; places without a tile are gray.
pub fn tiled<'a>(
    tiles: impl IntoIterator<Item = (usize, &'a RgbImage)>,
    side: u32,
    [rows, columns]: [usize; 2],
) -> RgbImage {
    let mut tiled = RgbImage::from_pixel(columns as u32 * side, rows as u32 * side, BESIDE);
    for (place, tile) in tiles {
        let [y, x] = [place / columns, place % columns].map(|steps| steps as i64 * i64::from(side));
        replace(&mut tiled, tile, x, y);
    }
    tiled
}

/// What lies in a region of a picture.
pub fn patch(picture: &RgbImage, region: Region, side: u32) -> RgbImage {
    let [x, y, w, h] = [region.left, region.top, region.width, region.height].map(|side| side as u32);
    thumbnail(&crop_imm(picture, x, y, w, h).to_image(), side)
}

/// A signal at the pixels, reduced to the tile before its contrast is set: what is finer cannot be seen there.
///
/// **Shape** signal `[c, h, w]`.
pub fn signal(preprocessing: &Preprocessing, signal: &Tensor, side: u32) -> RgbImage {
    thumbnail(&preprocessing.contrast(&reduced(signal, side as usize)), side)
}

/// The signal with means of pixels in the place of pixels, where its longer side is longer than `side`.
fn reduced(signal: &Tensor, side: usize) -> Tensor {
    let &[channels, height, width] = signal.dims() else { panic!("a signal at pixels: {:?}", signal.dims()) };
    if height.max(width) <= side {
        return signal.clone();
    }
    let to = fitted([height, width], side);
    let signal = to_f64s(signal);
    let mean =
        |plane: &[f64]| binned(plane, [height, width], to, |bin| bin.iter().sum::<f64>() / bin.len() as f64);
    tensor_of(signal.chunks_exact(height * width).flat_map(mean).collect(), &[channels, to[0], to[1]])
}

/// A map of fewer places: each is what `join` makes of the values that fall onto it.
pub fn binned(
    map: &[f64],
    [height, width]: [usize; 2],
    to: [usize; 2],
    join: impl Fn(&[f64]) -> f64,
) -> Vec<f64> {
    let part = |index: usize, of: usize, length: usize| index * length / of..(index + 1) * length / of;
    let mut bin = Vec::new();
    let mut binned = Vec::with_capacity(to[0] * to[1]);
    for y in 0..to[0] {
        for x in 0..to[1] {
            bin.clear();
            for row in part(y, to[0], height) {
                bin.extend_from_slice(&map[row * width..][part(x, to[1], width)]);
            }
            binned.push(join(&bin));
        }
    }
    binned
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn every_value_falls_onto_one_place_of_a_smaller_map() {
        let map: Vec<f64> = (0..35).map(f64::from).collect();
        let sum = |bin: &[f64]| bin.iter().sum::<f64>();
        let counts = binned(&map, [5, 7], [2, 3], |bin| bin.len() as f64);
        assert_eq!(counts, [4.0, 4.0, 6.0, 6.0, 6.0, 9.0]);
        assert_eq!(sum(&binned(&map, [5, 7], [2, 3], sum)), sum(&map));
        assert_eq!(binned(&map, [5, 7], [5, 7], sum), map);
    }

    #[test]
    fn a_signal_is_reduced_by_means() {
        let signal = tensor_of(vec![1.0f64, 3.0, 5.0, -1.0, 1.0, 3.0, 5.0, -1.0], &[1, 2, 4]);
        assert_eq!(to_f64s(&reduced(&signal, 2)), [2.0, 2.0]);
    }

    #[test]
    fn tiled_pictures_have_their_tiles_in_rows() {
        let red = RgbImage::from_pixel(2, 2, Rgb([255, 0, 0]));
        let tiled = tiled([(4, &red)], 2, [2, 3]);
        assert_eq!(tiled.dimensions(), (6, 4));
        assert_eq!(
            [tiled.get_pixel(2, 2), tiled.get_pixel(4, 2)].map(|pixel| pixel.0),
            [[255, 0, 0], BESIDE.0]
        );
    }
}
