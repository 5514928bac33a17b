//! Max pooling.

use super::pooling::{KEYS, Windows, pooled, random_pool, summary, windows};
use super::{Example, Op, Operation};
use crate::builder::Builder;
use crate::description::Description;
use crate::region::{Cropped, Part, Reach};
use crate::shape::Shape;
use crate::step::Step;
use rand_chacha::ChaCha8Rng;
use tensor::{Pool, Tensor, Unpool, max_pool, max_pool_with_switches, unpool};

/// The largest value of each window; where it was is the trace's switch.
#[derive(Clone, Debug)]
pub struct MaxPool(
    /// How the windows slide.
    pub Pool,
);

impl Operation for MaxPool {
    fn kind(&self) -> &'static str {
        "max_pool"
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        pooled(inputs[0], &self.0)
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        max_pool(inputs[0], &self.0)
    }

    fn forward_with_switches(&self, inputs: &[&Tensor]) -> (Tensor, Option<Tensor>) {
        let (output, switches) = max_pool_with_switches(inputs[0], &self.0);
        (output, Some(switches))
    }

    /// Unpooling by the switches; windows that share one sum.
    fn adjoint(&self, step: &Step) -> Tensor {
        unpool(step.signal, step.the_switches(), step.input_map(), Unpool::Sum)
    }

    fn derivative(&self, step: &Step) -> Tensor {
        self.adjoint(step)
    }

    fn reach(&self) -> Reach {
        windows(&self.0)
    }

    fn cropped(&self, part: &Part) -> Cropped {
        Cropped::Anywhere(Self(Pool { padding: part.padding, ..self.0 }).into())
    }

    fn summary(&self) -> String {
        summary("max pool", &self.0)
    }

    fn descriptions() -> Vec<Description> {
        vec![Description::new("max_pool", |keys, _| Ok(MaxPool(keys.try_into::<Windows>()?.into()).into()))]
    }

    fn examples() -> Vec<Example> {
        vec![Example::new("max_pool", KEYS), Example::new("max_pool", "kernel = 2, stride = 1, dilation = 2")]
    }

    fn random(&self, rng: &mut ChaCha8Rng, _: &[usize]) -> Option<Op> {
        Some(Self(random_pool(rng)).into())
    }
}

impl Builder {
    /// The largest value of each window.
    pub fn max_pool(self, name: &str, pool: Pool) -> Self {
        self.node(name, MaxPool(pool))
    }
}
