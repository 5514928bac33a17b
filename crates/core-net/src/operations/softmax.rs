//! Probabilities over the channels, and their logarithms.

use super::{Example, Op, Operation};
use crate::builder::Builder;
use crate::description::{Description, without_keys};
use crate::region::Reach;
use crate::shape::{Shape, misfit};
use crate::step::Step;
use tensor::{Tensor, log_softmax, log_softmax_gradient, softmax, softmax_gradient};

pub(super) struct Softmax;

pub(super) struct LogSoftmax;

impl Operation for Softmax {
    fn kind(&self) -> &'static str {
        "softmax"
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        with_channels(inputs[0])
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        softmax(inputs[0])
    }

    fn adjoint(&self, step: &Step) -> Tensor {
        step.signal.clone()
    }

    fn derivative(&self, step: &Step) -> Tensor {
        softmax_gradient(step.signal, step.output)
    }

    fn reach(&self) -> Reach {
        Reach::Place
    }

    /// The derivative is `diag p − p pᵀ`: `vᵀ(diag p − p pᵀ)v` is the variance of v's entries under p,
    /// so at most a quarter of the square of their range, which is at most `2 ‖v‖²`: 1/2, at two classes of probability 1/2.
    fn lipschitz_constant(&self, inputs: &[&[usize]]) -> Option<f64> {
        Some(if inputs[0][0] > 1 { 0.5 } else { 0.0 })
    }

    fn descriptions() -> Vec<Description> {
        vec![Description::new("softmax", |keys, _| without_keys(keys, Op::Softmax))]
    }

    fn examples() -> Vec<Example> {
        vec![Example::new("softmax", "")]
    }
}

impl Operation for LogSoftmax {
    fn kind(&self) -> &'static str {
        "log_softmax"
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        with_channels(inputs[0])
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        log_softmax(inputs[0])
    }

    fn adjoint(&self, step: &Step) -> Tensor {
        step.signal.clone()
    }

    fn derivative(&self, step: &Step) -> Tensor {
        log_softmax_gradient(step.signal, step.output)
    }

    fn reach(&self) -> Reach {
        Reach::Place
    }

    /// The derivative is the projection `1 − 𝟏 pᵀ`, whose norm is `‖𝟏‖ ‖p‖`: √classes, where one class is certain.
    fn lipschitz_constant(&self, inputs: &[&[usize]]) -> Option<f64> {
        let classes = inputs[0][0];
        Some(if classes > 1 { (classes as f64).sqrt() } else { 0.0 })
    }

    fn summary(&self) -> String {
        "log-softmax".into()
    }

    fn descriptions() -> Vec<Description> {
        vec![Description::new("log_softmax", |keys, _| without_keys(keys, Op::LogSoftmax))]
    }

    fn examples() -> Vec<Example> {
        vec![Example::new("log_softmax", "")]
    }
}

fn with_channels(input: &[usize]) -> Shape {
    if input.is_empty() { misfit("channels", "a single scalar") } else { Ok(input.to_vec()) }
}

impl Builder {
    /// Probabilities over the channels.
    pub fn softmax(self, name: &str) -> Self {
        self.node(name, Op::Softmax)
    }

    /// Their logarithms.
    pub fn log_softmax(self, name: &str) -> Self {
        self.node(name, Op::LogSoftmax)
    }
}
