//! The streaming ranking beside a sort of everything.

use core_net::Builder;
use deconv::{FeatureMap, TopImages};
use rand::Rng;
use tensor::{gather, seeded, tensor_of, to_f64s};

#[test]
fn rankings_of_parts_appended_are_the_ranking_of_one_pass_ties_included() {
    let net = Builder::new(&[3, 2, 2]).relu("relu").build().expect("it fits");
    let rng = &mut seeded(2, "images");
    let pixels: Vec<f64> = (0..60 * 12).map(|_| f64::from(rng.random_range(-4..3))).collect();
    let images = tensor_of(pixels, &[60, 3, 2, 2]);
    let maps = [2, 0, 1].map(|channel| FeatureMap { node: 1, channel });
    for (part, k) in [(1, 9), (7, 9), (20, 4), (59, 30), (60, 70)] {
        let mut once = TopImages::new(&maps, k);
        once.update(&net.forward(&images));
        let mut appended = TopImages::new(&maps, k);
        for from in (0..60).step_by(part) {
            let rows: Vec<usize> = (from..60.min(from + part)).collect();
            let mut top = TopImages::new(&maps, k);
            top.update(&net.forward(&gather(&images, &rows)));
            appended.append(top.seen(), top.ranked());
        }
        assert_eq!((appended.seen(), appended.ranked()), (once.seen(), once.ranked()), "{part} {k}");
    }
}

#[test]
#[should_panic(expected = "a ranking of the same maps")]
fn a_ranking_of_other_maps_is_not_appended() {
    let ranking = |channel| TopImages::new(&[FeatureMap { node: 1, channel }], 9);
    ranking(0).append(1, ranking(1).ranked());
}

#[test]
fn a_ranking_in_batches_is_that_of_all_images_sorted_with_ties_to_the_earlier() {
    let net = Builder::new(&[3, 2, 2]).relu("relu").build().expect("it fits");
    let rng = &mut seeded(1, "images");
    // Few different values, so that there are ties.
    let pixels: Vec<f64> = (0..40 * 12).map(|_| f64::from(rng.random_range(-4..5))).collect();
    let images = tensor_of(pixels, &[40, 3, 2, 2]);
    let maps = [2, 0].map(|channel| FeatureMap { node: 1, channel });
    let mut top = TopImages::new(&maps, 9);
    for from in (0..40).step_by(7) {
        let batch: Vec<usize> = (from..40.min(from + 7)).collect();
        top.update(&net.forward(&gather(&images, &batch)));
    }
    assert_eq!(top.seen(), 40);
    let activations = to_f64s(net.forward(&images).output());
    for (index, map) in maps.iter().enumerate() {
        let plane = |image: usize| &activations[(image * 3 + map.channel) * 4..][..4];
        let largest = |image: usize| plane(image).iter().copied().fold(0.0, f64::max);
        let mut order: Vec<usize> = (0..40).collect();
        order.sort_by(|&a, &b| largest(b).total_cmp(&largest(a)));
        let found = top.strongest(index);
        assert_eq!(found.iter().map(|s| s.image).collect::<Vec<_>>(), order[..9]);
        for strongest in found {
            let [y, x] = strongest.unit.at;
            assert_eq!(plane(strongest.image)[y * 2 + x], strongest.activation);
        }
        assert_eq!(top.ranked()[index].firing, (0..40).filter(|&image| largest(image) > 0.0).count());
    }
}

#[test]
fn what_is_no_number_is_never_among_the_strongest() {
    let net = Builder::new(&[1, 1, 2]).identity("same").build().expect("it fits");
    let images = tensor_of(vec![f64::NAN, 1.0, f64::NAN, f64::NAN, 3.0, f64::NAN], &[3, 1, 1, 2]);
    let mut top = TopImages::new(&[FeatureMap { node: 1, channel: 0 }], 3);
    top.update(&net.forward(&images));
    let found: Vec<_> = top.strongest(0).iter().map(|s| (s.image, s.unit.at, s.activation)).collect();
    assert_eq!(found, [(2, [0, 0], 3.0), (0, [0, 1], 1.0)]);
}
