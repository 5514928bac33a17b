//! The operations of convolutional nets against their definitions.

mod adjoints;
mod derivatives;
mod locally_connected;
mod normalization;
mod pooling;
mod threads;

use rand::Rng;
use tensor::{DType, Pool, Rounding, Tensor, to_f64s, uniform};

/// A pool whose kernel, stride, padding and dilation differ between the axes, and an image size that it fits.
fn random_pool(rng: &mut impl Rng) -> (Pool, [usize; 2]) {
    loop {
        let pair = |rng: &mut _, most| [draw(rng, most), draw(rng, most)];
        let kernel = pair(rng, 4);
        let padding = [0, 1, 0, 1].map(|axis: usize| rng.random_range(0..=kernel[axis]));
        let rounding = if rng.random() { Rounding::Floor } else { Rounding::Ceil };
        let pool = Pool { kernel, stride: pair(rng, 5), padding, dilation: pair(rng, 3), rounding };
        let input = pair(rng, 12);
        if pool.output_size(input).is_some() {
            return (pool, input);
        }
    }
}

fn draw(rng: &mut impl Rng, most: usize) -> usize {
    rng.random_range(1..=most)
}

/// Uniform numbers in [−1, 1).
fn noise(rng: &mut impl Rng, shape: &[usize]) -> Tensor {
    uniform(rng, shape, 1.0, DType::F64)
}

fn dot(a: &Tensor, b: &Tensor) -> f64 {
    assert_eq!(a.dims(), b.dims());
    to_f64s(a).iter().zip(to_f64s(b)).map(|(a, b)| a * b).sum()
}
