//! The size of a distortion, and distortions of a given size.

use tensor::{DType, Tensor, normal, seeded, tensor_of, to_f64s};

/// `√(Σ (x′ − x)² / n)` of each image, n being its number of pixels.
///
/// **Shape** both `[images, …]`. **Range** of pixels in `[0, 1]`: 0 to 1.
///
/// **Paper** Szegedy et al. 2013, §4.2.
///
/// # Panics
/// If the shapes differ.
pub fn distortions(distorted: &Tensor, originals: &Tensor) -> Vec<f64> {
    each_pair(distorted, originals, root_mean_square)
}

/// Distorted images with their differences scaled up to this distortion; larger ones stay as they are.
///
/// The pixels may leave `[0, 1]`.
/// Unlike the paper's printed formula, which divides by the L2 norm, the size is the root mean square: that is what its table says.
///
/// **Paper** Szegedy et al. 2013, Table 4, lower half.
///
/// # Panics
/// If the shapes differ.
pub fn amplify(distorted: &Tensor, originals: &Tensor, distortion: f64) -> Tensor {
    let amplified = each_pair(distorted, originals, |x, x0| {
        let present = root_mean_square(x, x0);
        let factor = if present > 0.0 { (distortion / present).max(1.0) } else { 1.0 };
        x.iter().zip(x0).map(|(x, x0)| x0 + factor * (x - x0)).collect::<Vec<f64>>()
    });
    tensor_of(amplified.concat(), distorted.dims())
}

/// Images with independent Gaussian noise on every pixel, not clipped to the box, as f64.
///
/// # Panics
/// If the images are neither f32 nor f64.
pub fn gaussian_noise(images: &Tensor, deviation: f64, seed: u64) -> Tensor {
    let noise = normal(&mut seeded(seed, "Gaussian noise"), images.dims(), deviation, DType::F64);
    (images.to_dtype(DType::F64).expect("a cast in memory") + noise).expect("one shape")
}

/// `√(Σ (x − x0)² / n)`
pub(crate) fn root_mean_square(x: &[f64], x0: &[f64]) -> f64 {
    (squared_distance(x, x0) / x.len() as f64).sqrt()
}

/// `‖a − b‖²`
pub(crate) fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// `f` of each distorted image and its original.
fn each_pair<R>(distorted: &Tensor, originals: &Tensor, f: impl Fn(&[f64], &[f64]) -> R) -> Vec<R> {
    assert_eq!(distorted.dims(), originals.dims(), "distorted images and their originals");
    let size = distorted.dims()[1..].iter().product();
    let [x, x0] = [distorted, originals].map(to_f64s);
    x.chunks_exact(size).zip(x0.chunks_exact(size)).map(|(x, x0)| f(x, x0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_of_every_pixel_is_its_own_distortion_and_is_amplified_upward_only() {
        let originals = tensor_of(vec![0.5f64; 8], &[2, 1, 2, 2]);
        let distorted = tensor_of([vec![0.55; 4], vec![0.8; 4]].concat(), &[2, 1, 2, 2]);
        let near = |values: Vec<f64>, expected: [f64; 2]| {
            assert!(values.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{values:?}");
        };
        near(distortions(&distorted, &originals), [0.05, 0.3]);
        near(distortions(&amplify(&distorted, &originals, 0.1), &originals), [0.1, 0.3]);
    }

    #[test]
    fn noise_has_its_deviation_and_leaves_the_box() {
        let images = tensor_of(vec![0.0f32; 40_000], &[1, 1, 200, 200]);
        let noisy = gaussian_noise(&images, 0.3, 1);
        assert!((distortions(&noisy, &gaussian_noise(&images, 0.0, 1))[0] - 0.3).abs() < 0.005);
        assert!(to_f64s(&noisy).iter().any(|&pixel| pixel < -0.5));
    }
}
