//! Gradient descent with momentum, and the renormalization of filters.

use pulp::Arch;
use rayon::prelude::*;
use tensor::{Tensor, tensor_of, with_slice};

/// Scalars that one thread works on at a time.
const CHUNK: usize = 1 << 15;

/// The settings of one step.
#[derive(Clone, Copy)]
pub(crate) struct StepSettings {
    pub rate: f32,
    pub momentum: f32,
    /// λ of `(λ/2) Σ w²`.
    pub decay: f32,
}

/// The parameter after a step: `v ← μ v − ε (g + λ w)`, then `w ← w + v`.
///
/// **Paper** Krizhevsky et al. 2012, §5; Zeiler & Fergus 2013, §3
pub(crate) fn step(
    parameter: &Tensor,
    velocity: &mut [f32],
    gradient: &Tensor,
    settings: StepSettings,
) -> Vec<f32> {
    let StepSettings { rate, momentum, decay } = settings;
    let mut after = with_slice::<f32, _>(parameter, <[f32]>::to_vec);
    with_slice::<f32, _>(gradient, |gradient| {
        let chunks = after.par_chunks_mut(CHUNK).zip(velocity.par_chunks_mut(CHUNK));
        chunks.zip(gradient.par_chunks(CHUNK)).for_each(|((after, velocity), gradient)| {
            Arch::new().dispatch(|| {
                for ((w, v), &g) in after.iter_mut().zip(velocity).zip(gradient) {
                    *v = momentum * *v - rate * (g + decay * *w);
                    *w += *v;
                }
            });
        });
    });
    after
}

/// Shortens every filter whose root mean square exceeds `radius` to it, if this is the shape of a convolution's filters.
///
/// **Paper** Zeiler & Fergus 2013, §3: "we renormalize each filter in the convolutional layers whose RMS value exceeds a fixed radius".
pub(crate) fn renormalized(mut weights: Vec<f32>, shape: &[usize], radius: f64) -> Tensor {
    if let [filters, _, _, _] = *shape {
        let scalars = weights.len() / filters;
        for filter in weights.chunks_exact_mut(scalars) {
            let squares: f64 = filter.iter().map(|&w| f64::from(w) * f64::from(w)).sum();
            let rms = (squares / scalars as f64).sqrt();
            if rms > radius {
                let shorter = (radius / rms) as f32;
                filter.iter_mut().for_each(|w| *w *= shorter);
            }
        }
    }
    tensor_of(weights, shape)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::to_f64s;

    #[test]
    fn on_a_parabola_the_steps_are_those_of_the_recurrence() {
        let n = CHUNK + 3;
        let mut parameter = tensor_of(vec![1.0f32; n], &[n]);
        let mut velocity = vec![0.0; n];
        let settings = StepSettings { rate: 0.1, momentum: 0.9, decay: 0.5 };
        let (mut w, mut v) = (1.0f64, 0.0f64);
        for _ in 0..20 {
            let gradient = (&parameter * 2.0).unwrap();
            parameter = tensor_of(step(&parameter, &mut velocity, &gradient, settings), &[n]);
            v = 0.9 * v - 0.1 * (2.0 * w + 0.5 * w);
            w += v;
            assert!(to_f64s(&parameter).iter().all(|found| (found - w).abs() < 1e-5));
        }
    }

    #[test]
    fn only_filters_beyond_the_radius_are_shortened_and_dense_weights_never() {
        let weights = vec![3.0f32, 4.0, 0.3, 0.4];
        let filters = renormalized(weights.clone(), &[2, 1, 1, 2], 0.5);
        let rms = 12.5f64.sqrt();
        let expected = [3.0 * 0.5 / rms, 4.0 * 0.5 / rms, 0.3, 0.4];
        for (found, expected) in to_f64s(&filters).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6);
        }
        let dense = renormalized(weights.clone(), &[2, 2], 0.5);
        let unchanged: Vec<f64> = weights.into_iter().map(f64::from).collect();
        assert_eq!(to_f64s(&dense), unchanged);
    }
}
