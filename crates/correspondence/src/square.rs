//! The square that hides a part of an image.

use std::ops::Range;
use tensor::{Patch, Tensor, overlay, tensor_of};

/// A square of one value in all channels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Square {
    /// Pixels along its side.
    pub side: usize,
    /// Its value in the scale of the net's input: 0 is the mean color where the mean was subtracted.
    pub fill: f64,
}

impl Square {
    /// The images, each with the square over it, centered on this row and column; what hangs over the border is cut off.
    ///
    /// **Shape** images `[n, c, h, w]`, n centers; the result has the images' shape.
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
        let hide = |(image, center): (usize, &[f64; 2])| {
            let [rows, columns] = [self.span(center[0], h), self.span(center[1], w)];
            let shape = [1, channels, rows.len(), columns.len()];
            let batch =
                &tensor_of(vec![self.fill; shape.iter().product()], &shape).to_dtype(images.dtype())?;
            let patch = Patch { batch, index: 0, at: [rows.start, columns.start] };
            let patch = Some(patch).filter(|_| !rows.is_empty() && !columns.is_empty());
            Ok(overlay(&images.narrow(0, image, 1)?, [h, w], &[([0, 0], patch)]))
        };
        let hidden: Result<Vec<Tensor>, _> = centers.iter().enumerate().map(hide).collect();
        hidden.and_then(|hidden| Tensor::cat(&hidden, 0)).expect("images in memory")
    }

    /// The rows or columns that the square covers, of `length`.
    fn span(&self, center: f64, length: usize) -> Range<usize> {
        let [from, to] = corners(center, self.side);
        let within = |edge: i64| edge.clamp(0, length as i64) as usize;
        within(from)..within(to)
    }
}

/// First and last row or column, exclusive, of a square around a center, perhaps beyond the border; the middle of a pixel is a whole number.
pub(crate) fn corners(center: f64, side: usize) -> [i64; 2] {
    let from = (center - (side as f64 - 1.0) / 2.0).round() as i64;
    [from, from + side as i64]
}
