//! From the observations of all images to warnings.

use super::chance::at_chance;
use super::observations::{AttackObservations, Evidence, Gradient, examine};
use super::reach::out_of_reach;
use super::warning::{Symptom, Warning};
use core_net::Net;

/// Warnings that limit what the outcomes mean; empty for a sound net.
///
/// # Panics
/// If the shapes do not fit.
pub fn diagnose(evidence: &Evidence) -> Vec<Warning> {
    conclude(evidence.net, &examine(evidence))
}

/// The warnings that follow from these observations of an attack on this net.
///
/// The observations of several parts of an attack may be concatenated.
pub fn conclude(net: &Net, observations: &[AttackObservations]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    warnings.extend(random_model(observations));
    warnings.extend(not_finite(observations));
    warnings.extend(probabilities(observations));
    warnings.extend(zero_gradient(observations));
    warnings.extend(at_chance(net, observations));
    warnings.extend(out_of_reach(net, observations));
    warnings
}

fn random_model(observations: &[AttackObservations]) -> Option<Warning> {
    let differences: Vec<f64> =
        observations.iter().filter_map(|observations| observations.difference).collect();
    let images = differences.iter().filter(|difference| **difference > 0.0).count();
    let symptom = Symptom::RandomModel { difference: differences.iter().copied().fold(0.0, f64::max) };
    (images > 0).then_some(Warning { symptom, images, of: differences.len() })
}

fn not_finite(observations: &[AttackObservations]) -> Option<Warning> {
    let images = observations.iter().filter(|observations| !observations.is_finite).count();
    (images > 0).then_some(Warning { symptom: Symptom::NotFinite, images, of: observations.len() })
}

/// All images' outputs must look like probabilities: one image's logits may do so by chance.
fn probabilities(observations: &[AttackObservations]) -> Option<Warning> {
    let images = observations.iter().filter(|observations| observations.are_probabilities).count();
    let all = images > 0 && images == observations.len();
    all.then_some(Warning { symptom: Symptom::ProbabilitiesAsLogits, images, of: images })
}

fn zero_gradient(observations: &[AttackObservations]) -> Option<Warning> {
    let count =
        |gradient| observations.iter().filter(|observations| observations.gradient == gradient).count();
    let exactly = count(Gradient::Zero);
    let images = exactly + count(Gradient::TooSmall);
    let symptom = Symptom::ZeroGradient { exactly };
    (images > 0).then_some(Warning { symptom, images, of: observations.len() })
}
