//! Seeded random numbers: every draw belongs to a recorded seed and a named purpose.

use crate::slices::tensor_of;
use candle_core::{DType, Tensor};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::StandardNormal;

/// A generator that depends on `seed` and `purpose` alone: two purposes under one seed are independent streams.
pub fn seeded(seed: u64, purpose: &str) -> ChaCha8Rng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&fnv1a(purpose.as_bytes()).to_le_bytes());
    ChaCha8Rng::from_seed(key)
}

/// A tensor of independent numbers, uniform in `[−limit, limit)`.
///
/// # Panics
/// If the type is neither f32 nor f64.
pub fn uniform(rng: &mut impl Rng, shape: &[usize], limit: f64, dtype: DType) -> Tensor {
    drawn(shape, dtype, || rng.random_range(-1.0..1.0) * limit)
}

/// A tensor of independent Gaussian numbers with mean 0.
///
/// # Panics
/// If the type is neither f32 nor f64.
pub fn normal(rng: &mut impl Rng, shape: &[usize], deviation: f64, dtype: DType) -> Tensor {
    drawn(shape, dtype, || deviation * rng.sample::<f64, _>(StandardNormal))
}

/// Drawn as f64 whatever the type, so that both types hold the same numbers.
fn drawn(shape: &[usize], dtype: DType, mut draw: impl FnMut() -> f64) -> Tensor {
    let draws = (0..shape.iter().product()).map(|_| draw());
    match dtype {
        DType::F32 => tensor_of(draws.map(|draw| draw as f32).collect(), shape),
        DType::F64 => tensor_of(draws.collect::<Vec<f64>>(), shape),
        other => panic!("expected f32 or f64, got {other:?}"),
    }
}

/// The 64-bit FNV-1a hash.
fn fnv1a(bytes: &[u8]) -> u64 {
    let step = |hash: u64, &byte: &u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_by_seed_and_by_purpose_and_repeat() {
        let draw = |seed, purpose| seeded(seed, purpose).random::<u64>();
        assert_eq!(draw(1, "noise"), draw(1, "noise"));
        assert_ne!(draw(1, "noise"), draw(2, "noise"));
        assert_ne!(draw(1, "noise"), draw(1, "targets"));
    }
}
