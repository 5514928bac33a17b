//! The same scalars in another shape or order.

use super::{Description, Op, Operation, Shape, Step, misfit};
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;
use tensor::{Tensor, transpose};

pub(super) struct Flatten;

/// The same scalars in another shape, that of one image.
#[derive(Clone, Debug)]
pub struct Reshape(
    /// **Shape** of one image.
    pub Vec<usize>,
);

/// The axes in another order.
#[derive(Clone, Debug)]
pub struct Transpose(
    /// By axis of the output, the axis of the input; they count the batch, which stays first.
    pub Vec<usize>,
);

impl Operation for Flatten {
    fn kind(&self) -> &'static str {
        "flatten"
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        Ok(vec![inputs[0].iter().product()])
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        inputs[0].flatten_from(1).expect("a batch of images")
    }

    fn adjoint(&self, step: &Step) -> Tensor {
        as_read(step)
    }

    fn derivative(&self, step: &Step) -> Tensor {
        self.adjoint(step)
    }

    fn keeps_scalars(&self) -> bool {
        true
    }

    fn lipschitz_constant(&self, _: &[&[usize]]) -> Option<f64> {
        Some(1.0)
    }
}

impl Operation for Reshape {
    fn kind(&self) -> &'static str {
        "reshape"
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        let (Self(shape), input) = (self, inputs[0]);
        let scalars: usize = input.iter().product();
        if shape.iter().product::<usize>() == scalars {
            return Ok(shape.clone());
        }
        misfit(format!("a shape of {scalars} scalars for input {input:?}"), format!("{shape:?}"))
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        let shape = [&inputs[0].dims()[..1], &self.0].concat();
        inputs[0].reshape(shape).expect("as many scalars, as the builder checked")
    }

    fn adjoint(&self, step: &Step) -> Tensor {
        as_read(step)
    }

    fn derivative(&self, step: &Step) -> Tensor {
        self.adjoint(step)
    }

    fn lipschitz_constant(&self, _: &[&[usize]]) -> Option<f64> {
        Some(1.0)
    }

    fn descriptions() -> Vec<Description> {
        vec![Description::new("reshape", &["shape = [3, 20]"], |keys, _| {
            let shape = keys.try_into::<ReshapeKeys>()?.shape;
            Ok(Reshape(shape.into_iter().map(|side| side as usize).collect()).into())
        })]
    }

    fn random(&self, _: &mut ChaCha8Rng, input: &[usize]) -> Option<Op> {
        let &[channels, height, width] = input else { return None };
        Some(Self(vec![width, channels, height]).into())
    }
}

impl Operation for Transpose {
    fn kind(&self) -> &'static str {
        "transpose"
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        let (Self(axes), input) = (self, inputs[0]);
        let mut sorted = axes.clone();
        sorted.sort_unstable();
        if axes.first() == Some(&0) && sorted.iter().copied().eq(0..=input.len()) {
            return Ok(axes[1..].iter().map(|axis| input[axis - 1]).collect());
        }
        let expected = format!("an order of the axes 0 to {} with the batch, 0, first", input.len());
        misfit(expected, format!("{axes:?}"))
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        transpose(inputs[0], &self.0)
    }

    /// The order that undoes this one.
    fn adjoint(&self, step: &Step) -> Tensor {
        let mut inverse = vec![0; self.0.len()];
        self.0.iter().enumerate().for_each(|(to, &from)| inverse[from] = to);
        transpose(step.signal, &inverse)
    }

    fn derivative(&self, step: &Step) -> Tensor {
        self.adjoint(step)
    }

    fn lipschitz_constant(&self, _: &[&[usize]]) -> Option<f64> {
        Some(1.0)
    }

    fn summary(&self) -> String {
        format!("transpose {:?}", self.0)
    }

    fn descriptions() -> Vec<Description> {
        let examples = ["order = [0, 3, 1, 2]", "order = [0, 1, 3, 2]", "order = [0, 2, 1, 3]"];
        vec![Description::new("transpose", &examples, |keys, _| {
            Ok(Transpose(keys.try_into::<TransposeKeys>()?.order).into())
        })]
    }
}

/// The signal in the shape of what was read.
fn as_read(step: &Step) -> Tensor {
    step.signal.reshape(step.input.dims()).expect("as many scalars as in the forward pass")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReshapeKeys {
    shape: Vec<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TransposeKeys {
    order: Vec<usize>,
}
