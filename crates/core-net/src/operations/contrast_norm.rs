//! Contrast normalization over a neighborhood in all channels.

use super::{Description, Operation, Reach, Shape, Step, maps, misfit};
use serde::Deserialize;
use tensor::{ContrastNorm, Tensor, contrast_norm, contrast_norm_gradient};

impl Operation for ContrastNorm {
    fn kind(&self) -> &'static str {
        "contrast_norm"
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        let Self { size, deviation } = self;
        if size % 2 == 0 || *deviation <= 0.0 {
            return misfit("an odd window with a positive deviation", format!("{size} with {deviation}"));
        }
        maps(inputs[0]).map(Vec::from)
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        contrast_norm(inputs[0], self)
    }

    fn adjoint(&self, step: &Step) -> Tensor {
        step.signal.clone()
    }

    fn derivative(&self, step: &Step) -> Tensor {
        contrast_norm_gradient(step.signal, step.input, self)
    }

    fn reach(&self) -> Reach {
        Reach::Neighborhood
    }

    fn summary(&self) -> String {
        "contrast normalization".into()
    }

    fn descriptions() -> Vec<Description> {
        let examples = ["size = 3, deviation = 1.0", "size = 5, deviation = 1.2"];
        vec![Description::new("contrast_norm", &examples, |keys, _| {
            let Keys { size, deviation } = keys.try_into()?;
            Ok(ContrastNorm { size: size.into(), deviation }.into())
        })]
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    size: u16,
    deviation: f64,
}
