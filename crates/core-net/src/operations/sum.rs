//! The sum of several nodes of one shape.

use super::operation::{Join, split_before_any_rule};
use super::{Example, Op, Operation};
use crate::builder::Builder;
use crate::description::{Description, without_keys};
use crate::region::Reach;
use crate::shape::{Shape, misfit};
use crate::step::Step;
use tensor::{Tensor, add};

pub(super) struct Add;

impl Operation for Add {
    fn kind(&self) -> &'static str {
        "add"
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        let input = inputs[0];
        match inputs.iter().find(|other| **other != input) {
            Some(other) => misfit(format!("terms of one shape, {input:?}"), format!("{other:?}")),
            None => Ok(input.to_vec()),
        }
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        inputs[1..].iter().fold(inputs[0].clone(), |sum, term| add(&sum, term))
    }

    fn adjoint(&self, _: &Step) -> Tensor {
        split_before_any_rule()
    }

    fn derivative(&self, _: &Step) -> Tensor {
        split_before_any_rule()
    }

    fn as_join(&self) -> Option<&dyn Join> {
        Some(self)
    }

    fn reach(&self) -> Reach {
        Reach::Place
    }

    fn lipschitz_constant(&self, inputs: &[&[usize]]) -> Option<f64> {
        Some((inputs.len() as f64).sqrt())
    }

    fn descriptions() -> Vec<Description> {
        vec![Description::new("add", |keys, _| without_keys(keys, Op::Add))]
    }

    fn examples() -> Vec<Example> {
        vec![Example::new("add", "")]
    }
}

impl Join for Add {
    fn split(&self, signal: &Tensor, inputs: &[&[usize]]) -> Vec<Tensor> {
        vec![signal.clone(); inputs.len()]
    }
}

impl Builder {
    /// The sum of these nodes.
    pub fn add(self, name: &str, inputs: &[&str]) -> Self {
        self.join(name, Op::Add, inputs)
    }
}
