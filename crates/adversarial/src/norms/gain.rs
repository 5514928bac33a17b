//! Measured gains: lower bounds of a net's Lipschitz constant.

use crate::distortion::squared_distance;
use core_net::{Net, gradient, pull_back};
use rand_chacha::ChaCha8Rng;
use tensor::{Tensor, dot, normal, tensor_of, to_f64s};

/// Perturbations r of an image to try.
#[derive(Clone, Debug)]
pub struct Perturbations {
    /// `‖r‖`, as shares of the image's length.
    pub lengths: Vec<f64>,
    /// Random directions at each length.
    pub random: usize,
    /// Steps of the gradient search for a direction at each length.
    pub steps: usize,
}

/// The largest `‖f(x + r) − f(x)‖ / ‖r‖` found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gain {
    /// With r in a random direction.
    pub random: f64,
    /// With r in a direction found by gradient search.
    pub adversarial: f64,
    /// Number of pairs `x, x + r` compared.
    pub pairs: usize,
}

impl Gain {
    /// The larger gains of both.
    pub fn joined(self, other: Gain) -> Gain {
        Gain {
            random: self.random.max(other.random),
            adversarial: self.adversarial.max(other.adversarial),
            pairs: self.pairs + other.pairs,
        }
    }
}

/// The largest gain of the net's output at one image.
///
/// The gradient search follows the slope of `‖f(x + r) − f(x)‖²` from step to step:
/// `r ← ‖r‖ · Jᵀ(f(x + r) − f(x))`, scaled to the length. For small r that is power iteration,
/// which turns r toward the first singular direction of the Jacobian; for large ones it follows the net where it bends.
/// It begins in a random direction.
///
/// A pair's gain is a lower bound of the net's Lipschitz constant, and can never exceed an upper one but for rounding, which is that of the image's type.
///
/// **Shape** image `[1, …]`, in the net's scalar type.
///
/// # Panics
/// If the image has another shape or type than the net.
pub fn largest_gain(net: &Net, image: &Tensor, tried: &Perturbations, rng: &mut ChaCha8Rng) -> Gain {
    let clean = UnperturbedImage { net, x: to_f64s(image), image, y: to_f64s(&net.output_of(image)) };
    let size = dot(&clean.x, &clean.x).sqrt();
    let mut gain = Gain::default();
    for length in tried.lengths.iter().map(|share| share * if size > 0.0 { size } else { 1.0 }) {
        let random: Vec<Vec<f64>> = (0..tried.random).map(|_| clean.random(length, rng)).collect();
        let adversarial = clean.search(length, tried.steps, rng);
        gain =
            gain.joined(Gain { random: clean.gain(&random), adversarial, pairs: tried.random + tried.steps });
    }
    gain
}

/// An unperturbed image and the net's output for it.
struct UnperturbedImage<'a> {
    net: &'a Net,
    image: &'a Tensor,
    x: Vec<f64>,
    y: Vec<f64>,
}

impl UnperturbedImage<'_> {
    fn random(&self, length: f64, rng: &mut ChaCha8Rng) -> Vec<f64> {
        let direction = to_f64s(&normal(rng, self.image.dims(), 1.0, self.image.dtype()));
        scaled(&direction, length)
    }

    /// The largest gain of several perturbations.
    fn gain(&self, perturbations: &[Vec<f64>]) -> f64 {
        if perturbations.is_empty() {
            return 0.0;
        }
        let moved = self.moved(perturbations);
        let (pixels, outputs) = (to_f64s(&moved), to_f64s(&self.net.output_of(&moved)));
        let pairs = pixels.chunks_exact(self.x.len()).zip(outputs.chunks_exact(self.y.len()));
        pairs.map(|(x, y)| distance(y, &self.y) / distance(x, &self.x)).fold(0.0, f64::max)
    }

    /// The largest gain of all steps of a gradient search.
    fn search(&self, length: f64, steps: usize, rng: &mut ChaCha8Rng) -> f64 {
        let mut r = self.random(length, rng);
        let mut largest = 0.0f64;
        for _ in 0..steps {
            let moved = self.moved(std::slice::from_ref(&r));
            let trace = self.net.forward(&moved);
            let y = to_f64s(trace.output());
            largest = largest.max(distance(&y, &self.y) / distance(&to_f64s(&moved), &self.x));
            let difference: Vec<f64> = y.iter().zip(&self.y).map(|(y, y0)| y - y0).collect();
            let signal = self.tensor(difference, trace.output().dims());
            let slope = to_f64s(&pull_back(self.net, &trace, self.net.output(), signal, gradient));
            if dot(&slope, &slope) > 0.0 {
                r = scaled(&slope, length);
            }
        }
        largest
    }

    /// `x + r` of each perturbation, as a batch.
    fn moved(&self, perturbations: &[Vec<f64>]) -> Tensor {
        let pixels = perturbations.iter().flat_map(|r| self.x.iter().zip(r).map(|(x, r)| x + r)).collect();
        let shape = [&[perturbations.len()], &self.image.dims()[1..]].concat();
        self.tensor(pixels, &shape)
    }

    /// In the image's scalar type.
    fn tensor(&self, scalars: Vec<f64>, shape: &[usize]) -> Tensor {
        tensor_of(scalars, shape).to_dtype(self.image.dtype()).expect("a cast in memory")
    }
}

/// The direction at this length.
fn scaled(direction: &[f64], length: f64) -> Vec<f64> {
    let factor = length / dot(direction, direction).sqrt();
    direction.iter().map(|r| factor * r).collect()
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    squared_distance(a, b).sqrt()
}
