//! What the core asks of an operation.

use super::{Description, Example, Op, Step};
use crate::changes::Changes;
use crate::region::{Reach, Region};
use crate::shape::Shape;
use rand_chacha::ChaCha8Rng;
use tensor::Tensor;

/// What an operation computes, how signals pass back through it, and what is known of it.
///
/// The methods without a body are what every operation must say.
/// The others have safe defaults: a unit sees the whole map, a change is recomputed whole, no finite norm is known,
/// and there are no parameters, no shortcut and no description.
pub(crate) trait Operation {
    /// Its name in descriptions of nets.
    fn kind(&self) -> &'static str;

    /// The shape of one image's output for inputs of these shapes: one of them, unless the operation is a join.
    fn output_shape(&self, inputs: &[&[usize]]) -> Shape;

    /// The output for a batch.
    fn forward(&self, inputs: &[&Tensor]) -> Tensor;

    /// The transposed linear map; for a nonlinearity or a normalization, the identity.
    fn adjoint(&self, step: &Step) -> Tensor;

    /// The true derivative: that of a linear map is its adjoint, which it says itself, so that no nonlinearity forgets its own.
    fn derivative(&self, step: &Step) -> Tensor;

    /// How it is described in TOML, by each of its names.
    fn descriptions() -> Vec<Description>
    where
        Self: Sized,
    {
        vec![]
    }

    /// Instances for tests: those of its descriptions.
    fn examples() -> Vec<Example>
    where
        Self: Sized,
    {
        Self::descriptions().iter().flat_map(Description::examples).collect()
    }

    /// Another instance for tests, with random parameters, on feature maps of this shape; the same, unless it says how.
    fn random(&self, _rng: &mut ChaCha8Rng, _input: &[usize]) -> Option<Op> {
        None
    }

    /// Its name with the settings that shape its output.
    fn summary(&self) -> String {
        self.kind().replace('_', " ")
    }

    /// The output, and what the way back needs beside it: a max pooling's switches.
    fn forward_with_switches(&self, inputs: &[&Tensor]) -> (Tensor, Option<Tensor>) {
        (self.forward(inputs), None)
    }

    /// The operation, if it reads several nodes.
    fn as_join(&self) -> Option<Join> {
        None
    }

    /// What a unit depends on.
    fn reach(&self) -> Reach {
        Reach::Map
    }

    /// The operation for a region of its output, a map of this height and width, where it reaches over a window;
    /// `padding` is what is left of it around the part of the input: top, left, bottom, right.
    fn crop(&self, _output: Region, _map: [usize; 2], _padding: [usize; 4]) -> Cropping {
        Cropping::Whole
    }

    /// Whether its output is its input, scalar by scalar, so that a change of the one is a change of the other.
    fn keeps_scalars(&self) -> bool {
        false
    }

    /// What changes in its output, where adding the difference is less work than computing it again.
    ///
    /// **Shape** before, the maps that change (the input is perhaps these maps flattened), `[1, …]`; after, the output, `[1, …]`.
    fn difference(&self, _changes: &Changes, _before: &Tensor, _after: &Tensor) -> Option<Changes> {
        None
    }

    /// The multiply-adds for a region of the output, where `read` of the maps below has changed: each weight at each place.
    fn multiply_adds(&self, output: Region, _read: Region, _maps: Region) -> usize {
        self.parameters().first().map_or(0, |(_, weight)| weight.elem_count() * output.area())
    }

    /// The smallest number that the distance of two outputs divided by the distance of their inputs does not exceed, where it has a closed form.
    fn lipschitz_constant(&self, _inputs: &[&[usize]]) -> Option<f64> {
        None
    }

    /// What training may change, by the name that weight files use; the weight first.
    fn parameters(&self) -> Vec<(&'static str, &Tensor)> {
        vec![]
    }

    /// The same, to be replaced.
    fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        vec![]
    }

    /// Every tensor of the operation, parameter or constant, to be replaced.
    fn tensors_mut(&mut self) -> Vec<&mut Tensor> {
        self.parameters_mut()
    }

    /// The derivative with respect to each parameter.
    fn parameter_gradients(&self, _input: &Tensor, _signal: &Tensor) -> Vec<Tensor> {
        vec![]
    }
}

/// What becomes of several nodes.
#[derive(Clone, Copy)]
pub(crate) enum Join {
    /// The channels, one node's after the other's.
    Concat,
    /// The sum.
    Add,
}

/// An operation on a part of its map.
pub(crate) enum Cropping {
    /// It is computed on the whole map only.
    Whole,
    /// The operation for every part with this padding.
    Anywhere(Op),
    /// The operation for this part: it has weights or constants of its places.
    Here(Op),
}
