//! Translated, scaled and rotated images.

use tensor::{Tensor, bilinear, by_type, tensor_of, with_slice};

/// What is done to an image, about its center.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Transformation {
    /// Downward by this many pixels; upward where negative.
    Translation(f64),
    /// By this ratio: larger above 1, smaller below.
    Scale(f64),
    /// Counterclockwise, in degrees.
    Rotation(f64),
}

impl Transformation {
    /// The images transformed; each pixel is interpolated between the four that it comes from.
    ///
    /// Where a pixel comes from beyond the border it is `fill`, as if the image went on in that value.
    ///
    /// **Shape** `[n, c, h, w]`, and so is the result.
    ///
    /// **Paper** Zeiler & Fergus 2013, Fig. 5; unlike the paper, which does not say what lies beyond the border.
    ///
    /// # Panics
    /// If the images have another rank, or are enlarged by a ratio that is not positive.
    pub fn apply(self, images: &Tensor, fill: f64) -> Tensor {
        let &[_, _, h, w] = images.dims() else {
            panic!("Transformation: expected images [n, c, h, w], got {:?}", images.dims());
        };
        if let Transformation::Scale(ratio) = self {
            assert!(ratio > 0.0, "Transformation: expected a positive ratio, got {ratio}");
        }
        let sources: Vec<[f64; 2]> = (0..h * w).map(|at| self.source([at / w, at % w], [h, w])).collect();
        by_type!(images, T => {
            let planes = with_slice::<T, _>(images, |pixels| {
                let between = |a: f64, b: f64, share: f64| a + (b - a) * share;
                let value = |plane: &[T], source| bilinear(plane, [h, w], source, fill, between) as T;
                let plane = |plane: &[T]| sources.iter().map(|&at| value(plane, at)).collect::<Vec<T>>();
                pixels.chunks_exact(h * w).flat_map(plane).collect()
            });
            tensor_of(planes, images.dims())
        })
    }

    /// The place that a pixel comes from, row and column.
    fn source(self, at: [usize; 2], size: [usize; 2]) -> [f64; 2] {
        let center = size.map(|length| (length as f64 - 1.0) / 2.0);
        let [dy, dx] = [0, 1].map(|axis| at[axis] as f64 - center[axis]);
        let [dy, dx] = match self {
            Transformation::Translation(down) => [dy - down, dx],
            Transformation::Scale(ratio) => [dy / ratio, dx / ratio],
            Transformation::Rotation(degrees) => {
                let (sin, cos) = degrees.to_radians().sin_cos();
                // Rows grow downward: what is turned counterclockwise comes from clockwise.
                [cos * dy + sin * dx, cos * dx - sin * dy]
            }
        };
        [center[0] + dy, center[1] + dx]
    }
}
