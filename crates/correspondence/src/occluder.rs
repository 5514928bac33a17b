//! The square that hides a part of an image.

use tensor::{Tensor, by_type, tensor_of, with_slice};

/// A square of one value in all channels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Occluder {
    /// Pixels along its side.
    pub side: usize,
    /// Its value in the scale of the net's input: 0 is the mean color where the mean was subtracted.
    pub fill: f64,
}

impl Occluder {
    /// The images, each with the square centered on its place, row and column; what hangs over the border is cut off.
    ///
    /// **Shape** images `[n, c, h, w]`, as many centers; the result has the images' shape.
    ///
    /// **Paper** Zeiler & Fergus 2013, §4.3.
    ///
    /// # Panics
    /// If the images have another rank, or there are more or fewer centers.
    pub fn hide(&self, images: &Tensor, centers: &[[f64; 2]]) -> Tensor {
        let &[n, channels, h, w] = images.dims() else {
            panic!("hide: expected images [n, c, h, w], got {:?}", images.dims());
        };
        assert_eq!(n, centers.len(), "hide: expected a center for each image");
        by_type!(images, T => {
            let mut pixels = with_slice::<T, _>(images, <[T]>::to_vec);
            for (image, &center) in pixels.chunks_exact_mut(channels * h * w).zip(centers) {
                let [rows, columns] = [self.span(center[0], h), self.span(center[1], w)];
                for row in image.chunks_exact_mut(w).enumerate().filter(|(row, _)| rows.contains(&(row % h))) {
                    row.1[columns.clone()].fill(self.fill as T);
                }
            }
            tensor_of(pixels, images.dims())
        })
    }

    /// The rows or columns that the square covers, of so many.
    fn span(&self, center: f64, of: usize) -> std::ops::Range<usize> {
        let [from, to] = corners(center, self.side);
        let within = |edge: i64| edge.clamp(0, of as i64) as usize;
        within(from)..within(to)
    }
}

/// Where a span of this length around a center begins and ends, perhaps beyond the border; the middle of a pixel is a whole number.
pub(crate) fn corners(center: f64, side: usize) -> [i64; 2] {
    let from = (center - (side as f64 - 1.0) / 2.0).round() as i64;
    [from, from + side as i64]
}
