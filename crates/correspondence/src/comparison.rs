//! Whether named parts are more consistent than random ones, beyond chance.

use crate::distances::Distances;
use rand::Rng;
use statistics::{Comparison, paired_permutation_test};

/// Compares named parts with as many random ones: by a permutation test that exchanges the two within images.
///
/// The difference is the consistency of the random parts minus that of the named ones, a mean over the parts:
/// positive where the named parts are more consistent.
///
/// `parts` has, for each named part and its random counterpart, the distances of all their changes;
/// `images` has for each image the indices of its two changes, `[named, random]`.
///
/// If it did not matter what is hidden, the named and the random parts of an image could be exchanged, independently for each image;
/// all parts of an image are exchanged together, since they share its pixels.
///
/// `None` where a part has no pair with a distance.
///
/// # Panics
/// If there is no part, or one has no such changes.
pub fn compare_with_random_parts(
    rng: &mut impl Rng,
    parts: &[Distances],
    images: &[[usize; 2]],
    permutations: usize,
) -> Option<Comparison> {
    assert!(!parts.is_empty(), "compare_with_random_parts: expected a part");
    let difference = |exchanged: &[bool]| {
        let side = |side: bool| {
            let pairs = images.iter().zip(exchanged);
            pairs.map(|(image, &exchanged)| image[usize::from(exchanged != side)]).collect::<Vec<_>>()
        };
        let [named, random] = [side(false), side(true)];
        let of = |part: &Distances| Some(part.consistency(&random)?.mean - part.consistency(&named)?.mean);
        let each = parts.iter().map(of).collect::<Option<Vec<f64>>>()?;
        Some(each.iter().sum::<f64>() / each.len() as f64)
    };
    paired_permutation_test(rng, images.len(), permutations, difference)
}
