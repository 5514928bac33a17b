//! The nearest other class against a search for each class, and on nets whose boundaries are known.

use adversarial::{
    Attack, NearestClass, NearestOutcome, distortions, min_distortion, nearest_class, random_targets,
};
use core_net::{Builder, Net};
use std::sync::atomic::AtomicUsize;
use tensor::{DType, Tensor, seeded, tensor_of, to_f64s, uniform};

const CLASSES: usize = 10;

/// A net of three layers with random weights, of sigmoids or of rectifiers.
fn net(seed: u64, rectified: bool) -> Net {
    let mut rng = seeded(seed, "weights");
    let mut net = Builder::new(&[1, 6, 6]).flatten("flatten");
    for (layer, (inputs, outputs)) in [(36, 40), (40, 30), (30, CLASSES)].into_iter().enumerate() {
        let width = if rectified { 0.5 } else { 1.5 };
        let weight = uniform(&mut rng, &[outputs, inputs], width, DType::F64);
        let bias = uniform(&mut rng, &[outputs], 0.5, DType::F64);
        net = net.linear(&format!("fc{layer}"), weight, bias);
        net = match (layer, rectified) {
            (2, _) => net,
            (_, true) => net.relu(&format!("relu{layer}")),
            (_, false) => net.sigmoid(&format!("sigmoid{layer}")),
        };
    }
    net.build().unwrap()
}

fn images(n: usize) -> Tensor {
    (uniform(&mut seeded(4, "images"), &[n, 1, 6, 6], 0.5, DType::F64) + 0.5).unwrap()
}

fn search(net: &Net, images: &Tensor, settings: &NearestClass) -> Vec<NearestOutcome> {
    nearest_class(net, images, settings, &AtomicUsize::new(0))
}

/// The smallest distortion to each image's nearest class, by a search for every class.
fn brute_force(net: &Net, images: &Tensor) -> Vec<f64> {
    let labels = net.predict(images);
    let mut smallest = vec![f64::INFINITY; labels.len()];
    for offset in 1..CLASSES {
        let targets: Vec<usize> = labels.iter().map(|label| (label + offset) % CLASSES).collect();
        let outcomes = min_distortion(net, images, &targets, &Attack::default());
        for (smallest, outcome) in smallest.iter_mut().zip(outcomes) {
            if outcome.is_found() {
                *smallest = smallest.min(outcome.attempt().distortion);
            }
        }
    }
    smallest
}

#[test]
fn the_nearest_class_is_as_near_as_a_search_for_each_class_finds_and_nearer_than_a_random_one() {
    let n = 60;
    let images = images(n);
    for (seed, rectified) in [(3, false), (5, true)] {
        let net = net(seed, rectified);
        let found = search(&net, &images, &NearestClass::default());
        let expected = brute_force(&net, &images);
        let near = found.iter().zip(&expected).filter(|(found, expected)| {
            found.outcome.is_found() && found.outcome.attempt().distortion <= 1.01 * **expected
        });
        println!(
            "RR {:?}",
            found
                .iter()
                .zip(&expected)
                .map(|(f, e)| (f.outcome.attempt().distortion / e, f.outcome.attempt().c))
                .filter(|r| r.0 > 1.01)
                .collect::<Vec<_>>()
        );
        let near = near.count();
        assert!(near * 100 >= 95 * n, "rectified {rectified}: {near} of {n}");
        let labels = net.predict(&images);
        let random = min_distortion(&net, &images, &random_targets(&labels, CLASSES, 1), &Attack::default());
        let mean = |distortions: Vec<f64>| distortions.iter().sum::<f64>() / n as f64;
        let nearest = mean(found.iter().map(|found| found.outcome.attempt().distortion).collect());
        let random = mean(random.iter().map(|outcome| outcome.attempt().distortion).collect());
        assert!(2.0 * nearest < random, "{nearest} {random}");
    }
}

#[test]
fn what_is_found_is_another_class_inside_the_box_with_its_distortion_whatever_the_threads() {
    let (net, images) = (net(3, false), images(40));
    let found = search(&net, &images, &NearestClass::default());
    let pixels: Vec<f64> = found.iter().flat_map(|found| found.outcome.attempt().image.clone()).collect();
    assert!(pixels.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
    let distorted = tensor_of(pixels, images.dims());
    let (labels, read) = (net.predict(&images), net.predict(&distorted));
    for (i, distortion) in distortions(&distorted, &images).into_iter().enumerate() {
        assert!(found[i].outcome.is_found());
        assert_eq!((found[i].source, found[i].target), (Some(labels[i]), read[i]));
        assert_ne!(read[i], labels[i]);
        assert!((found[i].outcome.attempt().distortion - distortion).abs() < 1e-15);
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap();
    assert_eq!(pool.install(|| search(&net, &images, &NearestClass::default())), found);
    assert_eq!(search(&net, &images.narrow(0, 7, 1).unwrap(), &NearestClass::default())[0], found[7]);
}

#[test]
fn images_so_large_that_a_thread_has_one_at_a_time_are_all_searched() {
    // The classes are the channels, the logits their means: the border lies halfway between the two largest.
    let net = Builder::new(&[3, 160, 160]).global_mean_pool("mean").build().unwrap();
    let net = Builder::on(net).flatten("flatten").build().unwrap();
    let images = (uniform(&mut seeded(4, "images"), &[9, 3, 160, 160], 0.5, DType::F64) + 0.5).unwrap();
    let found = search(&net, &images, &NearestClass::default());
    assert_eq!(found.len(), 9);
    let means = to_f64s(&net.output_of(&images));
    for (found, means) in found.iter().zip(means.chunks_exact(3)) {
        let mut means = means.to_vec();
        means.sort_by(f64::total_cmp);
        let expected = (means[2] - means[1]) / 2.0 * (2.0f64 / 3.0).sqrt();
        let ratio = found.outcome.attempt().distortion / expected;
        assert!(found.outcome.is_found() && (1.0..1.01).contains(&ratio), "{ratio}");
    }
}

#[test]
fn the_nearest_plane_of_a_linear_net_is_found_to_a_percent() {
    // Logits 0, 3x − 4y, and x + y − 2.5: from (0.4, 0.5), planes at distances 0.16 and 1.13.
    let weight = tensor_of(vec![0.0, 0.0, 3.0, -4.0, 1.0, 1.0], &[3, 2]);
    let linear = Builder::new(&[1, 1, 2]).flatten("flatten");
    let linear = linear.linear("fc", weight, tensor_of(vec![0.0, 0.0, -2.5], &[3])).build().unwrap();
    let image = tensor_of(vec![0.4, 0.5], &[1, 1, 1, 2]);
    let found = &search(&linear, &image, &NearestClass::default())[0];
    let distance = 0.16 / 2f64.sqrt();
    assert_eq!((found.source, found.target), (Some(0), 1));
    let ratio = found.outcome.attempt().distortion / distance;
    assert!((1.0..1.01).contains(&ratio), "{ratio}");
}

#[test]
fn without_another_class_a_gradient_or_numbers_nothing_is_found() {
    let zeros = |classes: usize, bias: Vec<f64>| {
        let weight = tensor_of(vec![0.0; 2 * classes], &[classes, 2]);
        Builder::new(&[2]).linear("fc", weight, tensor_of(bias, &[classes])).build().unwrap()
    };
    let image = tensor_of(vec![0.4, 0.5], &[1, 2]);
    for bias in [vec![1.0], vec![1.0, 0.0], vec![f64::NAN, 0.0], vec![f64::INFINITY, 0.0]] {
        let found = &search(&zeros(bias.len(), bias.clone()), &image, &NearestClass::default())[0];
        assert!(!found.outcome.is_found(), "{bias:?}");
        assert_eq!(found.outcome.attempt().image, [0.4, 0.5]);
    }
}
