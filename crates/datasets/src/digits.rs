//! Generated digits, in place of MNIST where it is not available.
//!
//! A skeleton of strokes is distorted like random handwriting and rasterized to 28 × 28 pixels, sized and centered as in MNIST.

mod handwriting;
mod rasterize;
#[rustfmt::skip] // One stroke a line: formatted, every point would have its own.
mod skeleton;

use crate::LabeledDigits;
use rand::Rng;
use rayon::prelude::*;

/// A position; x to the right, y down.
type Point = [f32; 2];

/// `n` digits, each from its own random numbers.
pub(crate) fn generate(seed: u64, part: &str, n: usize) -> LabeledDigits {
    let mut pixels = vec![0; n * 784];
    let labels = pixels
        .par_chunks_mut(784)
        .enumerate()
        .map(|(i, image)| {
            let mut random = tensor::seeded(seed, &format!("digits {part} {i}"));
            let digit = random.random_range(0..10);
            let strokes = handwriting::write(digit, &mut random);
            rasterize::draw(&strokes, &mut random, image);
            digit
        })
        .collect();
    LabeledDigits::from_pixels(&pixels, labels)
}
