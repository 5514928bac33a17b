//! From the signs of all images to warnings.

use super::chance::at_chance;
use super::reach::out_of_reach;
use super::signs::{Gradient, Signs};
use super::warning::{Symptom, Warning};
use core_net::Net;

/// The warnings that these signs of images, all of an attack on this net, amount to.
///
/// They may come from several parts of the attack, one behind the other.
pub fn conclude(net: &Net, signs: &[Signs]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    warnings.extend(random_model(signs));
    warnings.extend(not_finite(signs));
    warnings.extend(probabilities(signs));
    warnings.extend(zero_gradient(signs));
    warnings.extend(at_chance(net, signs));
    warnings.extend(out_of_reach(net, signs));
    warnings
}

fn random_model(signs: &[Signs]) -> Option<Warning> {
    let passed: Vec<f64> = signs.iter().filter_map(|signs| signs.difference).collect();
    let images = passed.iter().filter(|difference| **difference > 0.0).count();
    let symptom = Symptom::RandomModel { difference: passed.iter().copied().fold(0.0, f64::max) };
    (images > 0).then_some(Warning { symptom, images, of: passed.len() })
}

fn not_finite(signs: &[Signs]) -> Option<Warning> {
    let images = signs.iter().filter(|signs| !signs.is_finite).count();
    (images > 0).then_some(Warning { symptom: Symptom::NotFinite, images, of: signs.len() })
}

/// All images' outputs must look like probabilities: one image's logits may do so by chance.
fn probabilities(signs: &[Signs]) -> Option<Warning> {
    let images = signs.iter().filter(|signs| signs.are_probabilities).count();
    let all = images > 0 && images == signs.len();
    all.then_some(Warning { symptom: Symptom::ProbabilitiesAsLogits, images, of: images })
}

fn zero_gradient(signs: &[Signs]) -> Option<Warning> {
    let count = |gradient| signs.iter().filter(|signs| signs.gradient == gradient).count();
    let exactly = count(Gradient::Zero);
    let images = exactly + count(Gradient::TooSmall);
    let symptom = Symptom::ZeroGradient { exactly };
    (images > 0).then_some(Warning { symptom, images, of: signs.len() })
}
