//! A border around feature maps.

use super::{Cropping, Description, Op, Operation, Padding, Reach, Region, Shape, Step, Window, maps};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;
use tensor::{Tensor, pad, pad_gradient};

/// A border of one value around every feature map.
#[derive(Clone, Debug)]
pub struct Pad {
    /// Rows and columns: top, left, bottom, right.
    pub padding: [usize; 4],
    /// What stands in them.
    pub value: f64,
}

impl Operation for Pad {
    fn kind(&self) -> &'static str {
        "pad"
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        let [channels, height, width] = maps(inputs[0])?;
        let [top, left, bottom, right] = self.padding;
        Ok(vec![channels, top + height + bottom, left + width + right])
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        pad(inputs[0], self.padding, self.value)
    }

    fn adjoint(&self, step: &Step) -> Tensor {
        pad_gradient(step.signal, self.padding)
    }

    fn derivative(&self, step: &Step) -> Tensor {
        self.adjoint(step)
    }

    fn reach(&self) -> Reach {
        Reach::Window(Window { padding: self.padding, ..Window::ONE_PLACE })
    }

    fn crop(&self, _: Region, _: [usize; 2], padding: [usize; 4]) -> Cropping {
        Cropping::Anywhere(Self { padding, value: self.value }.into())
    }

    fn lipschitz_constant(&self, _: &[&[usize]]) -> Option<f64> {
        Some(1.0)
    }

    fn descriptions() -> Vec<Description> {
        vec![Description::new("pad", &["padding = [1, 0, 2, 3], value = 0.5"], |keys, _| {
            let Keys { padding, value } = keys.try_into()?;
            Ok(Pad { padding: padding.into(), value }.into())
        })]
    }

    fn random(&self, rng: &mut ChaCha8Rng, _: &[usize]) -> Option<Op> {
        Some(Self { padding: std::array::from_fn(|_| rng.random_range(0..3)), value: 0.7 }.into())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    padding: Padding,
    #[serde(default)]
    value: f64,
}
