//! Correspondence between parts of dogs, measured for a net, a set of dogs, an occluder, a convention on zeros and a layer.

use super::hidden_parts::{Hidden, HiddenParts, LAYERS, PARTS, Setting};
use correspondence::{Consistency, Distances, Zeros, compare_with_random_parts};
use rand::seq::index::sample;
use rayon::prelude::*;
use statistics::Comparison;
use tensor::seeded;

/// "5 randomly drawn dog images" (§4.3).
const FIVE: usize = 5;
/// The paper's layer 5 in `LAYERS`: as there, two layers below the last that the classifier reads.
///
/// What a unit of fire7 sees, 91 and 143 pixels of 227, also comes nearest to the 139 pixels of 224 of the paper's layer 5 over both nets.
pub const LAYER5: usize = 6;
/// The paper's layer 7 in `LAYERS`: fire9, which the classifier reads.
///
/// Unlike the paper's, which is a dense layer, it has places.
pub const LAYER7: usize = 8;
/// At most this probability counts as beyond chance.
pub const LEVEL: f64 = 0.05;
/// Exchanges of named and random parts, where there are more of them.
const PERMUTATIONS: usize = 9999;
/// The rows of the paper's table, and one of ours.
pub const ROWS: [&str; 5] = ["Right Eye", "Left Eye", "Nose", "Random", "Random, one place for all dogs"];

/// The results at one layer under one convention.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Where.
    pub setting: Setting,
    /// How features that do not change are counted.
    pub zeros: Zeros,
    /// Which of `LAYERS`.
    pub layer: usize,
    /// By the rows of the table: over all dogs; none where no pair has a distance, or there was no room.
    pub all: Vec<Option<Consistency>>,
    /// By the rows of the table: the part of the features that change, over all dogs.
    pub changed: Vec<Option<f64>>,
    /// By the rows of the table and draw of five dogs: the mean distance.
    pub five: Vec<Vec<Option<f64>>>,
    /// All named parts beside random ones, then each part alone: over all dogs.
    pub tests: Vec<Option<Comparison>>,
    /// All named parts beside random ones, by draw of five dogs.
    pub tests_of_five: Vec<Option<Comparison>>,
}

/// `n` draws of five of these dogs by the seed; the same for every net, occluder and layer.
pub fn draws_of_five(seed: u64, name: &str, dogs: usize, n: usize) -> Vec<Vec<usize>> {
    let rng = &mut seeded(seed, &format!("five of {name}"));
    let mut draw = || {
        let mut five = sample(rng, dogs, FIVE.min(dogs)).into_vec();
        five.sort_unstable();
        five
    };
    (0..n).map(|_| draw()).collect()
}

/// The results at every layer under both conventions, over all dogs and for each draw of five.
pub fn examine(setting: Setting, hidden: &HiddenParts, draws: &[Vec<usize>]) -> Vec<Finding> {
    let conventions = [Zeros::ThirdSign, Zeros::LeftOut];
    let places = conventions.into_iter().flat_map(|zeros| (0..LAYERS.len()).map(move |layer| (zeros, layer)));
    let places: Vec<(Zeros, usize)> = places.collect();
    places.into_par_iter().map(|place| find(setting, hidden, draws, place)).collect()
}

fn find(
    setting: Setting,
    hidden: &HiddenParts,
    draws: &[Vec<usize>],
    (zeros, layer): (Zeros, usize),
) -> Finding {
    let parts: Vec<Distances> = (0..PARTS.len()).map(|part| hidden.distances(part, layer, zeros)).collect();
    let dogs: Vec<usize> = (0..hidden.dogs).collect();
    let purpose = format!("exchanges {} {} {} {zeros:?} {layer}", setting.net, setting.dogs, setting.side);
    let rng = &mut seeded(setting.seed, &purpose);
    let mut test = |parts: &[Distances], dogs: &[usize]| {
        let [named, random] = [Hidden::Named, Hidden::Random].map(|what| hidden.places(what, dogs));
        let pairs: Vec<[usize; 2]> = named?.into_iter().zip(random?).map(|(a, b)| [a, b]).collect();
        compare_with_random_parts(rng, parts, &pairs, PERMUTATIONS)
    };
    let mut tests = vec![test(&parts, &dogs)];
    tests.extend(parts.chunks(1).map(|part| test(part, &dogs)));
    let tests_of_five = draws.iter().map(|draw| test(&parts, draw)).collect();
    let rows = |dogs: &[usize]| -> Vec<Option<Consistency>> {
        (0..ROWS.len()).map(|row| consistency(hidden, &parts, row, dogs)).collect()
    };
    let by_draw: Vec<_> = draws.iter().map(|draw| rows(draw)).collect();
    let five = |row: usize| by_draw.iter().map(|rows| rows[row].map(|found| found.mean)).collect();
    let five = (0..ROWS.len()).map(five).collect();
    let changed = (0..ROWS.len()).map(|row| changed(hidden, row, layer)).collect();
    Finding { setting, zeros, layer, all: rows(&dogs), changed, five, tests, tests_of_five }
}

/// The hidden part of a row of the table, and its range of parts.
fn hides(row: usize) -> (Hidden, std::ops::Range<usize>) {
    match row.checked_sub(PARTS.len()) {
        None => (Hidden::Named, row..row + 1),
        Some(0) => (Hidden::Random, 0..PARTS.len()),
        Some(_) => (Hidden::OnePlace, 0..PARTS.len()),
    }
}

/// The part of the features that a row of the table changes.
fn changed(hidden: &HiddenParts, row: usize, layer: usize) -> Option<f64> {
    let (what, parts) = hides(row);
    let n = parts.len() as f64;
    parts.map(|part| hidden.changed(what, part, layer)).sum::<Option<f64>>().map(|sum| sum / n)
}

/// The consistency of a row of the table among these dogs; random ones are averaged over as many parts as there are named ones.
fn consistency(hidden: &HiddenParts, parts: &[Distances], row: usize, dogs: &[usize]) -> Option<Consistency> {
    let (what, range) = hides(row);
    let places = hidden.places(what, dogs)?;
    let each: Option<Vec<Consistency>> = parts[range].iter().map(|part| part.consistency(&places)).collect();
    let each = each?;
    let mean = |of: fn(&Consistency) -> f64| each.iter().map(of).sum::<f64>() / each.len() as f64;
    Some(Consistency {
        mean: mean(|found| found.mean),
        deviation: mean(|found| found.deviation),
        pairs: each.iter().map(|found| found.pairs).sum(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_net::{Net, zoo};

    fn field(net: &Net, node: &str) -> usize {
        net.receptive_field(net.index_of(node).expect("a node")).size[0]
    }

    #[test]
    fn layer_5_sees_as_much_as_the_papers_does_over_both_nets() {
        let net = |name| zoo::by_name(name, 1000, None).expect("in the zoo");
        let papers = field(&net("zfnet"), "relu5");
        let nets = ["squeezenet1_0", "squeezenet1_1"].map(net);
        let off =
            |layer: usize| nets.iter().map(|net| field(net, LAYERS[layer].1).abs_diff(papers)).sum::<usize>();
        assert_eq!((papers, nets.each_ref().map(|net| field(net, LAYERS[LAYER5].1))), (139, [91, 143]));
        assert_eq!((1..=LAYER7).min_by_key(|&layer| off(layer)), Some(LAYER5));
    }

    #[test]
    fn a_draw_is_five_different_dogs_and_the_same_for_the_same_seed() {
        let draws = draws_of_five(1, "dogs", 17, 20);
        assert!(draws.iter().all(|draw| draw.len() == 5 && draw.is_sorted_by(|a, b| a < b)));
        assert_eq!(draws, draws_of_five(1, "dogs", 17, 20));
        assert_ne!(draws, draws_of_five(2, "dogs", 17, 20));
    }
}
