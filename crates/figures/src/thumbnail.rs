//! Pictures at the size of a tile.

use image::imageops::{FilterType, replace, resize};
use image::{Rgb, RgbImage};

/// The gray beside pictures that are not square; 0 in a projection.
pub const BESIDE: Rgb<u8> = Rgb([128; 3]);

/// The sides of a picture, at least 1, once its longer one is `side`.
pub fn fitted(sides: [usize; 2], side: usize) -> [usize; 2] {
    let longer = sides[0].max(sides[1]).max(1);
    sides.map(|each| (each * side / longer).max(1))
}

/// The picture as large as fits, in the middle of a gray square.
///
/// Magnified pixels stay sharp squares; reduced ones are averaged.
pub fn thumbnail(picture: &RgbImage, side: u32) -> RgbImage {
    let filter = if longer(picture) < side { FilterType::Nearest } else { FilterType::Triangle };
    let picture = scaled(picture, side, filter);
    let mut square = RgbImage::from_pixel(side, side, BESIDE);
    let middle = |length: u32| i64::from((side - length) / 2);
    replace(&mut square, &picture, middle(picture.width()), middle(picture.height()));
    square
}

/// The picture with its longer side reduced to `side`; a smaller one as it is.
pub fn reduced(picture: RgbImage, side: u32) -> RgbImage {
    if longer(&picture) <= side { picture } else { scaled(&picture, side, FilterType::Triangle) }
}

fn longer(picture: &RgbImage) -> u32 {
    picture.width().max(picture.height())
}

fn scaled(picture: &RgbImage, side: u32, filter: FilterType) -> RgbImage {
    let sides = [picture.width(), picture.height()].map(|each| each as usize);
    let [width, height] = fitted(sides, side as usize).map(|each| each as u32);
    resize(picture, width, height, filter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_keeps_proportions_between_gray_borders() {
        let picture = RgbImage::from_pixel(20, 10, Rgb([255, 0, 0]));
        for side in [8, 40] {
            let tile = thumbnail(&picture, side);
            assert_eq!(tile.dimensions(), (side, side));
            assert_eq!(
                [tile.get_pixel(0, 0), tile.get_pixel(0, side / 2)].map(|pixel| pixel.0),
                [BESIDE.0, [255, 0, 0]]
            );
        }
    }
}
