//! The fully connected sigmoid nets of Szegedy et al. 2013, §3: FC10, FC100-100-10 and their like.

use crate::builder::Builder;
use crate::net::Net;
use tensor::{DType, seeded, tensor_of, uniform};

/// FCn-…-m: dense layers `fc1`, `fc2`, … with sigmoids between them, ending in logits.
///
/// `widths` are the layers' outputs; the image's shape is without the batch.
/// Weights are uniform within `±√(6 / (inputs + outputs))`, biases zero.
///
/// # Panics
/// If `widths` is empty.
pub fn fully_connected(image: &[usize], widths: &[usize], seed: u64) -> Net {
    let mut rng = seeded(seed, "initial weights");
    let mut inputs = image.iter().product();
    let mut builder = Builder::new(image).flatten("flatten");
    for (layer, &outputs) in (1..).zip(widths) {
        let limit = (6.0 / (inputs + outputs) as f64).sqrt();
        let weight = uniform(&mut rng, &[outputs, inputs], limit, DType::F32);
        builder = builder.linear(&format!("fc{layer}"), weight, tensor_of(vec![0.0f32; outputs], &[outputs]));
        if layer < widths.len() {
            builder = builder.sigmoid(&format!("sigmoid{layer}"));
        }
        inputs = outputs;
    }
    builder.build().expect("each layer is made to fit the one before it")
}
