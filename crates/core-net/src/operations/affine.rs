//! `scale · x + shift`.

use super::{
    Cropping, Example, Op, Operation, Reach, Region, Shape, Step, Window, constants_of, misfit, random,
};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use tensor::{Tensor, affine, affine_gradient, tensor_of, to_f64s};

/// `scale · x + shift`: a batch normalization after training, or a sum or product with a constant.
#[derive(Clone, Debug)]
pub struct Affine {
    /// **Shape** `[channels]`, or that of one image.
    pub scale: Tensor,
    /// **Shape** as the scale's.
    pub shift: Tensor,
}

impl Operation for Affine {
    fn kind(&self) -> &'static str {
        "affine"
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        let (Self { scale, shift }, input) = (self, inputs[0]);
        let fits = |dims: &[usize]| dims == input || (!input.is_empty() && dims == &input[..1]);
        if fits(scale.dims()) && scale.dims() == shift.dims() {
            return Ok(input.to_vec());
        }
        let expected = format!("scale and shift both {:?} or both {input:?}", &input[..input.len().min(1)]);
        misfit(expected, format!("scale {:?} and shift {:?}", scale.dims(), shift.dims()))
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        affine(inputs[0], &self.scale, &self.shift)
    }

    fn adjoint(&self, step: &Step) -> Tensor {
        affine_gradient(step.signal, &self.scale)
    }

    fn derivative(&self, step: &Step) -> Tensor {
        self.adjoint(step)
    }

    fn tensors_mut(&mut self) -> Vec<&mut Tensor> {
        vec![&mut self.scale, &mut self.shift]
    }

    /// Where each place has its own constants, a window of one place.
    fn reach(&self) -> Reach {
        if self.scale.rank() == 3 { Reach::Window(Window::ONE_PLACE) } else { Reach::Place }
    }

    fn crop(&self, output: Region, _: [usize; 2], _: [usize; 4]) -> Cropping {
        let [scale, shift] = [&self.scale, &self.shift].map(|constants| constants_of(constants, output));
        Cropping::Here(Self { scale, shift }.into())
    }

    fn lipschitz_constant(&self, _: &[&[usize]]) -> Option<f64> {
        let scale = to_f64s(&self.scale);
        let finite = scale.iter().all(|s| s.is_finite());
        finite.then(|| scale.iter().fold(0.0, |most, s| s.abs().max(most)))
    }

    /// It has no description: its constants have no place in weight files.
    fn examples() -> Vec<Example> {
        let zeros = |shape: &[usize]| tensor_of(vec![0.0; shape.iter().product()], shape);
        [&[2][..], &[2, 5, 6]]
            .map(|shape| Example::undescribed(Self { scale: zeros(shape), shift: zeros(shape) }.into()))
            .into()
    }

    fn random(&self, rng: &mut ChaCha8Rng, input: &[usize]) -> Option<Op> {
        let shape = if rng.random() { input } else { &input[..1] };
        Some(Self { scale: random(rng, shape), shift: random(rng, shape) }.into())
    }
}
