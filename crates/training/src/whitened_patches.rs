//! The patches of the places that one L2 pooling unit looks at.

use crate::whitening::Whitening;
use tensor::{Fields, View, dot, matmul};

/// Whitened patches of several places, and how they came from the pixels.
pub(crate) struct WhitenedPatches {
    /// **Shape** of each place `[examples, depth]`
    patches: Vec<Vec<f32>>,
    /// Of each place's pixels over the examples.
    means: Vec<Vec<f64>>,
    whitening: Whitening,
    pub depth: usize,
    pub examples: usize,
}

/// How much of the mean contrast is added to each example's, so that flat patches stay faint.
const FAINTEST: f64 = 0.1;

impl WhitenedPatches {
    /// Patches at these places (rows and columns of the fields' lattice) of images `[examples, c, h, w]`.
    pub fn new(
        images: &[f32],
        image: [usize; 3],
        fields: &Fields,
        places: &[[usize; 2]],
        epsilon: f64,
    ) -> Self {
        let depth = image[0] * fields.size[0] * fields.size[1];
        let examples = images.len() / image.iter().product::<usize>();
        let mut patches: Vec<Vec<f32>> =
            places.iter().map(|&place| patches_at(images, image, fields, place)).collect();
        let means: Vec<Vec<f64>> = patches.iter().map(|patches| mean(patches, depth)).collect();
        for (patches, mean) in patches.iter_mut().zip(&means) {
            for patch in patches.chunks_exact_mut(depth) {
                patch.iter_mut().zip(mean).for_each(|(pixel, mean)| *pixel -= *mean as f32);
            }
        }
        bring_to_one_contrast(&mut patches, depth, examples);
        let whitening = Whitening::from_covariance(&covariance(&patches, depth), depth, epsilon);
        let transform: Vec<f32> = whitening.transform.iter().map(|&v| v as f32).collect();
        let transform = View::new(&transform, depth, depth);
        for patches in &mut patches {
            *patches = matmul(View::new(patches, examples, depth), transform);
        }
        Self { patches, means, whitening, depth, examples }
    }

    pub fn places(&self) -> usize {
        self.patches.len()
    }

    /// The patches of some examples, by place.
    pub fn some(&self, examples: &[usize]) -> Vec<Vec<f32>> {
        let rows = |patches: &Vec<f32>| {
            let row = |&example: &usize| &patches[example * self.depth..(example + 1) * self.depth];
            examples.iter().flat_map(row).copied().collect()
        };
        self.patches.iter().map(rows).collect()
    }

    /// Filters that are 0 in directions in which the patches do not vary: there they would stay as they began.
    ///
    /// **Shape** filters and result `[n, depth]`
    pub fn where_patches_vary(&self, filters: &[f64]) -> Vec<f64> {
        let varying = self.whitening.whitened_covariance();
        let filters = View::new(filters, filters.len() / self.depth, self.depth);
        matmul(filters, View::new(&varying, self.depth, self.depth))
    }

    /// Filters on the pixels, and what is to be added, that do what these filters do on the whitened patches of a place.
    ///
    /// **Shape** filters and result `[maps, depth]`, added `[maps]`
    pub fn on_pixels(&self, place: usize, filters: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let filters: Vec<f64> = filters.iter().map(|&w| w.into()).collect();
        let transform = View::new(&self.whitening.transform, self.depth, self.depth);
        let filters = matmul(View::new(&filters, filters.len() / self.depth, self.depth), transform);
        let mean = &self.means[place];
        let added = filters.chunks_exact(self.depth).map(|filter| -dot(filter, mean) as f32).collect();
        (filters.iter().map(|&w| w as f32).collect(), added)
    }
}

/// One field's pixels of every image.
fn patches_at(images: &[f32], [c, h, w]: [usize; 3], fields: &Fields, place: [usize; 2]) -> Vec<f32> {
    let [top, left] = [0, 1].map(|axis| place[axis] * fields.stride[axis]);
    let [height, width] = fields.size;
    let mut patches = Vec::with_capacity(images.len() / (h * w) * height * width);
    for image in images.chunks_exact(c * h * w) {
        for plane in image.chunks_exact(h * w) {
            let rows = (top..top + height).map(|row| &plane[row * w + left..][..width]);
            rows.for_each(|row| patches.extend_from_slice(row));
        }
    }
    patches
}

fn mean(patches: &[f32], depth: usize) -> Vec<f64> {
    let mut sums = vec![0.0; depth];
    for patch in patches.chunks_exact(depth) {
        sums.iter_mut().zip(patch).for_each(|(sum, &pixel)| *sum += f64::from(pixel));
    }
    let n = (patches.len() / depth) as f64;
    sums.into_iter().map(|sum| sum / n).collect()
}

/// Divides each example by the root of its mean square over all places, and a little more.
fn bring_to_one_contrast(patches: &mut [Vec<f32>], depth: usize, examples: usize) {
    let of_example = |at: usize| at * depth..(at + 1) * depth;
    let square = |at: usize| -> f64 {
        let each = patches.iter().flat_map(|patches| &patches[of_example(at)]);
        each.map(|&pixel| f64::from(pixel) * f64::from(pixel)).sum::<f64>() / (patches.len() * depth) as f64
    };
    let squares: Vec<f64> = (0..examples).map(square).collect();
    let least = FAINTEST * squares.iter().sum::<f64>() / examples as f64;
    for (at, square) in squares.iter().enumerate() {
        let scale = 1.0 / (square + least).max(f64::MIN_POSITIVE).sqrt() as f32;
        for patches in &mut *patches {
            patches[of_example(at)].iter_mut().for_each(|pixel| *pixel *= scale);
        }
    }
}

/// Over the patches of all places, about 0.
fn covariance(patches: &[Vec<f32>], depth: usize) -> Vec<f64> {
    let mut sums = vec![0.0; depth * depth];
    for patches in patches {
        let x = View::new(patches, patches.len() / depth, depth);
        let products = matmul(x.transposed(), x);
        sums.iter_mut().zip(products).for_each(|(sum, product)| *sum += f64::from(product));
    }
    let n = (patches.len() * patches[0].len() / depth) as f64;
    sums.into_iter().map(|sum| sum / n).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::{DType, seeded, uniform, with_slice};

    #[test]
    fn filters_on_pixels_do_what_they_did_on_whitened_patches_but_for_the_contrast() {
        let images = uniform(&mut seeded(3, "images"), &[200, 2, 5, 4], 1.0, DType::F32);
        let images = with_slice::<f32, _>(&images, <[f32]>::to_vec);
        let fields = Fields { size: [3, 2], stride: [1, 2] };
        let patches = WhitenedPatches::new(&images, [2, 5, 4], &fields, &[[0, 0], [2, 1]], 0.1);
        let filter: Vec<f32> = (0..12).map(|i| (i as f32 - 5.0) / 7.0).collect();
        let (on_pixels, added) = patches.on_pixels(1, &filter);
        let pixels = patches_at(&images, [2, 5, 4], &fields, [2, 1]);
        let sum = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        let ratio = |at: usize| {
            let raw = sum(&on_pixels, &pixels[at * 12..(at + 1) * 12]) + added[0];
            raw / sum(&filter, &patches.some(&[at])[1])
        };
        // One contrast for both places: the ratio is the other place's too.
        let (other, more) = patches.on_pixels(0, &filter);
        let before = patches_at(&images, [2, 5, 4], &fields, [0, 0]);
        for at in 0..200 {
            let raw = sum(&other, &before[at * 12..(at + 1) * 12]) + more[0];
            let whitened = sum(&filter, &patches.some(&[at])[0]);
            assert!((raw - ratio(at) * whitened).abs() < 1e-3 * (1.0 + raw.abs()), "{at}");
        }
    }
}
