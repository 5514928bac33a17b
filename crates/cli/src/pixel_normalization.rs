//! Normalization as the net's first layer: attacks change pixels, which lie in `[0, 1]`.

use crate::classes::unused_name;
use crate::pixels::Pixels;
use anyhow::{Result, ensure};
use core_net::Net;
use core_net::operations::Affine;
use tensor::{Tensor, affine, tensor_of, to_f64s};

/// How far rounding may carry a pixel out of the box.
const ROUNDING: f64 = 1e-5;

/// `input = scale · pixel + shift`, channel by channel.
pub struct PixelNormalization {
    scale: Vec<f64>,
    shift: Vec<f64>,
}

impl PixelNormalization {
    /// The normalization that the command line says, for inputs of this shape.
    pub fn new(pixels: &Pixels, input: &[usize]) -> PixelNormalization {
        let (scale, shift) = pixels.normalization();
        let of_channels = |values: [f64; 3]| (0..input[0]).map(|channel| values[channel.min(2)]).collect();
        PixelNormalization { scale: of_channels(scale), shift: of_channels(shift) }
    }

    /// The net as a function of pixels.
    pub fn before(&self, net: &Net) -> Result<Net> {
        let normalize = unused_name(net, "normalize");
        let [scale, shift] = self.tensors();
        Ok(net.with_preprocessing(&normalize, Affine { scale, shift })?)
    }

    /// Inputs of the net from pixels.
    pub fn inputs_of(&self, pixels: &Tensor) -> Tensor {
        let [scale, shift] = self.tensors();
        affine(pixels, &scale, &shift)
    }

    /// Pixels from inputs of the net.
    ///
    /// # Errors
    /// When they do not lie in the box.
    pub fn pixels_of(&self, inputs: &Tensor) -> Result<Tensor> {
        let plane: usize = inputs.dims()[2..].iter().product();
        let channels = self.scale.len();
        let pixel = |(index, value): (usize, f64)| {
            let channel = index / plane % channels;
            (value - self.shift[channel]) / self.scale[channel]
        };
        let mut pixels: Vec<f64> = to_f64s(inputs).into_iter().enumerate().map(pixel).collect();
        for pixel in &mut pixels {
            let inside = (-ROUNDING..=1.0 + ROUNDING).contains(pixel);
            ensure!(
                inside,
                "expected pixels from 0 to 1, or --mean, --std and --scale that say how they were normalized, found {pixel}"
            );
            *pixel = pixel.clamp(0.0, 1.0);
        }
        Ok(tensor_of(pixels, inputs.dims()))
    }

    fn tensors(&self) -> [Tensor; 2] {
        [&self.scale, &self.shift].map(|values| tensor_of(values.clone(), &[values.len()]))
    }
}
