//! L2 pooling.

use super::pooling::{KEYS, Windows, pooled, random_pool, summary, windows};
use super::{Example, Op, Operation};
use crate::description::{Description, Padding, Size};
use crate::region::{Cropped, Part, Reach};
use crate::shape::{Shape, misfit};
use crate::step::Step;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;
use tensor::{Pool, Tensor, l2_pool, l2_pool_gradient};

/// The length of each window, `√(ε + Σ x²)`.
#[derive(Clone, Debug)]
pub struct L2Pool {
    /// How the windows slide.
    pub pool: Pool,
    /// ε, positive: without it the length of nothing has no slope.
    pub epsilon: f64,
}

impl Operation for L2Pool {
    fn kind(&self) -> &'static str {
        "l2_pool"
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        if self.epsilon <= 0.0 {
            return misfit("a positive epsilon", self.epsilon.to_string());
        }
        pooled(inputs[0], &self.pool)
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        l2_pool(inputs[0], &self.pool, self.epsilon)
    }

    /// Each pixel gets the signal by its share in the length.
    fn adjoint(&self, step: &Step) -> Tensor {
        l2_pool_gradient(step.signal, step.input, step.output, &self.pool)
    }

    fn derivative(&self, step: &Step) -> Tensor {
        self.adjoint(step)
    }

    fn reach(&self) -> Reach {
        windows(&self.pool)
    }

    fn cropped(&self, part: &Part) -> Cropped {
        let pool = Pool { padding: part.padding, ..self.pool };
        Cropped::Anywhere(Self { pool, epsilon: self.epsilon }.into())
    }

    fn summary(&self) -> String {
        summary("L2 pool", &self.pool)
    }

    fn descriptions() -> Vec<Description> {
        vec![Description::new("l2_pool", |keys, _| {
            let Keys { kernel, stride, padding, dilation, ceil, epsilon } = keys.try_into()?;
            Ok(L2Pool { pool: Windows { kernel, stride, padding, dilation, ceil }.into(), epsilon }.into())
        })]
    }

    fn examples() -> Vec<Example> {
        vec![Example::new("l2_pool", &format!("{KEYS}, epsilon = 0.01"))]
    }

    fn random(&self, rng: &mut ChaCha8Rng, _: &[usize]) -> Option<Op> {
        Some(Self { pool: random_pool(rng), epsilon: 0.1 }.into())
    }
}

/// [`Windows`], and ε.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    kernel: Size,
    stride: Size,
    #[serde(default)]
    padding: Padding,
    #[serde(default)]
    dilation: Size,
    #[serde(default)]
    ceil: bool,
    epsilon: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::tests::output_of;

    #[test]
    fn an_l2_pooling_has_a_pooling_s_shape_and_a_positive_epsilon() {
        let pool = Pool::square(2, 2);
        assert_eq!(output_of(L2Pool { pool, epsilon: 0.1 }), Ok(vec![2, 3, 2]));
        let error = output_of(L2Pool { pool, epsilon: 0.0 }).expect_err("no slope");
        assert_eq!(error, "node a: expected a positive epsilon, got 0");
    }
}
