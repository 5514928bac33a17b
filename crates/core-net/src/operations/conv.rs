//! Convolutions: filters that slide over the feature maps.

use super::{
    Cropping, Description, KeyError, Op, Operation, Padding, Reach, Region, Shape, Size, Step, Window, by,
    maps, misfit, random, zeros,
};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;
use tensor::{
    Conv, Tensor, conv2d, conv2d_bias_gradient, conv2d_data_gradient, conv2d_filter_gradient, conv2d_relu,
};

/// Filters that slide over the feature maps.
#[derive(Clone, Debug)]
pub struct Convolution {
    /// **Shape** `[outputs, channels / groups, height, width]`
    pub weight: Tensor,
    /// **Shape** `[outputs]`
    pub bias: Option<Tensor>,
    /// How the filters slide.
    pub conv: Conv,
}

impl Convolution {
    fn kernel(&self) -> [usize; 2] {
        [self.weight.dims()[2], self.weight.dims()[3]]
    }

    /// The output, rectified: without a pass over the maps of its own.
    pub(crate) fn forward_rectified(&self, x: &Tensor) -> Tensor {
        conv2d_relu(x, &self.weight, self.bias.as_ref(), &self.conv)
    }
}

impl Operation for Convolution {
    fn kind(&self) -> &'static str {
        "conv"
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        let Self { weight, bias, conv } = self;
        let [channels, height, width] = maps(inputs[0])?;
        if conv.stride.contains(&0) || conv.dilation.contains(&0) {
            return misfit("a stride and a dilation of at least 1", format!("{conv:?}"));
        }
        let groups = conv.groups;
        let divided = |n: usize| groups > 0 && n > 0 && n.is_multiple_of(groups);
        let outputs = match *weight.dims() {
            [o, c, _, _] if divided(o) && divided(channels) && c == channels / groups => o,
            _ => {
                let expected = format!(
                    "weight [outputs, {channels} / {groups}, height, width] with outputs divisible by {groups}"
                );
                return misfit(expected, format!("{:?}", weight.dims()));
            }
        };
        if let Some(bias) = bias.as_ref().filter(|bias| bias.dims() != [outputs]) {
            return misfit(format!("bias [{outputs}]"), format!("{:?}", bias.dims()));
        }
        let kernel = self.kernel();
        match conv.output_size([height, width], kernel) {
            Some([h, w]) => Ok(vec![outputs, h, w]),
            None => misfit(
                format!("a filter that fits into {:?}", inputs[0]),
                format!("{kernel:?} with {conv:?}"),
            ),
        }
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        conv2d(inputs[0], &self.weight, self.bias.as_ref(), &self.conv)
    }

    fn adjoint(&self, step: &Step) -> Tensor {
        conv2d_data_gradient(step.signal, &self.weight, step.input_map(), &self.conv)
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
        let weight = conv2d_filter_gradient(signal, input, self.kernel(), &self.conv);
        let bias = self.bias.iter().map(|_| conv2d_bias_gradient(signal));
        std::iter::once(weight).chain(bias).collect()
    }

    fn reach(&self) -> Reach {
        let Conv { stride, padding, dilation, .. } = self.conv;
        Reach::Window(Window { kernel: self.kernel(), stride, padding, dilation })
    }

    fn crop(&self, _: Region, _: [usize; 2], padding: [usize; 4]) -> Cropping {
        let conv = Conv { padding, ..self.conv };
        Cropping::Anywhere(Self { conv, ..self.clone() }.into())
    }

    fn summary(&self) -> String {
        let groups = self.conv.groups;
        let groups = if groups == 1 { String::new() } else { format!(", {groups} groups") };
        format!("conv {} /{}{groups}", by(self.kernel()), by(self.conv.stride))
    }

    fn descriptions() -> Vec<Description> {
        let all = "filters = 4, kernel = [3, 2], stride = [2, 1], padding = [1, 2, 0, 1], dilation = [1, 2], groups = 2";
        vec![Description::new("conv", &[all, "filters = 3, kernel = 3, bias = false"], |keys, input| {
            keys.try_into::<Keys>()?.on(input.first().copied().unwrap_or(0))
        })]
    }

    fn random(&self, rng: &mut ChaCha8Rng, input: &[usize]) -> Option<Op> {
        let channels = input[0];
        let groups = if channels.is_multiple_of(2) && rng.random() { 2 } else { 1 };
        let outputs = groups * rng.random_range(1..3);
        let kernel: [usize; 2] = std::array::from_fn(|_| rng.random_range(1..4));
        let conv = Conv {
            stride: std::array::from_fn(|_| rng.random_range(1..4)),
            padding: std::array::from_fn(|_| rng.random_range(0..4)),
            dilation: std::array::from_fn(|_| rng.random_range(1..3)),
            groups,
        };
        let weight = random(rng, &[outputs, channels / groups, kernel[0], kernel[1]]);
        let bias = rng.random::<bool>().then(|| random(rng, &[outputs]));
        Some(Self { weight, bias, conv }.into())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    filters: u32,
    kernel: Size,
    #[serde(default)]
    stride: Size,
    #[serde(default)]
    padding: Padding,
    #[serde(default)]
    dilation: Size,
    groups: Option<u32>,
    bias: Option<bool>,
}

impl Keys {
    fn on(self, channels: usize) -> Result<Op, KeyError> {
        let (filters, groups) = (self.filters as usize, self.groups.unwrap_or(1) as usize);
        let [height, width] = self.kernel.into();
        let conv = Conv {
            stride: self.stride.into(),
            padding: self.padding.into(),
            dilation: self.dilation.into(),
            groups,
        };
        let weight = zeros(&[filters, channels.checked_div(groups).unwrap_or(0), height, width])?;
        let bias = self.bias.unwrap_or(true).then(|| zeros(&[filters])).transpose()?;
        Ok(Convolution { weight, bias, conv }.into())
    }
}
