//! The channels of several nodes, one node's after the other's.

use super::operation::{Join, split_before_any_rule};
use super::{Example, Op, Operation};
use crate::builder::Builder;
use crate::description::{Description, without_keys};
use crate::region::Reach;
use crate::shape::{Shape, misfit};
use crate::step::Step;
use tensor::{Tensor, concat, split};

pub(super) struct Concat;

impl Operation for Concat {
    fn kind(&self) -> &'static str {
        "concat"
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        let Some((_, rest)) = inputs[0].split_first() else { return misfit("channels", "a single scalar") };
        let mut channels = 0;
        for input in inputs {
            match input.split_first() {
                Some((c, other)) if other == rest => channels += c,
                _ => {
                    let expected = format!("[channels, ...] over {rest:?} from every node");
                    return misfit(expected, format!("{input:?}"));
                }
            }
        }
        Ok([&[channels], rest].concat())
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        concat(inputs)
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

    fn lipschitz_constant(&self, _: &[&[usize]]) -> Option<f64> {
        Some(1.0)
    }

    fn descriptions() -> Vec<Description> {
        vec![Description::new("concat", |keys, _| without_keys(keys, Op::Concat))]
    }

    fn examples() -> Vec<Example> {
        vec![Example::new("concat", "")]
    }
}

impl Join for Concat {
    fn split(&self, signal: &Tensor, inputs: &[&[usize]]) -> Vec<Tensor> {
        split(signal, &inputs.iter().map(|input| input[0]).collect::<Vec<_>>())
    }
}

impl Builder {
    /// The channels of these nodes, one node's after the other's.
    pub fn concat(self, name: &str, inputs: &[&str]) -> Self {
        self.join(name, Op::Concat, inputs)
    }
}
