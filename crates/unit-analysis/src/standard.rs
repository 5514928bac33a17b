//! Features made comparable.

use tensor::{Tensor, tensor_of, with_slice};

/// A feature that hardly varies is not blown up beyond this.
const LEAST_DEVIATION: f64 = 1e-3;

/// Every feature with mean 0 and deviation 1, as they are over some examples, and then every example with length 1.
#[derive(Clone, Debug)]
pub struct Standard {
    means: Vec<f64>,
    /// Inverse.
    scales: Vec<f64>,
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
        let mut squares = vec![0.0; d];
        with_slice::<f32, _>(features, |features| {
            for row in features.chunks_exact(d) {
                means.iter_mut().zip(row).for_each(|(mean, &v)| *mean += f64::from(v) / n as f64);
            }
            for row in features.chunks_exact(d) {
                for ((square, mean), &v) in squares.iter_mut().zip(&means).zip(row) {
                    *square += (f64::from(v) - mean).powi(2) / n as f64;
                }
            }
        });
        let scales = squares.iter().map(|square| 1.0 / square.sqrt().max(LEAST_DEVIATION)).collect();
        Self { means, scales }
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
            let mut length = 0.0;
            for ((v, mean), scale) in row.iter_mut().zip(&self.means).zip(&self.scales) {
                let standardized = (f64::from(*v) - mean) * scale;
                length += standardized * standardized;
                *v = standardized as f32;
            }
            let unit = if length > 0.0 { (1.0 / length.sqrt()) as f32 } else { 1.0 };
            row.iter_mut().for_each(|v| *v *= unit);
        }
        tensor_of(scalars, features.dims())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::to_f64s;

    #[test]
    fn examples_become_unit_vectors_of_what_sets_them_apart() {
        // The last feature is the same everywhere, the second varies ten times as much as the first.
        let features = tensor_of(vec![1.0f32, 10.0, 7.0, 3.0, 30.0, 7.0], &[2, 3]);
        let standard = Standard::of(&features);
        let half = 0.5f64.sqrt();
        let expected = [-half, -half, 0.0, half, half, 0.0];
        for (found, expected) in to_f64s(&standard.apply(&features)).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{found} {expected}");
        }
        let mean = tensor_of(vec![2.0f32, 20.0, 7.0], &[1, 3]);
        assert_eq!(to_f64s(&standard.apply(&mean)), [0.0; 3]);
    }
}
