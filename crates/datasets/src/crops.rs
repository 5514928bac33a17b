//! Sub-crops of images: random ones for training, ten of each image for evaluation.

use crate::Pixels;
use crate::preprocessing::middle;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use tensor::{Tensor, tensor_of, to_f64s};

/// Square pieces of images, mirrored or not, from which each pixel's mean is subtracted.
///
/// A value is (byte − mean of that pixel of the image) · scale.
///
/// **Paper** ZF §3: "subtracting the per-pixel mean (across all images) and then using 10 different sub-crops of size 224x224 (corners + center with(out) horizontal flips)".
#[derive(Clone, Debug)]
pub struct Crops {
    /// `[3, of, of]`.
    mean: Vec<f32>,
    /// The side of the images.
    of: usize,
    side: usize,
    scale: f32,
}

/// Where a piece begins, and whether it is mirrored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    top: usize,
    left: usize,
    mirrored: bool,
}

impl Crops {
    /// Crops of this side from images of the mean's size.
    ///
    /// **Shape** mean `[3, h, w]`, as [`Pixels::mean`] gives it.
    ///
    /// # Panics
    /// When the mean is no square of three channels, or smaller than the crops.
    pub fn new(mean: &Tensor, side: usize, scale: f32) -> Crops {
        let &[3, of, width] = mean.dims() else {
            panic!("crops: expected a mean [3, h, w], got {:?}", mean.dims())
        };
        let fits = of == width && side <= of;
        assert!(fits, "crops: expected a square of at least {side}, got {of} by {width}");
        Crops { mean: to_f64s(mean).into_iter().map(|value| value as f32).collect(), of, side, scale }
    }

    /// The height and width of every crop.
    pub fn side(&self) -> usize {
        self.side
    }

    /// One crop of each image at these indices: every place is equally likely, and every second one is mirrored.
    ///
    /// **Shape** `[n, 3, side, side]`, f32.
    ///
    /// # Panics
    /// When the images have another size than the mean, or an index is out of range.
    pub fn random(&self, pixels: &Pixels, examples: &[usize], rng: &mut ChaCha8Rng) -> Tensor {
        self.cut(pixels, examples, 1, |_| self.random_piece(rng))
    }

    /// Advances the generator as [`random`](Self::random) does for `n` images, whose crops another process makes.
    pub fn skip(&self, n: usize, rng: &mut ChaCha8Rng) {
        (0..n).for_each(|_| {
            self.random_piece(rng);
        });
    }

    fn random_piece(&self, rng: &mut ChaCha8Rng) -> Piece {
        let last = self.of - self.side;
        Piece { top: rng.random_range(0..=last), left: rng.random_range(0..=last), mirrored: rng.random() }
    }

    /// The central crop of each image at these indices.
    ///
    /// **Shape** `[n, 3, side, side]`, f32.
    ///
    /// # Panics
    /// As [`random`](Self::random).
    pub fn center(&self, pixels: &Pixels, examples: &[usize]) -> Tensor {
        self.cut(pixels, examples, 1, |_| self.ten_pieces()[4])
    }

    /// Ten crops of each image at these indices: top left, top right, bottom left, bottom right, center, and the same mirrored.
    ///
    /// **Shape** `[10 n, 3, side, side]`, f32: the ten of the first image, then those of the second.
    ///
    /// # Panics
    /// As [`random`](Self::random).
    pub fn ten(&self, pixels: &Pixels, examples: &[usize]) -> Tensor {
        let pieces = self.ten_pieces();
        self.cut(pixels, examples, 10, |number| pieces[number])
    }

    fn ten_pieces(&self) -> [Piece; 10] {
        let last = self.of - self.side;
        let center = middle(last);
        let places = [[0, 0], [0, last], [last, 0], [last, last], [center, center]];
        std::array::from_fn(|i| {
            let [top, left] = places[i % 5];
            Piece { top, left, mirrored: i >= 5 }
        })
    }

    /// The pieces of each image.
    fn cut(
        &self,
        pixels: &Pixels,
        examples: &[usize],
        each: usize,
        mut piece: impl FnMut(usize) -> Piece,
    ) -> Tensor {
        assert_eq!(pixels.side(), self.of, "crops: the side of the images and that of their mean");
        let size = 3 * self.side * self.side;
        let mut values = vec![0.0; examples.len() * each * size];
        for (index, values) in values.chunks_exact_mut(size).enumerate() {
            self.fill(values, pixels.planes(examples[index / each]), piece(index % each));
        }
        tensor_of(values, &[examples.len() * each, 3, self.side, self.side])
    }

    /// One piece, row by row.
    fn fill(&self, values: &mut [f32], planes: &[u8], piece: Piece) {
        for (row, values) in values.chunks_exact_mut(self.side).enumerate() {
            let (channel, y) = (row / self.side, piece.top + row % self.side);
            let at = (channel * self.of + y) * self.of + piece.left;
            let bytes = &planes[at..at + self.side];
            let means = &self.mean[at..at + self.side];
            for ((value, &byte), &mean) in values.iter_mut().zip(bytes).zip(means) {
                *value = (f32::from(byte) - mean) * self.scale;
            }
            if piece.mirrored {
                values.reverse();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::seeded;

    const OF: usize = 9;
    const SIDE: usize = 6;

    fn noise(n: usize) -> Pixels {
        let mut rng = seeded(3, "pixels");
        let bytes = (0..n * 3 * OF * OF).map(|_| rng.random()).collect();
        Pixels::new(bytes, OF, vec![0; n], vec!["noise".into()])
    }

    fn crops(pixels: &Pixels) -> Crops {
        Crops::new(&pixels.mean(), SIDE, 0.5)
    }

    /// Each value by its definition.
    fn by_pixel(pixels: &Pixels, image: usize, piece: Piece) -> Vec<f64> {
        let mean = to_f64s(&pixels.mean());
        let value = |index: usize| {
            let (c, y, x) = (index / (SIDE * SIDE), index / SIDE % SIDE, index % SIDE);
            let x = if piece.mirrored { SIDE - 1 - x } else { x };
            let at = c * OF * OF + (piece.top + y) * OF + piece.left + x;
            (f64::from(pixels.planes(image)[at]) - mean[at]) * 0.5
        };
        (0..3 * SIDE * SIDE).map(value).collect()
    }

    fn assert_close(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-4));
    }

    #[test]
    fn the_ten_crops_are_corners_and_center_and_the_same_mirrored() {
        let pixels = noise(3);
        let found = crops(&pixels).ten(&pixels, &[2, 0]);
        assert_eq!(found.dims(), [20, 3, SIDE, SIDE]);
        // Half of the three pixels left over is one and a half, which rounds to the even two.
        let places = [[0, 0], [0, 3], [3, 0], [3, 3], [2, 2]];
        let pieces = [false, true].map(|mirrored| places.map(|[top, left]| Piece { top, left, mirrored }));
        let expected = [2, 0]
            .into_iter()
            .flat_map(|image| pieces.concat().into_iter().map(move |piece| (image, piece)))
            .flat_map(|(image, piece)| by_pixel(&pixels, image, piece));
        assert_close(&to_f64s(&found), &expected.collect::<Vec<_>>());
        let center = crops(&pixels).center(&pixels, &[0]);
        assert_close(&to_f64s(&center), &by_pixel(&pixels, 0, pieces[0][4]));
    }

    #[test]
    fn random_crops_come_from_every_place_mirrored_or_not_equally_often() {
        let pixels = noise(2);
        let n = 3200;
        let found = crops(&pixels).random(&pixels, &vec![0; n], &mut seeded(1, "crops"));
        let found = to_f64s(&found);
        let mut counts = Vec::new();
        for index in 0..32 {
            let piece = Piece { top: index / 8, left: index / 2 % 4, mirrored: index % 2 == 1 };
            let expected = by_pixel(&pixels, 0, piece);
            let is_it = |crop: &&[f64]| crop.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-4);
            counts.push(found.chunks_exact(expected.len()).filter(is_it).count());
        }
        assert_eq!(counts.iter().sum::<usize>(), n, "every crop is one of the 32");
        // The deviation of each count is 10.
        assert!(counts.iter().all(|count| (55..=145).contains(count)), "{counts:?}");
    }

    #[test]
    fn after_others_were_skipped_the_crops_are_those_of_the_whole_batch() {
        let pixels = noise(7);
        let crops = crops(&pixels);
        let whole = to_f64s(&crops.random(&pixels, &[0, 1, 2, 3, 4, 5, 6], &mut seeded(4, "crops")));
        let mut rng = seeded(4, "crops");
        crops.skip(3, &mut rng);
        let rest = to_f64s(&crops.random(&pixels, &[3, 4, 5, 6], &mut rng));
        assert_eq!(whole[whole.len() - rest.len()..], rest);
        assert!(rest != whole[..rest.len()]);
    }

    #[test]
    fn a_crop_does_not_depend_on_its_neighbors() {
        let pixels = noise(4);
        let crops = crops(&pixels);
        let together = to_f64s(&crops.ten(&pixels, &[1, 3]));
        let alone = to_f64s(&crops.ten(&pixels, &[3]));
        assert_eq!(together[together.len() / 2..], alone);
    }

    #[test]
    #[should_panic(expected = "expected a square of at least 7, got 6 by 6")]
    fn a_crop_larger_than_the_images_panics() {
        Crops::new(&tensor_of(vec![0.0f32; 108], &[3, 6, 6]), 7, 1.0);
    }
}
