//! Layers in the words of the papers' figures, with parameters that begin at random or at 0.

use crate::builder::{BuildError, Builder};
use crate::net::Net;
use crate::operations::Op;
use serde::Serialize;
use std::fmt::Display;
use tensor::{Conv, DType, Pool, Rounding, Tensor, normal, seeded, tensor_of};

/// A net in the making: a [`Builder`] that knows its parameters' sizes and first values.
pub(super) struct Layers {
    builder: Builder,
    initial: Initial,
}

/// Initial values of parameters. Each layer's weights have their own stream of random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub enum Initial {
    /// Zeros, to be read from a file.
    Zero,
    /// Weights Gaussian with one deviation in every layer, biases 0.
    ///
    /// **Paper** Zeiler & Fergus 2013, §3, which says "all weights are initialized to 10⁻²"; Krizhevsky et al. 2012, §5, that they are drawn.
    Fixed {
        /// Of every weight.
        deviation: f64,
        /// Of all streams.
        seed: u64,
    },
    /// Weights Gaussian with variance `2 / inputs`, biases 0: signals keep their size from layer to layer, so that small nets start, too.
    ///
    /// **Paper** He, Zhang, Ren & Sun 2015, §2.2
    Gaussian {
        /// Of all streams.
        seed: u64,
    },
    /// The same, but the last layer's weights with deviation 1e-2, so that the first guesses are even:
    /// with `Gaussian` and dropout, a small net is pushed to one constant output at first and stays there.
    EvenGuesses {
        /// Of all streams.
        seed: u64,
    },
}

/// Square filters.
#[derive(Clone, Copy)]
pub(super) struct Filters<'a> {
    number: usize,
    size: usize,
    stride: usize,
    padding: usize,
    groups: usize,
    stored_as: Option<&'a str>,
}

/// `number` filters of `size` rows and columns, at every pixel.
pub(super) fn filters<'a>(number: usize, size: usize) -> Filters<'a> {
    Filters { number, size, stride: 1, padding: 0, groups: 1, stored_as: None }
}

impl<'a> Filters<'a> {
    /// From one place to the next, in pixels.
    pub fn stride(self, stride: usize) -> Self {
        Self { stride, ..self }
    }

    /// Rows and columns of 0 on each side.
    pub fn padding(self, padding: usize) -> Self {
        Self { padding, ..self }
    }

    /// What weight files call them.
    pub fn stored_as(self, prefix: &'a str) -> Self {
        Self { stored_as: Some(prefix), ..self }
    }

    /// Each group of filters sees its share of the channels only.
    pub fn groups(self, groups: usize) -> Self {
        Self { groups, ..self }
    }
}

impl Layers {
    /// No layer yet, on images of this shape.
    pub fn on(image: [usize; 3], initial: Initial) -> Self {
        Self { builder: Builder::new(&image), initial }
    }

    /// A convolution.
    pub fn conv(self, name: &str, filters: Filters) -> Self {
        let Filters { number, size, stride, padding, groups, stored_as } = filters;
        let channels = self.builder.shape().first().map_or(0, |channels| channels / groups);
        let weight = self.weight(name, &[number, channels, size, size]);
        let conv = Conv { stride: [stride; 2], padding: [padding; 4], groups, ..Conv::default() };
        let prefix = stored_as.unwrap_or(name);
        self.then(|builder| builder.conv(name, weight, zeros(&[number]), conv).stored_as(prefix))
    }

    /// The convolution `conv1`, rectified by `relu1`, and so on.
    pub fn conv_relu(self, layer: impl Display, filters: Filters) -> Self {
        self.conv(&format!("conv{layer}"), filters).relu(&format!("relu{layer}"))
    }

    /// A dense layer on the whole layer before it.
    pub fn dense(self, name: &str, outputs: usize) -> Self {
        let weight = self.weight(name, &[outputs, self.builder.shape().iter().product()]);
        self.then(|builder| builder.linear(name, weight, zeros(&[outputs])))
    }

    /// The last dense layer, whose outputs are the logits.
    pub fn logits(self, name: &str, classes: usize) -> Self {
        match self.initial {
            Initial::EvenGuesses { seed } => {
                let last = Initial::Fixed { deviation: 1e-2, seed };
                Self { initial: last, ..self }.dense(name, classes)
            }
            _ => self.dense(name, classes),
        }
    }

    /// The maxima of square windows inside the map.
    pub fn max_pool(self, name: &str, size: usize, stride: usize) -> Self {
        self.rounded_max_pool(name, size, stride, Rounding::Floor)
    }

    /// The maxima of square windows; a last window may reach beyond the map.
    pub fn max_pool_ceil(self, name: &str, size: usize, stride: usize) -> Self {
        self.rounded_max_pool(name, size, stride, Rounding::Ceil)
    }

    pub fn rounded_max_pool(self, name: &str, size: usize, stride: usize, rounding: Rounding) -> Self {
        let pool = Pool { rounding, ..Pool::square(size, stride) };
        self.then(|builder| builder.max_pool(name, pool))
    }

    /// An operation without parameters.
    pub fn node(self, name: &str, op: impl Into<Op>) -> Self {
        self.then(|builder| builder.node(name, op))
    }

    /// What weight files call the last layer.
    pub fn stored_as(self, prefix: &str) -> Self {
        self.then(|builder| builder.stored_as(prefix))
    }

    pub fn relu(self, name: &str) -> Self {
        self.then(|builder| builder.relu(name))
    }

    pub fn dropout(self, name: &str) -> Self {
        self.then(|builder| builder.dropout(name))
    }

    pub fn flatten(self, name: &str) -> Self {
        self.then(|builder| builder.flatten(name))
    }

    pub fn after(self, name: &str) -> Self {
        self.then(|builder| builder.after(name))
    }

    pub fn concat(self, name: &str, inputs: &[&str]) -> Self {
        self.then(|builder| builder.concat(name, inputs))
    }

    /// The net, unless the image is too small for a layer.
    pub fn net(self) -> Result<Net, BuildError> {
        self.builder.build()
    }

    fn then(self, layer: impl FnOnce(Builder) -> Builder) -> Self {
        Self { builder: layer(self.builder), ..self }
    }

    fn weight(&self, name: &str, shape: &[usize]) -> Tensor {
        let inputs: usize = shape[1..].iter().product();
        let (deviation, seed) = match self.initial {
            Initial::Zero => return zeros(shape),
            Initial::Fixed { deviation, seed } => (deviation, seed),
            Initial::Gaussian { seed } | Initial::EvenGuesses { seed } => {
                ((2.0 / inputs.max(1) as f64).sqrt(), seed)
            }
        };
        normal(&mut seeded(seed, &format!("initial weights of {name}")), shape, deviation, DType::F32)
    }
}

fn zeros(shape: &[usize]) -> Tensor {
    tensor_of(vec![0.0f32; shape.iter().product()], shape)
}
