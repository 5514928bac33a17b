//! A sparse autoencoder: restore the image from a code that is mostly off.

use crate::displacement::Displacement;
use crate::mini_batch::Objective;
use core_net::{Net, Trace};
use rand_chacha::ChaCha8Rng;
use tensor::{Tensor, by_type, gather, sigmoid, tensor_of, with_slice};

/// The cross-entropy of the restored pixels with the image's, summed over pixels and averaged over images,
/// plus `β Σⱼ KL(ρ ‖ q̂ⱼ)`, where `q̂ⱼ` is code unit j's mean activation over the mini-batch.
///
/// The net ends in the restored pixels' logits.
/// It is shown a displaced image and has to restore the image as it was, so that its code learns what displacement leaves unchanged.
pub struct SparseAutoencoder<'a> {
    /// **Shape** `[n, c, h, w]`, f32 in `[0, 1]`
    pub images: &'a Tensor,
    /// The node whose activation, in (0, 1), is the code.
    pub code: usize,
    /// ρ, the mean activation that a code unit should have.
    pub sparsity: f64,
    /// β, the weight of the divergence from it.
    pub sparsity_weight: f64,
    /// How far the images shown are displaced.
    pub displacement: Displacement,
}

impl Objective for SparseAutoencoder<'_> {
    fn examples(&self) -> usize {
        self.images.dims()[0]
    }

    fn input(&self, examples: &[usize], rng: &mut ChaCha8Rng) -> Tensor {
        self.displacement.displaced(&gather(self.images, examples), rng)
    }

    fn loss(&self, net: &Net, trace: &Trace, examples: &[usize]) -> (f64, Vec<(usize, Tensor)>) {
        let (entropy, signal) = restoration(trace.output(), &gather(self.images, examples));
        let (divergence, pressure) = divergence(trace.activation(self.code), self.sparsity);
        let pressure = (pressure * self.sparsity_weight).expect("a product in memory");
        let loss = entropy + self.sparsity_weight * divergence;
        (loss, vec![(net.output(), signal), (self.code, pressure)])
    }
}

/// Mean over images of `Σ log(1 + exp z) − x z`, and its derivative with respect to z, `(sigmoid(z) − x) / n`.
fn restoration(logits: &Tensor, images: &Tensor) -> (f64, Tensor) {
    let share = 1.0 / logits.dims()[0] as f32;
    let restored = sigmoid(logits);
    by_type!(logits, T => with_slice::<T, _>(logits, |z| with_slice::<T, _>(images, |x| {
        let softplus = |z: f64| z.max(0.0) + (-z.abs()).exp().ln_1p();
        let entropy: f64 = z.iter().zip(x).map(|(&z, &x)| softplus(f64::from(z)) - f64::from(x * z)).sum();
        let slope = |(&y, &x): (&T, &T)| (y - x) * T::from(share);
        let slopes = with_slice::<T, _>(&restored, |y| y.iter().zip(x).map(slope).collect());
        (entropy * f64::from(share), tensor_of(slopes, logits.dims()))
    })))
}

/// `Σⱼ KL(ρ ‖ q̂ⱼ)` and its derivative with respect to every activation of the code.
///
/// **Shape** code `[n, units]`, and so is the derivative.
fn divergence(code: &Tensor, rho: f64) -> (f64, Tensor) {
    let (n, units) =
        code.dims2().unwrap_or_else(|_| panic!("expected a code [n, units], got {:?}", code.dims()));
    let mut sum = 0.0;
    let slope = |mean: f64| {
        let q = mean.clamp(1e-6, 1.0 - 1e-6);
        sum += rho * (rho / q).ln() + (1.0 - rho) * ((1.0 - rho) / (1.0 - q)).ln();
        ((1.0 - rho) / (1.0 - q) - rho / q) / n as f64
    };
    let slopes: Vec<f64> = mean_rows(code, n, units).into_iter().map(slope).collect();
    let slopes = tensor_of(slopes.repeat(n), &[n, units]).to_dtype(code.dtype()).expect("a cast in memory");
    (sum, slopes)
}

fn mean_rows(rows: &Tensor, n: usize, width: usize) -> Vec<f64> {
    let mut means = vec![0.0; width];
    by_type!(rows, T => with_slice::<T, _>(rows, |rows| {
        for row in rows.chunks_exact(width) {
            means.iter_mut().zip(row).for_each(|(mean, &value)| *mean += f64::from(value) / n as f64);
        }
    }));
    means
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::{DType, seeded, to_f64s, uniform};
    use test_support::gradient_error;

    #[test]
    fn both_parts_of_the_loss_have_true_derivatives() {
        let mut rng = seeded(6, "autoencoder");
        let logits = uniform(&mut rng, &[3, 4], 2.0, DType::F64);
        let images = sigmoid(&uniform(&mut rng, &[3, 4], 2.0, DType::F64));
        let code = sigmoid(&uniform(&mut rng, &[3, 5], 2.0, DType::F64));
        assert!(
            gradient_error(&restoration(&logits, &images).1, &logits, |z| restoration(z, &images).0) < 1e-8
        );
        assert!(gradient_error(&divergence(&code, 0.1).1, &code, |q| divergence(q, 0.1).0) < 1e-8);
        assert!(gradient_error(&divergence(&code, 0.2).1, &code, |q| divergence(q, 0.1).0) > 1e-2);
    }

    #[test]
    fn a_code_at_its_sparsity_is_under_no_pressure() {
        let (sum, slopes) = divergence(&tensor_of(vec![0.25f64; 8], &[4, 2]), 0.25);
        assert!(sum.abs() < 1e-15 && to_f64s(&slopes).iter().all(|slope| slope.abs() < 1e-15));
    }
}
