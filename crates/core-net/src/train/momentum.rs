//! Gradient descent with momentum, and the radius that filters are kept within.

use pulp::Arch;
use tensor::{Tensor, tensor_of, with_slice};

/// One parameter with its velocity.
pub(super) struct Momentum {
    shape: Vec<usize>,
    pub values: Vec<f32>,
    pub velocity: Vec<f32>,
}

/// The settings of one step.
#[derive(Clone, Copy)]
pub(super) struct Pace {
    pub rate: f32,
    pub momentum: f32,
    /// λ of `(λ/2) Σ w²`.
    pub decay: f32,
}

impl Momentum {
    pub fn new(parameter: &Tensor) -> Self {
        let values = with_slice::<f32, _>(parameter, <[f32]>::to_vec);
        Self { shape: parameter.dims().to_vec(), velocity: vec![0.0; values.len()], values }
    }

    /// `v ← μ v − ε (g + λ w)`, then `w ← w + v`.
    ///
    /// **Paper** Krizhevsky et al. 2012, §5; Zeiler & Fergus 2013, §3
    pub fn step(&mut self, gradient: &Tensor, pace: Pace) {
        let Pace { rate, momentum, decay } = pace;
        with_slice::<f32, _>(gradient, |gradient| {
            Arch::new().dispatch(|| {
                let moving = self.values.iter_mut().zip(&mut self.velocity);
                for ((value, velocity), &gradient) in moving.zip(gradient) {
                    *velocity = momentum * *velocity - rate * (gradient + decay * *value);
                    *value += *velocity;
                }
            });
        });
    }

    /// Shortens every filter whose root mean square exceeds `radius` to it, if these are filters of a convolution.
    ///
    /// **Paper** Zeiler & Fergus 2013, §3: "we renormalize each filter in the convolutional layers whose RMS value exceeds a fixed radius".
    pub fn renormalize(&mut self, radius: f64) {
        if let [filters, _, _, _] = self.shape[..] {
            let scalars = self.values.len() / filters;
            for filter in self.values.chunks_exact_mut(scalars) {
                let squares: f64 = filter.iter().map(|&w| f64::from(w) * f64::from(w)).sum();
                let rms = (squares / scalars as f64).sqrt();
                if rms > radius {
                    let shorter = (radius / rms) as f32;
                    filter.iter_mut().for_each(|w| *w *= shorter);
                }
            }
        }
    }

    pub fn parameter(&self) -> Tensor {
        tensor_of(self.values.clone(), &self.shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::to_f64s;

    #[test]
    fn on_a_parabola_the_steps_are_those_of_the_recurrence() {
        let mut moving = Momentum::new(&tensor_of(vec![1.0f32], &[1]));
        let pace = Pace { rate: 0.1, momentum: 0.9, decay: 0.5 };
        let (mut w, mut v) = (1.0f64, 0.0f64);
        for _ in 0..20 {
            let gradient = (moving.parameter() * 2.0).unwrap();
            moving.step(&gradient, pace);
            v = 0.9 * v - 0.1 * (2.0 * w + 0.5 * w);
            w += v;
            assert!((to_f64s(&moving.parameter())[0] - w).abs() < 1e-5);
        }
    }

    #[test]
    fn only_filters_beyond_the_radius_are_shortened_and_dense_weights_never() {
        let filters = tensor_of(vec![3.0f32, 4.0, 0.3, 0.4], &[2, 1, 1, 2]);
        let mut moving = Momentum::new(&filters);
        moving.renormalize(0.5);
        let rms = 12.5f64.sqrt();
        let expected = [3.0 * 0.5 / rms, 4.0 * 0.5 / rms, 0.3, 0.4];
        for (found, expected) in to_f64s(&moving.parameter()).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6);
        }
        let mut dense = Momentum::new(&filters.reshape(&[2, 2]).unwrap());
        dense.renormalize(0.5);
        assert_eq!(to_f64s(&dense.parameter()), to_f64s(&filters));
    }
}
