//! Convolutions alone, and nets on 224 × 224 pixels, on numbers that both sides make alike.

use anyhow::Result;
use clap::{Args, ValueEnum};
use core_net::{Builder, Net, Op, Region, zoo};
use deconv::{Deconv, Projection, Unit};
use durable::write_unsynced;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::Instant;
use tensor::{Conv, Tensor, conv2d, conv2d_data_gradient, conv2d_filter_gradient, tensor_of, to_f64s};

/// A measurement.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Measurement {
    /// The median of several calls, after one that is not counted.
    pub seconds: f64,
    /// Floating-point operations of the multiply-adds in one call, where they are counted.
    pub operations: Option<usize>,
    /// The result's mean absolute value: the other side must find the same.
    pub mean_magnitude: f64,
}

/// One convolution of a batch of square images.
#[derive(Clone, Copy, Debug, Args)]
pub struct Convolution {
    /// Channels of the images
    pub channels: usize,
    /// Number of filters
    pub filters: usize,
    /// Height and width of a filter
    pub kernel: usize,
    /// Pixels from one position to the next
    pub stride: usize,
    /// Zeros on each side
    pub padding: usize,
    /// Height and width of an image
    pub side: usize,
    /// Images
    pub batch: usize,
}

/// A convolution or one of its two large adjoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Direction {
    /// From the images to the feature maps.
    Forward,
    /// From the maps' signal to the images.
    DataGradient,
    /// From the maps' signal and the images to the filters.
    FilterGradient,
}

impl Convolution {
    /// Times one direction.
    pub fn measure(self, direction: Direction) -> Measurement {
        let Convolution { channels, filters, kernel, stride, padding, side, batch } = self;
        let conv = Conv { stride: [stride; 2], padding: [padding; 4], ..Conv::default() };
        let x = numbers(&[batch, channels, side, side]);
        let weight = numbers(&[filters, channels, kernel, kernel]);
        let signal = numbers(conv2d(&x, &weight, None, &conv).dims());
        let operations = 2 * signal.elem_count() * channels * kernel * kernel;
        measure(operations, || match direction {
            Direction::Forward => conv2d(&x, &weight, None, &conv),
            Direction::DataGradient => conv2d_data_gradient(&signal, &weight, [side; 2], &conv),
            Direction::FilterGradient => conv2d_filter_gradient(&signal, &x, [kernel; 2], &conv),
        })
    }
}

/// A net for images of 224 × 224 pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Architecture {
    /// One tower, torchvision's.
    #[value(name = "alexnet")]
    AlexNet,
    /// The paper's, without contrast normalization, which PyTorch does not have.
    #[value(name = "zfnet")]
    ZfNet,
    /// SqueezeNet v1.0, torchvision's.
    #[value(name = "squeezenet1_0")]
    SqueezeNet0,
    /// SqueezeNet v1.1, torchvision's.
    #[value(name = "squeezenet1_1")]
    SqueezeNet1,
    /// Sixteen layers with weights, torchvision's.
    #[value(name = "vgg16")]
    Vgg16,
}

/// Seed of the nets' weights.
const SEED: u64 = 1;

/// Height and width of the images.
pub(crate) const SIDE: usize = 224;

impl Architecture {
    /// With the weights that both sides use.
    pub fn net(self) -> Net {
        let net = zoo::untrained(&self.name(), 1000, [SIDE; 2], SEED);
        if self == Architecture::ZfNet { without_contrast_norms(&net) } else { net }
    }

    /// Its name in the zoo.
    fn name(self) -> String {
        self.to_possible_value().expect("no architecture is skipped").get_name().to_owned()
    }

    /// Writes the weights to `NAME.safetensors` in `folder`, unless they are there.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn prepare(self, folder: &Path) -> Result<()> {
        let path = self.path(folder);
        if path.exists() {
            return Ok(());
        }
        Ok(write_unsynced(&path, &self.net().to_safetensors())?)
    }

    fn path(self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.safetensors", self.name()))
    }

    /// Times the forward pass of a batch.
    pub fn measure(self, batch: usize) -> Measurement {
        let (net, images) = (self.net(), numbers(&[batch, 3, SIDE, SIDE]));
        let operations = 2 * batch * net.multiply_adds(Region::whole([SIDE; 2]));
        measure(operations, || net.output_of(&images))
    }
}

/// A chain of the net's other nodes.
fn without_contrast_norms(net: &Net) -> Net {
    let kept = net.nodes()[1..].iter().filter(|node| !matches!(node.op, Op::ContrastNorm(_)));
    let chain = kept.fold(Builder::new(&net.nodes()[0].shape), |b, node| b.node(&node.name, node.op.clone()));
    chain.build().expect("the norms keep shapes")
}

/// The layer and the unit projected, which all images activate.
const LAYER: &str = "conv5";
const UNIT: Unit = Unit { channel: 11, at: [6, 6] };

/// Whether the forward pass is repeated for each measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Trace {
    /// The forward pass is part of the time.
    Anew,
    /// The trace is reused.
    AtHand,
}

/// Times the projections of one unit of ZFNet's conv5, for each image of a batch, by the deconvnet.
///
/// The magnitude is that of the projection of an activation of 1, over the images where the activation is positive.
///
/// # Panics
/// If none is.
pub fn measure_projections(batch: usize, trace: Trace) -> Measurement {
    let whole = Architecture::ZfNet.net();
    let layer = whole.index_of(LAYER).expect("ZFNet has it");
    let net = whole.up_to(layer);
    let images = numbers(&[batch, 3, SIDE, SIDE]);
    let units: Vec<(usize, Unit)> = (0..batch).map(|image| (image, UNIT)).collect();
    let at_hand = net.forward(&images);
    let project = |trace: &core_net::Trace| Deconv::default().project_units(&net, trace, layer, &units);
    let (projections, seconds) = match trace {
        Trace::Anew => median(|| project(&net.forward(&images))),
        Trace::AtHand => median(|| project(&at_hand)),
    };
    let activations = tensor::crop(at_hand.activation(layer), UNIT.at[0], UNIT.at[1], [1, 1]);
    let channels = activations.dims()[1];
    let activations: Vec<f64> =
        to_f64s(&activations).chunks(channels).map(|image| image[UNIT.channel]).collect();
    Measurement { seconds, operations: None, mean_magnitude: magnitude_of_one(&projections, &activations) }
}

fn magnitude_of_one(projections: &[Projection], activations: &[f64]) -> f64 {
    let sum = |pixels: &Tensor| to_f64s(pixels).iter().map(|v| v.abs()).sum::<f64>();
    let pairs = projections.iter().zip(activations).filter(|(_, activation)| **activation > 0.0);
    let magnitudes: Vec<f64> = pairs.map(|(p, activation)| sum(&p.pixels) / activation).collect();
    assert!(!magnitudes.is_empty(), "expected a positive activation, found {activations:?}");
    magnitudes.iter().sum::<f64>() / (magnitudes.len() * 3 * SIDE * SIDE) as f64
}

/// Numbers in [−0.5, 0.5) that the other side makes by the same formula.
pub(crate) fn numbers(shape: &[usize]) -> Tensor {
    let n: usize = shape.iter().product();
    let number = |i: usize| ((i * 7919 % 104_729) as f64 / 104_729.0 - 0.5) as f32;
    tensor_of((0..n).map(number).collect::<Vec<f32>>(), shape)
}

fn measure(operations: usize, call: impl Fn() -> Tensor) -> Measurement {
    let (result, seconds) = median(call);
    let scalars = to_f64s(&result);
    let mean_magnitude = scalars.iter().map(|v| v.abs()).sum::<f64>() / scalars.len() as f64;
    Measurement { seconds, operations: Some(operations), mean_magnitude }
}

/// Calls that are timed: at least `LEAST`, and more until `ENOUGH` seconds are over.
const LEAST: usize = 5;
const ENOUGH: f64 = 1.0;

/// The last result and the median of the seconds.
fn median<R>(call: impl Fn() -> R) -> (R, f64) {
    let mut result = call();
    let mut seconds: Vec<f64> = vec![];
    let begin = Instant::now();
    while seconds.len() < LEAST || begin.elapsed().as_secs_f64() < ENOUGH {
        let start = Instant::now();
        result = call();
        seconds.push(start.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    (result, seconds[seconds.len() / 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_direction_of_a_small_convolution_is_measured_and_not_nothing() {
        let small =
            Convolution { channels: 2, filters: 3, kernel: 3, stride: 2, padding: 1, side: 9, batch: 2 };
        for direction in [Direction::Forward, Direction::DataGradient, Direction::FilterGradient] {
            let measured = small.measure(direction);
            assert!(measured.seconds > 0.0 && measured.mean_magnitude > 0.0, "{direction:?}: {measured:?}");
        }
    }

    #[test]
    fn numbers_spread_over_their_range() {
        let scalars = to_f64s(&numbers(&[10, 100]));
        let mean = scalars.iter().sum::<f64>() / 1000.0;
        assert!(mean.abs() < 0.02 && scalars.iter().all(|v| (-0.5..0.5).contains(v)));
        assert_eq!(scalars[0], -0.5);
    }
}
