//! A sparse autoencoder: reconstruct the image from a code that is mostly off.

use super::mini_batch::Objective;
use crate::net::Net;
use crate::trace::Trace;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use tensor::{Tensor, gather, tensor_of, with_slice};

/// `½ Σ (reconstruction − x)²` averaged over images, plus `β Σⱼ KL(ρ ‖ q̂ⱼ)`,
/// where `q̂ⱼ` is code unit j's mean activation over the mini-batch, and the net sees x with some pixels set to 0.
#[derive(Clone, Debug, Serialize)]
pub struct SparseAutoencoder<'a> {
    /// **Shape** `[n, …]`, f32
    #[serde(skip)]
    pub images: &'a Tensor,
    /// The name of the node whose activation, in (0, 1), is the code.
    pub code: &'a str,
    /// ρ, the mean activation that a code unit should have.
    pub sparsity: f64,
    /// β, the weight of the divergence from it.
    pub sparsity_weight: f64,
    /// The share of the net's input pixels that are set to 0, drawn anew for every image and step.
    pub masked: f64,
}

impl SparseAutoencoder<'_> {
    /// `β Σⱼ KL(ρ ‖ q̂ⱼ)` and its derivative with respect to every activation of the code.
    fn divergence(&self, code: &Tensor) -> (f64, Tensor) {
        let [n, units] = [code.dims()[0], code.dims()[1]];
        let mut means = vec![0.0f64; units];
        with_slice::<f32, _>(code, |code| {
            for row in code.chunks_exact(units) {
                means.iter_mut().zip(row).for_each(|(mean, &q)| *mean += f64::from(q) / n as f64);
            }
        });
        let rho = self.sparsity;
        let mut divergence = 0.0;
        let mut row = Vec::with_capacity(units);
        for mean in means {
            let q = mean.clamp(1e-6, 1.0 - 1e-6);
            divergence += rho * (rho / q).ln() + (1.0 - rho) * ((1.0 - rho) / (1.0 - q)).ln();
            row.push((self.sparsity_weight * ((1.0 - rho) / (1.0 - q) - rho / q) / n as f64) as f32);
        }
        (self.sparsity_weight * divergence, tensor_of(row.repeat(n), &[n, units]))
    }
}

impl Objective for SparseAutoencoder<'_> {
    fn examples(&self) -> usize {
        self.images.dims()[0]
    }

    fn input(&self, examples: &[usize], rng: &mut ChaCha8Rng) -> Tensor {
        let images = gather(self.images, examples);
        let mut pixels = with_slice::<f32, _>(&images, <[f32]>::to_vec);
        let threshold = (self.masked * f64::from(u32::MAX)) as u32;
        pixels.iter_mut().filter(|_| rng.random::<u32>() < threshold).for_each(|pixel| *pixel = 0.0);
        tensor_of(pixels, images.dims())
    }

    fn loss(&self, net: &Net, trace: &Trace, examples: &[usize]) -> (f64, Vec<(usize, Tensor)>) {
        let share = 1.0 / examples.len() as f32;
        let images = gather(self.images, examples);
        let (mut squares, mut signal) = (0.0, Vec::new());
        with_slice::<f32, _>(trace.output(), |reconstruction| {
            with_slice::<f32, _>(&images, |images| {
                let errors = reconstruction.iter().zip(images).map(|(y, x)| y - x);
                squares = errors.clone().map(|e| f64::from(e * e)).sum();
                signal = errors.map(|e| e * share).collect();
            });
        });
        let code = net.index_of(self.code).unwrap_or_else(|| panic!("expected a node named {}", self.code));
        let (divergence, pressure) = self.divergence(trace.activation(code));
        let signal = tensor_of(signal, trace.output().dims());
        (0.5 * squares * f64::from(share) + divergence, vec![(net.output(), signal), (code, pressure)])
    }
}
