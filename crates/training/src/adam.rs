//! Adam (Kingma & Ba 2015): steps scaled by running moments of the gradient.

use pulp::Arch;
use tensor::{Tensor, tensor_of, with_slice};

const BETA1: f32 = 0.9;
const BETA2: f32 = 0.999;
const EPSILON: f32 = 1e-8;

/// One parameter with the running moments of its gradient.
pub(crate) struct Adam {
    values: Vec<f32>,
    shape: Vec<usize>,
    mean: Vec<f32>,
    square: Vec<f32>,
    steps: i32,
}

impl Adam {
    pub(crate) fn new(parameter: &Tensor) -> Self {
        let values = with_slice::<f32, _>(parameter, <[f32]>::to_vec);
        let zeros = vec![0.0; values.len()];
        Self { values, shape: parameter.dims().to_vec(), mean: zeros.clone(), square: zeros, steps: 0 }
    }

    /// One step down the gradient of `loss + (decay/2) Σ w²`, and the parameter after it.
    pub(crate) fn step(&mut self, gradient: &Tensor, decay: f32, rate: f32) -> Tensor {
        self.steps += 1;
        let size = rate / (1.0 - BETA1.powi(self.steps));
        let correction = 1.0 / (1.0 - BETA2.powi(self.steps));
        with_slice::<f32, _>(gradient, |gradient| {
            Arch::new().dispatch(|| {
                let moments = self.mean.iter_mut().zip(&mut self.square);
                for ((value, (mean, square)), &gradient) in self.values.iter_mut().zip(moments).zip(gradient)
                {
                    let g = gradient + decay * *value;
                    *mean += (1.0 - BETA1) * (g - *mean);
                    *square += (1.0 - BETA2) * (g * g - *square);
                    *value -= size * *mean / ((*square * correction).sqrt() + EPSILON);
                }
            });
        });
        tensor_of(self.values.clone(), &self.shape)
    }
}

/// The last learning rate of every training.
const LAST_RATE: f64 = 1e-5;

/// The learning rate at a fraction of the training: from the first rate to the last by half a cosine.
pub(crate) fn cosine(first: f64, fraction: f64) -> f64 {
    let height = 0.5 * (1.0 + (std::f64::consts::PI * fraction).cos());
    LAST_RATE + (first - LAST_RATE) * height
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_step_has_the_length_of_the_rate_whatever_the_gradient() {
        let mut adam = Adam::new(&tensor_of(vec![1.0f32, 1.0], &[2]));
        let after = adam.step(&tensor_of(vec![1e-3f32, -50.0], &[2]), 0.0, 0.1);
        with_slice::<f32, _>(&after, |v| assert!((v[0] - 0.9).abs() < 1e-4 && (v[1] - 1.1).abs() < 1e-6));
    }
}
