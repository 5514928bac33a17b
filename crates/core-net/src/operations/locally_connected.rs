//! Locally connected layers: filters of each place's own.

use super::{
    Cropping, Description, KeyError, Op, Operation, Reach, Region, Shape, Size, Step, Window, by,
    constants_of, maps, misfit, random, zeros,
};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;
use tensor::{
    Fields, Tensor, locally_connected, locally_connected_data_gradient, locally_connected_weight_gradient,
};

/// Filters of each place's own: a convolution whose weights are not shared.
#[derive(Clone, Debug)]
pub struct LocallyConnected {
    /// **Shape** `[places, maps, channels · field height · field width]`, the places row by row
    pub weight: Tensor,
    /// **Shape** `[maps, rows of places, columns of places]`
    pub bias: Option<Tensor>,
    /// How the receptive fields lie.
    pub fields: Fields,
}

impl Operation for LocallyConnected {
    fn kind(&self) -> &'static str {
        "locally_connected"
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        let Self { weight, bias, fields } = self;
        let [channels, height, width] = maps(inputs[0])?;
        let Some([down, across]) = fields.output_size([height, width]) else {
            return misfit(format!("fields that fit into {:?}", inputs[0]), format!("{fields:?}"));
        };
        let (places, depth) = (down * across, channels * fields.size[0] * fields.size[1]);
        let output = match *weight.dims() {
            [p, maps, d] if p == places && d == depth && maps > 0 => vec![maps, down, across],
            ref other => return misfit(format!("weight [{places}, maps, {depth}]"), format!("{other:?}")),
        };
        match bias {
            Some(bias) if bias.dims() != output => {
                misfit(format!("bias {output:?}"), format!("{:?}", bias.dims()))
            }
            _ => Ok(output),
        }
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        locally_connected(inputs[0], &self.weight, self.bias.as_ref(), &self.fields)
    }

    fn adjoint(&self, step: &Step) -> Tensor {
        locally_connected_data_gradient(step.signal, &self.weight, step.input_map(), &self.fields)
    }

    fn derivative(&self, step: &Step) -> Tensor {
        self.adjoint(step)
    }

    fn parameters(&self) -> Vec<(&'static str, &Tensor)> {
        let bias = self.bias.iter().map(|bias| ("bias", bias));
        std::iter::once(("weight", &self.weight)).chain(bias).collect()
    }

    fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        std::iter::once(&mut self.weight).chain(&mut self.bias).collect()
    }

    fn parameter_gradients(&self, input: &Tensor, signal: &Tensor) -> Vec<Tensor> {
        let weight = locally_connected_weight_gradient(signal, input, &self.fields);
        let bias = self.bias.iter().map(|_| signal.sum(0).expect("a sum over the batch"));
        std::iter::once(weight).chain(bias).collect()
    }

    fn reach(&self) -> Reach {
        let Fields { size, stride } = self.fields;
        Reach::Window(Window { kernel: size, stride, padding: [0; 4], dilation: [1, 1] })
    }

    fn crop(&self, output: Region, map: [usize; 2], _: [usize; 4]) -> Cropping {
        let bias = self.bias.as_ref().map(|bias| constants_of(bias, output));
        let weight = filters_at(&self.weight, map, output);
        Cropping::Here(Self { weight, bias, fields: self.fields }.into())
    }

    /// Each weight is used at one place.
    fn multiply_adds(&self, output: Region, _: Region, _: Region) -> usize {
        self.weight.elem_count() / self.weight.dims()[0] * output.area()
    }

    fn summary(&self) -> String {
        format!("locally connected {} /{}", by(self.fields.size), by(self.fields.stride))
    }

    fn descriptions() -> Vec<Description> {
        let examples = ["maps = 3, size = [3, 2], stride = 2", "maps = 2, size = 2, bias = false"];
        vec![Description::new("locally_connected", &examples, |keys, input| {
            keys.try_into::<Keys>()?.on(input)
        })]
    }

    fn random(&self, rng: &mut ChaCha8Rng, input: &[usize]) -> Option<Op> {
        let &[channels, height, width] = input else { return None };
        let fields = Fields {
            size: [height, width].map(|side| rng.random_range(1..4).min(side)),
            stride: std::array::from_fn(|_| rng.random_range(1..4)),
        };
        let [down, across] = fields.output_size([height, width])?;
        let maps = rng.random_range(1..4);
        let weight = random(rng, &[down * across, maps, channels * fields.size[0] * fields.size[1]]);
        let bias = rng.random::<bool>().then(|| random(rng, &[maps, down, across]));
        Some(Self { weight, bias, fields }.into())
    }
}

/// The filters `[places, maps, depth]` of a region of the map, whose places lie row by row.
fn filters_at(weight: &Tensor, [height, width]: [usize; 2], region: Region) -> Tensor {
    let (maps, depth) = (weight.dims()[1], weight.dims()[2]);
    let rows =
        weight.reshape((height, width, maps * depth)).and_then(|w| w.narrow(0, region.top, region.height));
    let part = rows.and_then(|rows| rows.narrow(1, region.left, region.width)?.contiguous());
    let part = part.and_then(|part| part.reshape((region.height * region.width, maps, depth)));
    part.expect("filters of a region of the map")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    maps: u32,
    size: Size,
    #[serde(default)]
    stride: Size,
    bias: Option<bool>,
}

impl Keys {
    /// Filters for no place where the fields do not fit; the builder then says so.
    fn on(self, input: &[usize]) -> Result<Op, KeyError> {
        let fields = Fields { size: self.size.into(), stride: self.stride.into() };
        let channels = input.first().copied().unwrap_or(0);
        let map = input.get(1..3).map_or([0; 2], |map| [map[0], map[1]]);
        let [down, across] = fields.output_size(map).unwrap_or([0; 2]);
        let (depth, maps) = (channels * fields.size[0] * fields.size[1], self.maps as usize);
        let bias = self.bias.unwrap_or(true).then(|| zeros(&[maps, down, across])).transpose()?;
        Ok(LocallyConnected { weight: zeros(&[down * across, maps, depth])?, bias, fields }.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::tests::{output_of, zeros};

    #[test]
    fn filters_of_each_place_are_as_many_as_places_and_see_a_field_in_all_channels() {
        let local = |weight: &[usize], bias: Option<&[usize]>, fields: Fields| {
            output_of(LocallyConnected { weight: zeros(weight), bias: bias.map(zeros), fields })
        };
        let square = Fields::square;
        assert_eq!(local(&[4, 7, 18], Some(&[7, 2, 2]), square(3, 2)), Ok(vec![7, 2, 2]));
        let refused = [
            (local(&[5, 7, 18], None, square(3, 2)), "weight [4, maps, 18], got [5, 7, 18]"),
            (local(&[4, 7, 18], Some(&[7]), square(3, 2)), "bias [7, 2, 2], got [7]"),
            (
                local(&[4, 7, 18], None, square(3, 0)),
                "fields that fit into [2, 6, 5], got Fields { size: [3, 3], stride: [0, 0]",
            ),
            (
                local(&[4, 7, 72], None, square(6, 2)),
                "fields that fit into [2, 6, 5], got Fields { size: [6, 6]",
            ),
        ];
        for (found, expected) in refused {
            let error = found.expect_err(expected);
            assert!(error.starts_with(&format!("node a: expected {expected}")), "{error}");
        }
    }
}
