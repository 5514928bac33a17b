//! Features made comparable.

use tensor::{Tensor, tensor_of, with_slice};

/// Features moved to mean 0, and all scaled by one number, so that the mean square of an example's length is 1, over some examples.
///
/// A weight decay then means the same for every layer.
/// The features are not brought to one deviation each: of few examples some features are 0 in all, and would outweigh all others where they are not.
#[derive(Clone, Debug)]
pub struct Standard {
    means: Vec<f64>,
    scale: f64,
}

impl Standard {
    /// The standard of these examples.
    ///
    /// **Shape** `[n, d]`, f32.
    ///
    /// # Panics
    /// If the features are no f32 matrix, or there is no example.
    pub fn of(features: &Tensor) -> Self {
        let &[n, d] = features.dims() else { panic!("expected [n, d], got {:?}", features.dims()) };
        assert!(n > 0, "Standard: expected an example, got none");
        let mut means = vec![0.0; d];
        let mut square = 0.0;
        with_slice::<f32, _>(features, |features| {
            for row in features.chunks_exact(d) {
                means.iter_mut().zip(row).for_each(|(mean, &v)| *mean += f64::from(v) / n as f64);
            }
            for row in features.chunks_exact(d) {
                square += row.iter().zip(&means).map(|(&v, mean)| (f64::from(v) - mean).powi(2)).sum::<f64>();
            }
        });
        let scale = if square > 0.0 { (n as f64 / square).sqrt() } else { 1.0 };
        Self { means, scale }
    }

    /// Examples by this standard.
    ///
    /// **Shape** `[n, d]`, f32.
    ///
    /// # Panics
    /// If there are more or fewer features.
    pub fn apply(&self, features: &Tensor) -> Tensor {
        let d = self.means.len();
        assert_eq!(features.dims()[1], d, "Standard: expected {d} features");
        let mut scalars = with_slice::<f32, _>(features, <[f32]>::to_vec);
        for row in scalars.chunks_exact_mut(d) {
            for (v, mean) in row.iter_mut().zip(&self.means) {
                *v = ((f64::from(*v) - mean) * self.scale) as f32;
            }
        }
        tensor_of(scalars, features.dims())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::to_f64s;

    #[test]
    fn examples_lie_around_0_at_a_mean_squared_distance_of_1() {
        let features = tensor_of(vec![1.0f32, 10.0, 7.0, 7.0, 2.0, 7.0], &[2, 3]);
        let standard = Standard::of(&features);
        let expected = [-0.6, 0.8, 0.0, 0.6, -0.8, 0.0];
        for (found, expected) in to_f64s(&standard.apply(&features)).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{found} {expected}");
        }
        let mean = tensor_of(vec![4.0f32, 6.0, 7.0], &[1, 3]);
        assert_eq!(to_f64s(&standard.apply(&mean)), [0.0; 3]);
    }

    #[test]
    fn equal_examples_become_0() {
        let features = tensor_of(vec![3.0f32; 4], &[2, 2]);
        assert_eq!(to_f64s(&Standard::of(&features).apply(&features)), [0.0; 4]);
    }
}
