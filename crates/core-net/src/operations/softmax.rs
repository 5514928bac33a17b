//! Probabilities over the channels, and their logarithms.

use super::{Operation, Reach, Shape, Step, misfit};
use tensor::{Tensor, log_softmax, log_softmax_gradient, softmax, softmax_gradient};

/// `exp x / Σ exp x` over the channels, or its logarithm.
pub(super) enum Softmax {
    Probabilities,
    Logarithms,
}

impl Operation for Softmax {
    fn kind(&self) -> &'static str {
        match self {
            Softmax::Probabilities => "softmax",
            Softmax::Logarithms => "log_softmax",
        }
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        if inputs[0].is_empty() { misfit("channels", "a single scalar") } else { Ok(inputs[0].to_vec()) }
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        match self {
            Softmax::Probabilities => softmax(inputs[0]),
            Softmax::Logarithms => log_softmax(inputs[0]),
        }
    }

    fn adjoint(&self, step: &Step) -> Tensor {
        step.signal.clone()
    }

    fn derivative(&self, step: &Step) -> Tensor {
        match self {
            Softmax::Probabilities => softmax_gradient(step.signal, step.output),
            Softmax::Logarithms => log_softmax_gradient(step.signal, step.output),
        }
    }

    fn reach(&self) -> Reach {
        Reach::Place
    }

    /// The derivative of softmax is `diag p − p pᵀ`: `vᵀ(diag p − p pᵀ)v` is the variance of v's entries under p,
    /// so at most a quarter of the square of their range, which is at most `2 ‖v‖²`: 1/2, at two classes of probability 1/2.
    /// The derivative of its logarithm is the projection `1 − 𝟏 pᵀ`, whose norm is `‖𝟏‖ ‖p‖`: √classes, where one class is certain.
    fn lipschitz_constant(&self, inputs: &[&[usize]]) -> Option<f64> {
        Some(match (self, inputs[0][0]) {
            (_, 0 | 1) => 0.0,
            (Softmax::Probabilities, _) => 0.5,
            (Softmax::Logarithms, classes) => (classes as f64).sqrt(),
        })
    }

    fn summary(&self) -> String {
        self.kind().replace('_', "-")
    }
}
