//! Normalization as the net's first layer: attacks change pixels, which lie in `[0, 1]`.

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
    input: Vec<usize>,
}

impl PixelNormalization {
    /// The normalization that the command line says, for inputs of this shape.
    pub fn new(pixels: &Pixels, input: &[usize]) -> PixelNormalization {
        let (scale, shift) = pixels.normalization();
        let of_channels = |values: [f64; 3]| (0..input[0]).map(|channel| values[channel.min(2)]).collect();
        PixelNormalization { scale: of_channels(scale), shift: of_channels(shift), input: input.to_vec() }
    }

    /// The shape of an input.
    pub fn input(&self) -> &[usize] {
        &self.input
    }

    /// How many numbers an input has.
    pub fn numbers(&self) -> usize {
        self.input.iter().product()
    }

    /// The net as a function of pixels.
    pub fn before(&self, net: &Net) -> Result<Net> {
        let normalize = net.unused_name("normalize");
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

    /// How pixels follow from inputs, in words.
    pub fn described(&self) -> String {
        let is_identity =
            self.scale.iter().all(|&scale| scale == 1.0) && self.shift.iter().all(|&shift| shift == 0.0);
        if is_identity {
            return "pixels in 0..1 = input".into();
        }
        let std: Vec<f64> = self.scale.iter().map(|scale| 1.0 / scale).collect();
        let mean: Vec<f64> =
            self.scale.iter().zip(&self.shift).map(|(scale, shift)| -shift / scale).collect();
        format!("pixels in 0..1 = (input · std + mean) with std {} and mean {}", listed(&std), listed(&mean))
    }

    fn tensors(&self) -> [Tensor; 2] {
        [&self.scale, &self.shift].map(|values| tensor_of(values.clone(), &[values.len()]))
    }
}

/// The numbers, or one where they are the same.
fn listed(numbers: &[f64]) -> String {
    let texts: Vec<String> = numbers
        .iter()
        .map(|number| {
            let text = format!("{number:.6}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        })
        .collect();
    if texts.iter().all(|text| *text == texts[0]) { texts[0].clone() } else { texts.join(", ") }
}
