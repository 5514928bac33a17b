//! Mean pooling.

use super::pooling::{KEYS, Windows, pooled, random_pool, summary, windows};
use super::{Example, Op, Operation};
use crate::builder::Builder;
use crate::description::{Description, KeyError};
use crate::region::{Cropped, Part, Reach};
use crate::shape::Shape;
use crate::step::Step;
use rand_chacha::ChaCha8Rng;
use tensor::{PaddingInMean, Pool, Tensor, mean_pool, mean_pool_gradient};
use toml::Table;

/// The mean of each window.
#[derive(Clone, Debug)]
pub struct MeanPool {
    /// How the windows slide.
    pub pool: Pool,
    /// What the mean is taken over.
    pub padding: PaddingInMean,
}

impl Operation for MeanPool {
    fn kind(&self) -> &'static str {
        match self.padding {
            PaddingInMean::Pixels => "mean_pool",
            PaddingInMean::Padding => "mean_pool_with_padding",
        }
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        pooled(inputs[0], &self.pool)
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        mean_pool(inputs[0], &self.pool, self.padding)
    }

    fn adjoint(&self, step: &Step) -> Tensor {
        mean_pool_gradient(step.signal, step.input_map(), &self.pool, self.padding)
    }

    fn derivative(&self, step: &Step) -> Tensor {
        self.adjoint(step)
    }

    fn reach(&self) -> Reach {
        windows(&self.pool)
    }

    fn cropped(&self, part: &Part) -> Cropped {
        let pool = Pool { padding: part.padding, ..self.pool };
        Cropped::Anywhere(Self { pool, padding: self.padding }.into())
    }

    fn summary(&self) -> String {
        summary("mean pool", &self.pool)
    }

    fn descriptions() -> Vec<Description> {
        vec![
            Description::new("mean_pool", |keys, _| described(keys, PaddingInMean::Pixels)),
            Description::new("mean_pool_with_padding", |keys, _| described(keys, PaddingInMean::Padding)),
        ]
    }

    fn examples() -> Vec<Example> {
        ["mean_pool", "mean_pool_with_padding"].map(|kind| Example::new(kind, KEYS)).into()
    }

    fn random(&self, rng: &mut ChaCha8Rng, _: &[usize]) -> Option<Op> {
        Some(Self { pool: random_pool(rng), padding: self.padding }.into())
    }
}

fn described(keys: Table, padding: PaddingInMean) -> Result<Op, KeyError> {
    Ok(MeanPool { pool: keys.try_into::<Windows>()?.into(), padding }.into())
}

impl Builder {
    /// The mean of each window.
    pub fn mean_pool(self, name: &str, pool: Pool, padding: PaddingInMean) -> Self {
        self.node(name, MeanPool { pool, padding })
    }
}
