//! Features made comparable.

use tensor::{Tensor, tensor_of, with_slice};

/// The mean and standard deviation of each feature over some examples.
#[derive(Clone, Debug)]
pub struct Standardizer {
    means: Vec<f64>,
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
        Self { means, deviations }
    }

    /// Mean 0 and deviation 1 for each of `d` features, which leaves them as they are.
    pub fn identity(d: usize) -> Self {
        Self { means: vec![0.0; d], deviations: vec![1.0; d] }
    }

    /// The standard deviation of each feature.
    pub fn deviations(&self) -> &[f64] {
        &self.deviations
    }

    /// The features less their means, divided by their deviations.
    ///
    /// **Shape** `[n, d]`, f32, and so is the result.
    pub fn transform(&self, features: &Tensor) -> Tensor {
        let mut scalars = with_slice::<f32, _>(features, <[f32]>::to_vec);
        for row in scalars.chunks_exact_mut(self.means.len()) {
            for ((v, mean), deviation) in row.iter_mut().zip(&self.means).zip(&self.deviations) {
                *v = ((f64::from(*v) - mean) / deviation) as f32;
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
                *w /= deviation;
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
}
