//! Adversarial examples for the layers above a node, inside the box and no farther from its activation than a given size.

use core_net::{Net, gradient, pull_back};
use serde::Serialize;
use tensor::{Tensor, cross_entropy, tensor_of, to_f64s};
use training::ExampleGenerator;

/// Gradient steps that increase the loss at the label, each projected to `[0, 1]`, the box of pixels and of a sigmoid's outputs.
///
/// The steps' lengths sum to the distortion `size`; the box may shorten them.
/// Components that would leave the box immediately do not count for a step's direction.
///
/// Unlike the paper's examples, which are minimizers of §4.1 that the net misclassifies, these have one size, and the net may classify them correctly:
/// a training that renews them in every step cannot wait for a search, and once the net has learned from them, fewer and fewer are misclassified.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ProjectedGradientAscent {
    /// `√(Σ r² / n)`, n being the number of the node's outputs.
    pub size: f64,
    /// Number of steps.
    pub steps: usize,
}

impl ExampleGenerator for ProjectedGradientAscent {
    fn generate(&self, above: &Net, activations: &Tensor, labels: &[usize]) -> Tensor {
        let mut examples = to_f64s(activations);
        let width = examples.len() / labels.len();
        let length = self.size * (width as f64).sqrt() / self.steps as f64;
        let tensor = |examples: &[f64]| {
            let examples = tensor_of(examples.to_vec(), activations.dims());
            examples.to_dtype(activations.dtype()).expect("a cast in memory")
        };
        for _ in 0..self.steps {
            let slopes = to_f64s(&slopes(above, &tensor(&examples), labels));
            let each = examples.chunks_exact_mut(width).zip(slopes.chunks_exact(width));
            each.for_each(|(example, slope)| step(example, slope, length));
        }
        tensor(&examples)
    }
}

/// The derivative of each example's cross-entropy with respect to it.
fn slopes(net: &Net, examples: &Tensor, labels: &[usize]) -> Tensor {
    let trace = net.forward(examples);
    let (_, signal) = cross_entropy(trace.output(), labels);
    pull_back(net, &trace, net.output(), signal, gradient)
}

/// One step of this length along the slope, clipped to the box.
fn step(example: &mut [f64], slope: &[f64], length: f64) {
    let free = |x: f64, slope: f64| if slope > 0.0 { x < 1.0 } else { x > 0.0 };
    let squares = example.iter().zip(slope).filter(|&(&x, &s)| free(x, s)).map(|(_, s)| s * s);
    let norm = squares.sum::<f64>().sqrt();
    if norm > 0.0 {
        let factor = length / norm;
        example.iter_mut().zip(slope).for_each(|(x, s)| *x = (*x + factor * s).clamp(0.0, 1.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_has_its_length_where_the_box_lets_it_and_no_slope_is_no_step() {
        let mut example = [0.5, 0.0, 0.9, 0.2];
        step(&mut example, &[3.0, -7.0, 4.0, 0.0], 0.1);
        assert_eq!(example.map(|x| (1e12 * x).round() / 1e12), [0.56, 0.0, 0.98, 0.2]);
        step(&mut example, &[-1.0, 0.0, 1.0, 0.0], 0.5);
        assert!((example[0] - (0.56 - 0.5 / 2f64.sqrt())).abs() < 1e-12 && example[2] == 1.0);
        let before = example;
        step(&mut example, &[0.0; 4], 0.5);
        assert_eq!(example, before);
    }
}
