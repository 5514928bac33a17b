//! Features with mean 0 and comparable sizes.

use tensor::{Tensor, tensor_of, with_slice};

/// The mean and standard deviation of each feature over some examples, or one factor for all features in the place of the deviations.
#[derive(Clone, Debug)]
pub struct Standardizer {
    means: Vec<f64>,
    factor: f64,
    deviations: Vec<f64>,
}

impl Standardizer {
    /// The means and deviations over all rows of all these features; a smaller deviation than `least` counts as `least`,
    /// so that a feature that hardly varies is not magnified.
    ///
    /// **Shape** `[n, d]` each, f32, with one d.
    ///
    /// # Panics
    /// If one is not an f32 matrix.
    pub fn new(features: &[&Tensor], least: f64) -> Self {
        let d = features[0].dims()[1];
        let (mut sums, mut squares, mut n) = (vec![0.0; d], vec![0.0; d], 0.0);
        for features in features {
            with_slice::<f32, _>(features, |features| {
                for row in features.chunks_exact(d) {
                    n += 1.0;
                    for ((sum, square), &v) in sums.iter_mut().zip(&mut squares).zip(row) {
                        *sum += f64::from(v);
                        *square += f64::from(v) * f64::from(v);
                    }
                }
            });
        }
        let means: Vec<f64> = sums.iter().map(|sum| sum / n).collect();
        let variance = |(square, mean): (&f64, &f64)| (square / n - mean * mean).max(0.0);
        let deviations = squares.iter().zip(&means).map(variance).map(|v| v.sqrt().max(least)).collect();
        Self { means, factor: 1.0, deviations }
    }

    /// Mean 0 and deviation 1 for each of `d` features, which leaves them as they are.
    pub fn identity(d: usize) -> Self {
        Self { means: vec![0.0; d], factor: 1.0, deviations: vec![1.0; d] }
    }

    /// The means, and the factor that brings the mean square of an example's length to 1.
    ///
    /// A weight decay then means the same for every layer.
    /// The features are not brought to one deviation each: with few examples some features are 0 in all, and would outweigh all others where they are not.
    ///
    /// **Shape** `[n, d]`, f32.
    ///
    /// # Panics
    /// If the features are no f32 matrix, or there is no example.
    pub fn with_one_factor(features: &Tensor) -> Self {
        let &[n, d] = features.dims() else { panic!("expected [n, d], got {:?}", features.dims()) };
        assert!(n > 0, "Standardizer: expected an example, got none");
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
        let factor = if square > 0.0 { (n as f64 / square).sqrt() } else { 1.0 };
        Self { means, factor, deviations: vec![1.0; d] }
    }

    /// The standard deviation of each feature.
    pub fn deviations(&self) -> &[f64] {
        &self.deviations
    }

    /// The features less their means, times the factor, divided by their deviations.
    ///
    /// **Shape** `[n, d]`, f32, and so is the result.
    ///
    /// # Panics
    /// If there are more or fewer features.
    pub fn transform(&self, features: &Tensor) -> Tensor {
        let d = self.means.len();
        assert_eq!(features.dims()[1], d, "Standardizer: expected {d} features");
        let mut scalars = with_slice::<f32, _>(features, <[f32]>::to_vec);
        for row in scalars.chunks_exact_mut(d) {
            for ((v, mean), deviation) in row.iter_mut().zip(&self.means).zip(&self.deviations) {
                *v = ((f64::from(*v) - mean) * self.factor / deviation) as f32;
            }
        }
        tensor_of(scalars, features.dims())
    }

    /// Turns a linear layer on standardized features into the one with the same outputs on the features themselves.
    ///
    /// **Shape** weights row-major `[outputs, d]`.
    pub fn fold_into(&self, weights: &mut [f64], biases: &mut [f64]) {
        for (row, bias) in weights.chunks_exact_mut(self.means.len()).zip(biases) {
            for ((w, mean), deviation) in row.iter_mut().zip(&self.means).zip(&self.deviations) {
                *w = *w * self.factor / deviation;
                *bias -= *w * mean;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::{DType, linear, normal, seeded, to_f64s};

    #[test]
    fn a_folded_layer_does_on_features_what_it_did_on_standardized_ones() {
        let draw = |shape: &[usize]| normal(&mut seeded(1, &format!("{shape:?}")), shape, 1.0, DType::F32);
        let spread = tensor_of(vec![0.1f32, 5.0, 1.0], &[3]);
        let features = draw(&[40, 3]).broadcast_mul(&spread).expect("a product in memory");
        let features = (features + 3.0).expect("a shift in memory");
        let (weight, bias) = (draw(&[2, 3]), draw(&[2]));
        let standardizer = Standardizer::new(&[&features, &features], 1e-6);
        let standardized = standardizer.transform(&features);
        let squares: f64 = to_f64s(&standardized).iter().map(|v| v * v).sum();
        assert!((squares / 120.0 - 1.0).abs() < 1e-4, "{squares}");
        let (mut weights, mut biases) = (to_f64s(&weight), to_f64s(&bias));
        standardizer.fold_into(&mut weights, &mut biases);
        let folded = [(weights, &weight), (biases, &bias)]
            .map(|(scalars, like)| tensor_of(scalars.iter().map(|&v| v as f32).collect(), like.dims()));
        let before = to_f64s(&linear(&standardized, &weight, &bias));
        let after = to_f64s(&linear(&features, &folded[0], &folded[1]));
        assert!(before.iter().zip(after).all(|(a, b)| (a - b).abs() < 1e-4));
    }

    #[test]
    fn one_factor_puts_examples_around_0_at_a_mean_squared_distance_of_1() {
        let features = tensor_of(vec![1.0f32, 10.0, 7.0, 7.0, 2.0, 7.0], &[2, 3]);
        let standardizer = Standardizer::with_one_factor(&features);
        let expected = [-0.6, 0.8, 0.0, 0.6, -0.8, 0.0];
        for (found, expected) in to_f64s(&standardizer.transform(&features)).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{found} {expected}");
        }
        let mean = tensor_of(vec![4.0f32, 6.0, 7.0], &[1, 3]);
        assert_eq!(to_f64s(&standardizer.transform(&mean)), [0.0; 3]);
    }

    #[test]
    fn equal_examples_become_0() {
        let features = tensor_of(vec![3.0f32; 4], &[2, 2]);
        assert_eq!(to_f64s(&Standardizer::with_one_factor(&features).transform(&features)), [0.0; 4]);
    }
}
