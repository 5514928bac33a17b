//! Aliasing by the first layer's stride.

use super::power::{Fourier, frequency};
use core_net::operations::Convolution;
use core_net::{Net, Op};
use std::f64::consts::TAU;
use tensor::{Conv, Tensor, conv2d, to_f64s};

/// The share of the first layer's response at frequencies above what its stride can sample.
///
/// The filters' response at every pixel, before bias and rectifier, is decomposed into frequencies; what lies above π/stride in either direction
/// comes out of the layer as another, lower frequency. The response's mean is left out, and a Hann window keeps its borders from adding frequencies.
///
/// **Paper** Zeiler & Fergus 2013, §4.1: "aliasing artifacts caused by the large stride 4 used in the 1st layer convolutions".
#[derive(Clone, Debug)]
pub struct Aliasing {
    weight: Tensor,
    /// With steps of one pixel.
    conv: Conv,
    stride: [usize; 2],
    /// By filter: the power above π/stride, and all of it.
    power: Vec<[f64; 2]>,
}

impl Aliasing {
    /// For the net's first convolution.
    ///
    /// # Panics
    /// If the net does not begin with a convolution.
    pub fn new(net: &Net) -> Self {
        let Some(Op::Conv(Convolution { weight, conv, .. })) = net.nodes().get(1).map(|node| &node.op) else {
            panic!("Aliasing: expected a net that begins with a convolution")
        };
        // No padding: the border of zeros would be an edge that is not in the images.
        let each_pixel = Conv { stride: [1; 2], padding: [0; 4], ..*conv };
        let power = vec![[0.0; 2]; weight.dims()[0]];
        Self { weight: weight.clone(), conv: each_pixel, stride: conv.stride, power }
    }

    /// Adds the next batch of images.
    ///
    /// # Panics
    /// If the images have another number of channels, or are smaller than the filters.
    pub fn update(&mut self, images: &Tensor) {
        let response = conv2d(images, &self.weight, None, &self.conv);
        let size = [2, 3].map(|axis| response.dims()[axis]);
        let (fourier, window) = (Fourier::new(size), hann(size));
        let above = |index: usize| {
            let at = [index / size[1], index % size[1]];
            (0..2).any(|axis| frequency(at[axis], size[axis]) * self.stride[axis] as f64 > 1.0)
        };
        let above: Vec<bool> = (0..size[0] * size[1]).map(above).collect();
        let filters = self.power.len();
        for (index, plane) in to_f64s(&response).chunks_exact(above.len()).enumerate() {
            let power = fourier.power(&windowed(plane, &window));
            let [lost, whole] = &mut self.power[index % filters];
            *whole += power.iter().sum::<f64>();
            *lost +=
                power.iter().zip(&above).filter(|(_, above)| **above).map(|(power, _)| power).sum::<f64>();
        }
    }

    /// The share of each filter's response above π/stride; 0 of a filter that never responds, and of every filter where the stride is 1.
    ///
    /// **Range** `[0, 1]`
    pub fn shares(&self) -> Vec<f64> {
        self.power.iter().map(|&[lost, whole]| if whole > 0.0 { lost / whole } else { 0.0 }).collect()
    }

    /// The share of all filters' responses together.
    ///
    /// **Range** `[0, 1]`
    pub fn share(&self) -> f64 {
        let [lost, whole] = [0, 1].map(|part| self.power.iter().map(|power| power[part]).sum::<f64>());
        if whole > 0.0 { lost / whole } else { 0.0 }
    }
}

/// 1 in the middle, falling to 0 towards the borders.
fn hann([height, width]: [usize; 2]) -> Vec<f64> {
    let along = |at: usize, length: usize| 0.5 - 0.5 * (TAU * at as f64 / length as f64).cos();
    (0..height * width).map(|index| along(index / width, height) * along(index % width, width)).collect()
}

/// What varies in the plane, under the window: without the mean that the window sees.
fn windowed(plane: &[f64], window: &[f64]) -> Vec<f64> {
    let [seen, weight] = [plane, &vec![1.0; plane.len()]]
        .map(|values| values.iter().zip(window).map(|(value, weight)| value * weight).sum::<f64>());
    let mean = if weight > 0.0 { seen / weight } else { 0.0 };
    plane.iter().zip(window).map(|(value, weight)| (value - mean) * weight).collect()
}
