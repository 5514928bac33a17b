//! Layers in the words of the papers' figures, with parameters that begin at random or at 0.

use crate::builder::{BuildError, Builder};
use crate::net::Net;
use tensor::{ContrastNorm, Conv, DType, Pool, ResponseNorm, Rounding, Tensor, normal, seeded, tensor_of};

/// A net in the making: a [`Builder`] that knows its parameters' sizes and first values.
pub(super) struct Layers {
    builder: Builder,
    initial: Initial,
}

/// How parameters begin.
#[derive(Clone, Copy)]
pub(super) enum Initial {
    /// At 0, to be read from a file.
    Zero,
    /// Weights Gaussian with variance `2 / inputs`, each layer's from its own stream; biases 0.
    ///
    /// **Paper** He, Zhang, Ren & Sun 2015, §2.2
    Gaussian {
        /// Of all streams.
        seed: u64,
    },
}

/// Square filters.
#[derive(Clone, Copy)]
pub(super) struct Filters {
    number: usize,
    size: usize,
    stride: usize,
    padding: usize,
    groups: usize,
}

/// So many filters of so many rows and columns, at every pixel.
pub(super) fn filters(number: usize, size: usize) -> Filters {
    Filters { number, size, stride: 1, padding: 0, groups: 1 }
}

impl Filters {
    /// From one place to the next, in pixels.
    pub fn stride(self, stride: usize) -> Self {
        Self { stride, ..self }
    }

    /// Rows and columns of 0 on each side.
    pub fn padding(self, padding: usize) -> Self {
        Self { padding, ..self }
    }

    /// Each group of filters sees its share of the channels only.
    pub fn groups(self, groups: usize) -> Self {
        Self { groups, ..self }
    }
}

impl Layers {
    /// Nothing but images of this shape.
    pub fn on(image: [usize; 3], initial: Initial) -> Self {
        Self { builder: Builder::new(&image), initial }
    }

    /// A convolution.
    pub fn conv(self, name: &str, filters: Filters) -> Self {
        let Filters { number, size, stride, padding, groups } = filters;
        let channels = self.builder.shape().first().map_or(0, |channels| channels / groups);
        let weight = self.weight(name, &[number, channels, size, size]);
        let conv = Conv { stride: [stride; 2], padding: [padding; 4], groups, ..Conv::default() };
        self.then(|builder| builder.conv(name, weight, zeros(&[number]), conv))
    }

    /// A dense layer on all that lies before it.
    pub fn dense(self, name: &str, outputs: usize) -> Self {
        let weight = self.weight(name, &[outputs, self.builder.shape().iter().product()]);
        self.then(|builder| builder.linear(name, weight, zeros(&[outputs])))
    }

    /// The maxima of square windows; a last window may reach beyond the map.
    pub fn max_pool_ceil(self, name: &str, size: usize, stride: usize) -> Self {
        let pool = Pool { rounding: Rounding::Ceil, ..Pool::square(size, stride) };
        self.then(|builder| builder.max_pool(name, pool))
    }

    /// The maxima of square windows inside the map.
    pub fn max_pool(self, name: &str, size: usize, stride: usize) -> Self {
        self.then(|builder| builder.max_pool(name, Pool::square(size, stride)))
    }

    /// What weight files call the last layer.
    pub fn stored_as(self, prefix: &str) -> Self {
        self.then(|builder| builder.stored_as(prefix))
    }

    pub fn relu(self, name: &str) -> Self {
        self.then(|builder| builder.relu(name))
    }

    pub fn response_norm(self, name: &str, norm: ResponseNorm) -> Self {
        self.then(|builder| builder.response_norm(name, norm))
    }

    pub fn contrast_norm(self, name: &str, norm: ContrastNorm) -> Self {
        self.then(|builder| builder.contrast_norm(name, norm))
    }

    pub fn global_mean_pool(self, name: &str) -> Self {
        self.then(|builder| builder.global_mean_pool(name))
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

    /// The net.
    ///
    /// # Errors
    /// When the image is too small for a layer.
    pub fn net(self) -> Result<Net, BuildError> {
        self.builder.build()
    }

    fn then(self, layer: impl FnOnce(Builder) -> Builder) -> Self {
        Self { builder: layer(self.builder), ..self }
    }

    fn weight(&self, name: &str, shape: &[usize]) -> Tensor {
        match self.initial {
            Initial::Zero => zeros(shape),
            Initial::Gaussian { seed } => {
                let inputs: usize = shape[1..].iter().product();
                let mut rng = seeded(seed, &format!("initial weights of {name}"));
                normal(&mut rng, shape, (2.0 / inputs.max(1) as f64).sqrt(), DType::F32)
            }
        }
    }
}

fn zeros(shape: &[usize]) -> Tensor {
    tensor_of(vec![0.0f32; shape.iter().product()], shape)
}
