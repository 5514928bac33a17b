//! The image, and what does nothing after training.

use super::{Operation, Reach, Shape, Step, misfit};
use tensor::Tensor;

pub(super) enum PassThrough {
    /// The image, which no node computes.
    Input,
    Dropout,
    Identity,
}

impl Operation for PassThrough {
    fn kind(&self) -> &'static str {
        match self {
            PassThrough::Input => "input",
            PassThrough::Dropout => "dropout",
            PassThrough::Identity => "identity",
        }
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        match self {
            PassThrough::Input => misfit("the input as first node only", "another one"),
            PassThrough::Dropout | PassThrough::Identity => Ok(inputs[0].to_vec()),
        }
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        inputs[0].clone()
    }

    fn adjoint(&self, step: &Step) -> Tensor {
        step.signal.clone()
    }

    fn derivative(&self, step: &Step) -> Tensor {
        self.adjoint(step)
    }

    fn reach(&self) -> Reach {
        Reach::Place
    }

    fn keeps_scalars(&self) -> bool {
        !matches!(self, PassThrough::Input)
    }

    fn lipschitz_constant(&self, _: &[&[usize]]) -> Option<f64> {
        Some(1.0)
    }
}
