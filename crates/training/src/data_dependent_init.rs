//! Data-dependent initialization: every unit starts with mean 0 and variance 1.

use core_net::{Net, Op};
use tensor::{Tensor, tensor_of, to_f64s};

/// Initial standard deviation of the last layer's outputs: the first predictions are nearly uniform.
const OUTPUT_DEVIATION: f64 = 0.1;

/// The net with each convolution's and dense layer's weights and biases scaled and moved, from the input up,
/// so that over these images every unit's outputs have mean 0 and variance 1; the last layer's have a tenth of that deviation.
///
/// Unlike the paper (Zeiler & Fergus 2013, §3), whose weights begin at one size and biases at 0:
/// there an image's activations at the upper layers of a small net are all but equal to any other's, and under dropout it does not start to learn.
///
/// **Paper** Krähenbühl, Doersch, Donahue & Darrell 2016, *Data-dependent initializations of convolutional neural networks*, §3.1
///
/// # Panics
/// If the images have another shape than the net's, or a layer has no bias.
pub fn data_dependent_init(mut net: Net, images: &Tensor) -> Net {
    let with_parameters = |node: &usize| matches!(net.nodes()[*node].op, Op::Conv(_) | Op::Linear(_));
    let layers: Vec<usize> = (0..net.nodes().len()).filter(with_parameters).collect();
    for &layer in &layers {
        let deviation = if Some(&layer) == layers.last() { OUTPUT_DEVIATION } else { 1.0 };
        let outputs = net.activations_of(images, &[layer]).remove(0);
        let name = net.nodes()[layer].name.clone();
        let parameters = net.node_parameters_mut(layer);
        let Ok([weight, bias]) = <[&mut Tensor; 2]>::try_from(parameters) else {
            panic!("data_dependent_init: expected a bias at {name}")
        };
        let moments = moments(&outputs);
        let scales: Vec<f64> =
            moments.iter().map(|(_, variance)| deviation / variance.sqrt().max(1e-6)).collect();
        let unit = weight.elem_count() / scales.len();
        let scaled = to_f64s(weight).into_iter().enumerate().map(|(i, w)| (w * scales[i / unit]) as f32);
        let moved = to_f64s(bias).into_iter().zip(&moments).zip(&scales);
        let moved = moved.map(|((b, (mean, _)), scale)| ((b - mean) * scale) as f32);
        (*weight, *bias) =
            (tensor_of(scaled.collect(), weight.dims()), tensor_of(moved.collect(), bias.dims()));
    }
    net
}

/// Mean and variance of every channel, over images and places.
fn moments(outputs: &Tensor) -> Vec<(f64, f64)> {
    let channels = outputs.dims()[1];
    let places: usize = outputs.dims()[2..].iter().product();
    let values = to_f64s(outputs);
    let of = |channel: usize| {
        let planes = values.chunks_exact(places).skip(channel).step_by(channels);
        let n = (values.len() / channels) as f64;
        let (sum, squares) =
            planes.flatten().fold((0.0, 0.0), |(sum, squares), v| (sum + v, squares + v * v));
        (sum / n, squares / n - (sum / n) * (sum / n))
    };
    (0..channels).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training_run::tests::small_net;
    use tensor::{DType, seeded, uniform};

    #[test]
    fn every_unit_has_mean_0_and_variance_1_and_the_guesses_are_nearly_even() {
        let images = uniform(&mut seeded(2, "images"), &[40, 3, 56, 56], 1.0, DType::F32);
        let net = data_dependent_init(small_net(5), &images);
        let trace = net.forward(&images);
        for (index, node) in net.nodes().iter().enumerate() {
            if matches!(node.op, Op::Conv(_) | Op::Linear(_)) {
                let expected = if index == net.output() { OUTPUT_DEVIATION * OUTPUT_DEVIATION } else { 1.0 };
                for (mean, variance) in moments(trace.activation(index)) {
                    assert!(mean.abs() < 1e-3 && (variance - expected).abs() < 1e-3, "{}", node.name);
                }
            }
        }
    }
}
