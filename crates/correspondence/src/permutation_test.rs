//! Whether named parts are more consistent than random ones, beyond chance.

use crate::distances::Distances;
use rand::Rng;

/// Whether the changes of named parts are more alike than those of random parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// The consistency of the random parts minus that of the named ones, a mean over the parts: positive where the named are more consistent.
    pub difference: f64,
    /// The probability of a difference as large where it does not matter which is which.
    ///
    /// **Range** `(0, 1]`
    pub p: f64,
    /// How many other ways of exchanging named and random were tried.
    pub permutations: usize,
}

/// Compares named parts with as many random ones by exchanging the two within images.
///
/// `parts` holds, for each named part and the random one beside it, the distances of all their changes;
/// `images` says where in them each image's two changes stand, `[named, random]`.
///
/// If it did not matter what is hidden, the named and the random parts of an image could be exchanged, for each image anew;
/// the parts of one image go together, since they share its pixels.
/// All exchanges are tried where there are no more than `permutations`, else so many are drawn,
/// and `p = (1 + those whose difference is at least as large) / (1 + those tried)`.
/// An exchange that leaves no pair with a distance counts as one of these.
///
/// `None` where a part has no pair with a distance.
///
/// # Panics
/// If there is no part, or one has no such changes.
pub fn permutation_test(
    rng: &mut impl Rng,
    parts: &[Distances],
    images: &[[usize; 2]],
    permutations: usize,
) -> Option<Comparison> {
    assert!(!parts.is_empty(), "permutation_test: expected a part");
    let observed = difference(parts, images)?;
    let all = 1usize.checked_shl(images.len() as u32).map_or(usize::MAX, |all| all - 1);
    let tried = permutations.min(all);
    let as_large = (1..=tried).filter(|number| {
        let coin = |image: usize| if tried == all { number >> image & 1 == 1 } else { rng.random() };
        let exchanged = exchanged(images, coin);
        // Equal differences may be sums in another order.
        difference(parts, &exchanged).is_none_or(|other| other >= observed - 1e-12)
    });
    let p = (1 + as_large.count()) as f64 / (1 + tried) as f64;
    Some(Comparison { difference: observed, p, permutations: tried })
}

/// Named and random exchanged in the images where the coin says so.
fn exchanged(images: &[[usize; 2]], mut coin: impl FnMut(usize) -> bool) -> Vec<[usize; 2]> {
    let one = |(image, &[a, b]): (usize, &[usize; 2])| if coin(image) { [b, a] } else { [a, b] };
    images.iter().enumerate().map(one).collect()
}

/// The mean over the parts of random minus named; none where a part has no pair with a distance.
fn difference(parts: &[Distances], images: &[[usize; 2]]) -> Option<f64> {
    let side = |side: usize| images.iter().map(|image| image[side]).collect::<Vec<_>>();
    let [named, random] = [side(0), side(1)];
    let of = |part: &Distances| Some(part.consistency(&random)?.mean - part.consistency(&named)?.mean);
    let each = parts.iter().map(of).collect::<Option<Vec<f64>>>()?;
    Some(each.iter().sum::<f64>() / each.len() as f64)
}
