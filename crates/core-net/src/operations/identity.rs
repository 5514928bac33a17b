//! The image, and what does nothing after training.

use super::{Example, Op, Operation};
use crate::builder::Builder;
use crate::description::{Description, without_keys};
use crate::region::Reach;
use crate::shape::{Shape, misfit};
use crate::step::Step;
use tensor::Tensor;

pub(super) struct Input;

pub(super) struct Identity;

pub(super) struct Dropout;

impl Operation for Input {
    fn kind(&self) -> &'static str {
        "input"
    }

    fn output_shape(&self, _: &[&[usize]]) -> Shape {
        misfit("the input as first node only", "another one")
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

    fn lipschitz_constant(&self, _: &[&[usize]]) -> Option<f64> {
        Some(1.0)
    }

    /// None: every net has it.
    fn examples() -> Vec<Example> {
        vec![]
    }
}

macro_rules! identity {
    ($operation:ident, $kind:literal) => {
        impl Operation for $operation {
            fn kind(&self) -> &'static str {
                $kind
            }

            fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
                Ok(inputs[0].to_vec())
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
                true
            }

            fn lipschitz_constant(&self, _: &[&[usize]]) -> Option<f64> {
                Some(1.0)
            }

            fn descriptions() -> Vec<Description> {
                vec![Description::new($kind, |keys, _| without_keys(keys, Op::$operation))]
            }

            fn examples() -> Vec<Example> {
                vec![Example::new($kind, "")]
            }
        }
    };
}

identity!(Identity, "identity");
identity!(Dropout, "dropout");

impl Builder {
    /// The identity.
    pub fn identity(self, name: &str) -> Self {
        self.node(name, Op::Identity)
    }

    /// The identity: what dropout is after training.
    pub fn dropout(self, name: &str) -> Self {
        self.node(name, Op::Dropout)
    }
}
