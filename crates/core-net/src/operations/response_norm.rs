//! Response normalization across neighboring channels.

use super::{Description, Operation, Reach, Shape, Step, maps, misfit};
use serde::Deserialize;
use tensor::{ResponseNorm, Tensor, response_norm, response_norm_gradient};

impl Operation for ResponseNorm {
    fn kind(&self) -> &'static str {
        "response_norm"
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        if self.size == 0 {
            return misfit("a window of channels", format!("{self:?}"));
        }
        maps(inputs[0]).map(Vec::from)
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        response_norm(inputs[0], self)
    }

    fn adjoint(&self, step: &Step) -> Tensor {
        step.signal.clone()
    }

    fn derivative(&self, step: &Step) -> Tensor {
        response_norm_gradient(step.signal, step.input, self)
    }

    fn reach(&self) -> Reach {
        Reach::Place
    }

    fn summary(&self) -> String {
        "response normalization".into()
    }

    fn descriptions() -> Vec<Description> {
        let examples =
            ["size = 4", "size = 3"].map(|size| format!("{size}, alpha = 0.5, beta = 0.75, kappa = 1.5"));
        vec![Description::new("response_norm", &examples, |keys, _| {
            let Keys { size, alpha, beta, kappa } = keys.try_into()?;
            Ok(ResponseNorm { size: size.into(), alpha, beta, kappa }.into())
        })]
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    size: u16,
    alpha: f64,
    beta: f64,
    kappa: f64,
}
