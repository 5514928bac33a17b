//! Training FC100-100-10 as the reference does.

use core_net::Net;
use datasets::LabeledDigits;
use std::time::Instant;
use training::{Classification, MiniBatch, Trainer};

/// A trained net, and the time of its training.
pub struct TrainingMeasurement {
    /// The net.
    pub net: Net,
    /// Seconds of training.
    pub seconds: f64,
}

/// Trains a net of three layers by Adam under a cosine schedule, in batches of 100.
///
/// The weight decays are six times the paper's 1e-5, 1e-5 and 1e-6, read as `(λ/2) Σ w²`.
///
/// # Panics
/// If the net has not three layers with weights, or takes other images.
pub fn train(net: Net, digits: &LabeledDigits, epochs: usize, seed: u64) -> TrainingMeasurement {
    let settings =
        MiniBatch { epochs, batch: 100, learning_rate: 5e-3, weight_decay: vec![6e-5, 6e-5, 6e-6] };
    let objective = Classification { images: &digits.images, labels: &digits.labels };
    let start = Instant::now();
    let mut trainer = Trainer::new(net, &objective, settings, seed);
    trainer.by_ref().for_each(drop);
    let seconds = start.elapsed().as_secs_f64();
    TrainingMeasurement { net: trainer.into_net(), seconds }
}
