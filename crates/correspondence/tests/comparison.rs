//! The comparison with random parts: exact where it can be counted by hand, uniform where there is nothing to find, small where there is.

use correspondence::{Distances, Signs, Zeros, compare_with_random_parts};
use rand::Rng;
use statistics::Comparison;
use tensor::{seeded, tensor_of};

const FEATURES: usize = 60;

/// The distances of named changes (first) and random ones of so many images.
/// A named change agrees with a common pattern in this part of its features and is drawn elsewhere, as the random ones are everywhere.
fn distances(rng: &mut impl Rng, images: usize, common: f64) -> Distances {
    let mut sign = || if rng.random() { 1.0 } else { -1.0 };
    let pattern: Vec<f64> = (0..FEATURES).map(|_| sign()).collect();
    let mut rows: Vec<f64> = (0..2 * images * FEATURES).map(|_| sign()).collect();
    let copied = (common * FEATURES as f64) as usize;
    for row in rows.chunks_mut(FEATURES).take(images) {
        row[..copied].copy_from_slice(&pattern[..copied]);
    }
    Distances::new(&Signs::from_changes(&tensor_of(rows, &[2 * images, FEATURES])), Zeros::ThirdSign)
}

fn pairs(images: usize) -> Vec<[usize; 2]> {
    (0..images).map(|image| [image, images + image]).collect()
}

fn test(rng: &mut impl Rng, parts: &[Distances], images: usize, permutations: usize) -> Comparison {
    compare_with_random_parts(rng, parts, &pairs(images), permutations).expect("every pair has a distance")
}

#[test]
fn few_images_are_exchanged_in_every_way() {
    let rng = &mut seeded(1, "test");
    // Named changes that are all alike, random ones of which no two are: only the labels as they are reach the difference.
    let named = [1.0; 4];
    let random = [[1.0, -1.0, 1.0, -1.0], [-1.0, 1.0, 1.0, -1.0], [-1.0, -1.0, -1.0, -1.0]];
    let rows = [[named; 3], random].concat().concat();
    let distances = Distances::new(&Signs::from_changes(&tensor_of(rows, &[6, 4])), Zeros::ThirdSign);
    let found = test(rng, &[distances], 3, 1000);
    assert_eq!((found.p, found.permutations), (1.0 / 8.0, 7));
    assert!((found.difference - 0.5).abs() < 1e-12, "{}", found.difference);
}

#[test]
fn where_all_changes_are_alike_every_exchange_reaches_the_difference() {
    let same = Distances::new(&Signs::from_changes(&tensor_of(vec![1.0; 40], &[10, 4])), Zeros::ThirdSign);
    for permutations in [10, 1000] {
        let found = test(&mut seeded(2, "test"), std::slice::from_ref(&same), 5, permutations);
        assert_eq!((found.difference, found.p, found.permutations), (0.0, 1.0, permutations.min(31)));
    }
}

#[test]
fn p_is_uniform_where_it_does_not_matter_which_is_which() {
    let rng = &mut seeded(3, "null");
    for (images, permutations, parts) in [(7, 127, 1), (9, 199, 1), (6, 63, 3)] {
        let mut ps: Vec<f64> = (0..400)
            .map(|_| {
                let parts: Vec<_> = (0..parts).map(|_| distances(rng, images, 0.0)).collect();
                test(rng, &parts, images, permutations).p
            })
            .collect();
        ps.sort_by(f64::total_cmp);
        // Kolmogorov and Smirnov: 1.63 / √400 is passed once in a hundred times.
        let far = |(rank, p): (usize, &f64)| ((rank as f64 + 0.5) / 400.0 - p).abs();
        let farthest = ps.iter().enumerate().map(far).fold(0.0, f64::max);
        assert!(farthest < 0.0815, "{images} images: {farthest}");
        let small = ps.iter().filter(|&&p| p <= 0.05).count();
        assert!((8..=34).contains(&small), "{images} images: {small} of 400 below 5 %");
    }
}

#[test]
fn p_is_small_where_named_changes_share_a_pattern_and_large_where_random_ones_do() {
    let rng = &mut seeded(4, "planted");
    for images in [6, 12] {
        let planted = [(); 3].map(|()| distances(rng, images, 0.5));
        let found = test(rng, &planted, images, 999);
        assert!(found.difference > 0.05 && found.p <= 2.0 / 64.0, "{found:?}");
        let swapped: Vec<[usize; 2]> = pairs(images).into_iter().map(|[a, b]| [b, a]).collect();
        let reversed = compare_with_random_parts(rng, &planted, &swapped, 999).expect("distances");
        assert!((reversed.difference + found.difference).abs() < 1e-12 && reversed.p > 0.9, "{reversed:?}");
    }
}

#[test]
fn drawn_exchanges_come_near_all_of_them() {
    let rng = &mut seeded(5, "drawn");
    let parts = [distances(rng, 10, 0.2)];
    let exact = test(rng, &parts, 10, 1023);
    let drawn = test(rng, &parts, 10, 1000);
    assert_eq!((exact.permutations, drawn.permutations), (1023, 1000));
    assert!((exact.p - drawn.p).abs() < 0.06, "{} and {}", exact.p, drawn.p);
    assert_eq!(exact.difference, drawn.difference);
}

#[test]
fn without_a_pair_that_has_a_distance_there_is_no_test() {
    let apart = tensor_of(vec![1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0], &[4, 2]);
    let distances = Distances::new(&Signs::from_changes(&apart), Zeros::LeftOut);
    assert_eq!(compare_with_random_parts(&mut seeded(6, "none"), &[distances], &pairs(2), 9), None);
}
