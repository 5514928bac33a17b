//! Small random displacements of images: rotation, scale, shear and shift at once.

use rand::Rng;
use tensor::{Tensor, bilinear, tensor_of, with_slice};

/// Largest displacements of an image; each amount is drawn uniformly up to these, in both directions.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Displacement {
    /// Rotation, in degrees.
    pub degrees: f64,
    /// Change of scale, horizontally and vertically apart, as a share.
    pub scale: f64,
    /// Shear, as a share.
    pub shear: f64,
    /// Shift, horizontally and vertically apart, in pixels.
    pub pixels: f64,
}

impl Displacement {
    /// The images, each displaced in its own way; what comes in from outside is 0.
    ///
    /// **Shape** `[n, c, h, w]`, f32, and so is the result.
    ///
    /// # Panics
    /// If the images have another shape or type.
    pub fn displaced(&self, images: &Tensor, rng: &mut impl Rng) -> Tensor {
        let (n, c, h, w) = images.dims4().unwrap_or_else(|_| panic!("displaced: got {:?}", images.dims()));
        let mut moved = vec![0.0f32; n * c * h * w];
        with_slice::<f32, _>(images, |images| {
            let each = moved.chunks_exact_mut(c * h * w).zip(images.chunks_exact(c * h * w));
            for (moved, image) in each {
                let map = self.draw(rng);
                let planes = moved.chunks_exact_mut(h * w).zip(image.chunks_exact(h * w));
                planes.for_each(|(moved, plane)| resample(plane, h, w, &map, moved));
            }
        });
        tensor_of(moved, images.dims())
    }

    /// The affine map from a place in the displaced image to its place in the original, both from the center:
    /// `x' = m[0] x + m[1] y + m[2]`, `y' = m[3] x + m[4] y + m[5]`.
    fn draw(&self, rng: &mut impl Rng) -> [f32; 6] {
        let mut up_to = |most: f64| rng.random_range(-1.0..=1.0) * most;
        let (sin, cos) = up_to(self.degrees).to_radians().sin_cos();
        let [sx, sy] = [1.0 + up_to(self.scale), 1.0 + up_to(self.scale)];
        let shear = up_to(self.shear);
        [cos * sx, shear - sin, up_to(self.pixels), sin, cos * sy, up_to(self.pixels)].map(|v| v as f32)
    }
}

/// Bilinear interpolation of one plane at the mapped places.
fn resample(plane: &[f32], h: usize, w: usize, map: &[f32; 6], out: &mut [f32]) {
    let [center_x, center_y] = [w, h].map(|side| 0.5 * (side as f32 - 1.0));
    for (row, line) in out.chunks_exact_mut(w).enumerate() {
        let y = row as f32 - center_y;
        for (column, pixel) in line.iter_mut().enumerate() {
            let x = column as f32 - center_x;
            let from_x = map[0] * x + map[1] * y + map[2] + center_x;
            let from_y = map[3] * x + map[4] * y + map[5] + center_y;
            *pixel =
                bilinear(plane, [h, w], [from_y, from_x], 0.0, |a, b, share| a * (1.0 - share) + b * share);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLANE: [f32; 9] = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];

    fn moved(map: [f32; 6]) -> Vec<f32> {
        let mut out = vec![f32::NAN; 9];
        resample(&PLANE, 3, 3, &map, &mut out);
        out
    }

    #[test]
    fn a_shift_a_quarter_turn_and_half_a_pixel_are_what_they_say() {
        assert_eq!(moved([1.0, 0.0, 0.0, 0.0, 1.0, 0.0]), PLANE);
        assert_eq!(moved([1.0, 0.0, 1.0, 0.0, 1.0, 0.0]), [1.0, 2.0, 0.0, 4.0, 5.0, 0.0, 7.0, 8.0, 0.0]);
        assert_eq!(moved([0.0, -1.0, 0.0, 1.0, 0.0, 0.0]), [2.0, 5.0, 8.0, 1.0, 4.0, 7.0, 0.0, 3.0, 6.0]);
        assert_eq!(moved([1.0, 0.0, 0.0, 0.0, 1.0, 0.5])[..3], [1.5, 2.5, 3.5]);
    }
}
