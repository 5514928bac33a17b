//! Whether a net classifies its images any better than by chance.

use super::observations::AttackObservations;
use super::warning::{Symptom, Warning};
use core_net::Net;

/// The 97.5 % quantile of the normal distribution.
const Z: f64 = 1.96;

/// A warning where no more images are classified correctly than by chance, and too few for half of what lies above chance.
///
/// A share p is excluded where the hits are more than 1.96 of its standard deviations away: then p lies outside Wilson's interval.
/// The second condition excludes conclusions from a handful of images.
pub(super) fn at_chance(net: &Net, observations: &[AttackObservations]) -> Option<Warning> {
    let labeled: Vec<bool> = observations.iter().filter_map(|observations| observations.is_correct).collect();
    let hits = labeled.iter().filter(|is_right| **is_right).count();
    let classes = net.nodes()[net.output()].shape[0];
    let is_at_chance = classes > 1 && is_at_chance(hits, labeled.len(), classes);
    let symptom = Symptom::AtChance { classes };
    is_at_chance.then_some(Warning { symptom, images: hits, of: labeled.len() })
}

fn is_at_chance(hits: usize, n: usize, classes: usize) -> bool {
    let n = n as f64;
    let deviations = |p: f64| (hits as f64 - n * p) / (n * p * (1.0 - p)).sqrt();
    let chance = 1.0 / classes as f64;
    deviations(chance) <= Z && deviations(0.5 + 0.5 * chance) < -Z
}

#[cfg(test)]
mod tests {
    use super::is_at_chance;

    #[test]
    fn hits_are_distinguished_from_chance_where_there_are_enough_images() {
        for (hits, n, classes) in [(6, 64, 10), (0, 64, 10), (32, 64, 2), (1, 8, 10), (0, 5, 1000)] {
            assert!(is_at_chance(hits, n, classes), "{hits} of {n}, {classes} classes");
        }
        for (hits, n, classes) in [(12, 64, 10), (48, 64, 2), (0, 1, 10), (0, 3, 10), (1, 2, 2), (1, 1, 1000)]
        {
            assert!(!is_at_chance(hits, n, classes), "{hits} of {n}, {classes} classes");
        }
    }
}
