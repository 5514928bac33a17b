//! The attack: its time and its operations.

use adversarial::{Attack, Outcome, min_distortion};
use core_net::Net;
use serde::Serialize;
use std::time::Instant;
use tensor::Tensor;

/// The measurement of an attack.
#[derive(Clone, Debug, Serialize)]
pub struct AttackMeasurement {
    /// Images attacked.
    pub examples: usize,
    /// Number that reached their target.
    pub found: usize,
    /// Wall clock divided by the number of images.
    pub seconds_per_example: f64,
    /// Evaluations of the loss and its gradient for one image, on average.
    pub evaluations_per_example: f64,
    /// Floating-point operations of the matrix products in one evaluation, two for each multiply-add.
    pub operations_per_evaluation: usize,
    /// Bytes of the net's parameters, which each batched evaluation reads twice; not counted for photographs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter_bytes: Option<usize>,
    /// Bytes of one image's curvature pairs, which each iteration reads; not counted for photographs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pair_bytes: Option<usize>,
    /// The distortion found for each image.
    pub distortions: Vec<f64>,
}

impl AttackMeasurement {
    /// The measurement of the attack with these outcomes, without the bytes.
    pub(crate) fn new(outcomes: &[Outcome], seconds: f64, operations_per_evaluation: usize) -> Self {
        let n = outcomes.len();
        let evaluations: usize = outcomes.iter().map(|outcome| outcome.attempt().evaluations).sum();
        Self {
            examples: n,
            found: outcomes.iter().filter(|outcome| outcome.is_found()).count(),
            seconds_per_example: seconds / n as f64,
            evaluations_per_example: evaluations as f64 / n as f64,
            operations_per_evaluation,
            parameter_bytes: None,
            pair_bytes: None,
            distortions: outcomes.iter().map(|outcome| outcome.attempt().distortion).collect(),
        }
    }
}

/// Images attacked first without measurement, to warm up threads and memory.
const WARM_UP: usize = 32;

/// Attacks the images with the reference's settings.
///
/// **Shape** images `[n, …]` as the net expects them; n targets.
///
/// # Panics
/// If the shapes do not fit, or there are no images.
pub fn attack(net: &Net, images: &Tensor, targets: &[usize]) -> AttackMeasurement {
    let settings = Attack::default();
    let first = WARM_UP.min(targets.len());
    min_distortion(net, &images.narrow(0, 0, first).expect("the first few"), &targets[..first], &settings);

    let start = Instant::now();
    let outcomes = min_distortion(net, images, targets, &settings);
    let seconds = start.elapsed().as_secs_f64();

    let pixels = images.elem_count() / targets.len();
    AttackMeasurement {
        parameter_bytes: Some(scalars(net, |_| true) * size_of::<f64>()),
        pair_bytes: Some(2 * settings.solver.memory * pixels * size_of::<f64>()),
        ..AttackMeasurement::new(&outcomes, seconds, operations(net))
    }
}

/// Each weight takes part in one multiply-add on the way forward and in one on the way back to the image.
fn operations(net: &Net) -> usize {
    4 * scalars(net, |name| name.ends_with("weight"))
}

/// Number of scalars in the parameters with these names.
fn scalars(net: &Net, wanted: impl Fn(&str) -> bool) -> usize {
    let parameters = net.parameters().into_iter();
    parameters.filter(|(name, _)| wanted(name)).map(|(_, tensor)| tensor.elem_count()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_net::zoo;
    use tensor::tensor_of;

    #[test]
    fn a_small_net_costs_what_is_counted_by_hand() {
        let net = zoo::fully_connected(&[1, 2, 2], &[3, 2], 1);
        let images = tensor_of(vec![0.2f32, 0.4, 0.6, 0.8, 0.8, 0.6, 0.4, 0.2], &[2, 1, 2, 2]);
        let targets: Vec<usize> = net.predict(&images).iter().map(|class| 1 - class).collect();
        let attacked = attack(&net, &images, &targets);
        assert_eq!(attacked.operations_per_evaluation, 4 * (4 * 3 + 3 * 2));
        assert_eq!(attacked.parameter_bytes, Some(8 * (4 * 3 + 3 + 3 * 2 + 2)));
        assert_eq!(attacked.pair_bytes, Some(2 * 10 * 4 * 8));
        assert_eq!((attacked.examples, attacked.distortions.len()), (2, 2));
        assert!(attacked.evaluations_per_example > 2.0, "{attacked:?}");
    }
}
