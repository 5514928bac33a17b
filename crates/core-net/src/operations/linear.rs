//! Dense layers.

use super::{Changes, Description, Op, Operation, Region, Shape, Step, map_of, misfit, random, zeros};
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;
use tensor::{Tensor, linear, linear_bias_gradient, linear_data_gradient, linear_weight_gradient};

/// A region's weights are gathered where the map is more than this many times as large.
///
/// Gathering a weight costs some 32 multiply-adds, and some eight copies share a region: the actual number
/// must not decide, for then a copy's result would depend on the others.
const WORTH_GATHERING: usize = 5;

/// `x Wᵀ + b`
#[derive(Clone, Debug)]
pub struct Linear {
    /// **Shape** `[outputs, inputs]`
    pub weight: Tensor,
    /// **Shape** `[outputs]`
    pub bias: Tensor,
}

impl Operation for Linear {
    fn kind(&self) -> &'static str {
        "linear"
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        match (self.weight.dims(), self.bias.dims(), inputs[0]) {
            (&[outputs, i], &[b], &[n]) if outputs == b && i == n => Ok(vec![outputs]),
            (weight, bias, input) => misfit(
                format!("weight [outputs, inputs] and bias [outputs] for input {input:?}"),
                format!("weight {weight:?} and bias {bias:?}"),
            ),
        }
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        linear(inputs[0], &self.weight, &self.bias)
    }

    fn adjoint(&self, step: &Step) -> Tensor {
        linear_data_gradient(step.signal, &self.weight)
    }

    fn derivative(&self, step: &Step) -> Tensor {
        self.adjoint(step)
    }

    fn parameters(&self) -> Vec<(&'static str, &Tensor)> {
        vec![("weight", &self.weight), ("bias", &self.bias)]
    }

    fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        vec![&mut self.weight, &mut self.bias]
    }

    fn parameter_gradients(&self, input: &Tensor, signal: &Tensor) -> Vec<Tensor> {
        vec![linear_weight_gradient(signal, input), linear_bias_gradient(signal)]
    }

    /// `W x′ + b`, or `y + W (x′ − x)` of the changed inputs alone where that is less work.
    fn difference(&self, changes: &Changes, before: &Tensor, after: &Tensor) -> Option<Changes> {
        let whole = Region::whole(map_of(&before.dims()[1..]));
        let mut found = Changes::none(changes.len());
        let mut rest = vec![];
        for (region, copies) in changes.by_region() {
            if whole.area() <= WORTH_GATHERING * region.area() {
                rest.extend(copies);
                continue;
            }
            let added = self.added(changes, before, &copies, region);
            let result = after.broadcast_add(&added).expect("rows of one length");
            found.push(copies.into_iter().map(|copy| (copy, Region::unit(0, 0))), result);
        }
        if !rest.is_empty() {
            let inputs = changes.windows(before, &rest, &vec![whole; rest.len()]);
            let result = self.forward(&[&inputs.flatten_from(1).expect("a batch")]);
            found.push(rest.into_iter().map(|copy| (copy, Region::unit(0, 0))), result);
        }
        Some(found)
    }

    /// Each weight is used once, if what it reads has changed.
    fn multiply_adds(&self, _: Region, read: Region, maps: Region) -> usize {
        self.weight.elem_count() / maps.area() * read.area()
    }

    fn descriptions() -> Vec<Description> {
        vec![Description::new("linear", &["outputs = 3"], |keys, input| {
            let outputs = keys.try_into::<Keys>()?.outputs as usize;
            let weight = zeros(&[outputs, input.iter().product()])?;
            Ok(Linear { weight, bias: zeros(&[outputs])? }.into())
        })]
    }

    fn random(&self, rng: &mut ChaCha8Rng, input: &[usize]) -> Option<Op> {
        let weight = random(rng, &[3, input.iter().product()]);
        Some(Self { weight, bias: random(rng, &[3]) }.into())
    }
}

impl Linear {
    /// `W (x′ − x)` of copies that have changed in one region.
    fn added(&self, changes: &Changes, before: &Tensor, copies: &[usize], region: Region) -> Tensor {
        let flat =
            |maps: &Tensor| maps.flatten_from(1).expect("a batch").contiguous().expect("a copy in memory");
        let values = changes.windows(before, copies, &vec![region; copies.len()]);
        let difference = values.broadcast_sub(&region.view(before)).expect("values of the region");
        let inputs = [&self.weight.dims()[..1], &before.dims()[1..]].concat();
        let columns = region.view(&self.weight.reshape(inputs).expect("a weight for each input"));
        let zeros = Tensor::zeros(self.weight.dims()[0], difference.dtype(), difference.device());
        linear(&flat(&difference), &flat(&columns), &zeros.expect("zeros in memory"))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    outputs: u32,
}
