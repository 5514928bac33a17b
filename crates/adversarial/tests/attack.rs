//! What defines the attack: the target is reached inside the box, whatever the neighbors and the threads.

use adversarial::{
    Attack, Outcome, Penalty, distortions, min_distortion, misclassified, random_targets, refine,
};
use core_net::operations::Convolution;
use core_net::{Builder, Net};
use tensor::{Conv, DType, Tensor, seeded, tensor_of, to_f64s, uniform};

const CLASSES: usize = 5;

/// A net with random weights, images it has classes for, and wrong targets.
fn case(n: usize) -> (Net, Tensor, Vec<usize>) {
    let mut rng = seeded(3, "weights");
    let mut net = Builder::new(&[1, 6, 6]).flatten("flatten");
    for (layer, (inputs, outputs)) in [(36, 30), (30, 20), (20, CLASSES)].into_iter().enumerate() {
        let weight = uniform(&mut rng, &[outputs, inputs], 2.0, DType::F64);
        let bias = uniform(&mut rng, &[outputs], 1.0, DType::F64);
        net = net.linear(&format!("fc{layer}"), weight, bias);
        net = if layer < 2 { net.sigmoid(&format!("sigmoid{layer}")) } else { net };
    }
    let net = net.build().expect("each layer fits");
    let images = (uniform(&mut seeded(4, "images"), &[n, 1, 6, 6], 0.5, DType::F64) + 0.5).expect("a shift");
    let targets = random_targets(&net.predict(&images), CLASSES, 5);
    (net, images, targets)
}

/// The images found, in the shape of the originals.
fn distorted(outcomes: &[Outcome], originals: &Tensor) -> Tensor {
    let pixels: Vec<f64> = outcomes.iter().flat_map(|outcome| outcome.attempt().image.clone()).collect();
    tensor_of(pixels, originals.dims())
}

#[test]
fn what_is_found_lies_in_the_box_is_read_as_its_target_and_says_its_distortion() {
    let (net, images, targets) = case(70);
    for penalty in [Penalty::SquaredNorm, Penalty::Norm] {
        let outcomes = min_distortion(&net, &images, &targets, &Attack { penalty, ..Attack::default() });
        let found = outcomes.iter().filter(|outcome| outcome.is_found()).count();
        assert!(found >= 65, "{penalty:?}: {found} of 70");
        let found = distorted(&outcomes, &images);
        let (measured, read) = (distortions(&found, &images), net.predict(&found));
        for (i, outcome) in outcomes.iter().enumerate() {
            let attempt = outcome.attempt();
            assert!(attempt.image.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
            assert!((attempt.distortion - measured[i]).abs() < 1e-15);
            assert_eq!(outcome.is_found(), read[i] == targets[i], "{penalty:?} image {i}");
        }
    }
}

#[test]
fn an_image_alone_and_among_others_on_one_thread_and_on_four_ends_in_the_same_bits() {
    let (net, images, targets) = case(70);
    let attack = Attack::default();
    let [one, four] = [1, 4].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| min_distortion(&net, &images, &targets, &attack))
    });
    assert_eq!(one, four);
    let refined = refine(&net, &images, &targets, &one);
    for i in [0, 33, 69] {
        let image = images.narrow(0, i, 1).expect("one image");
        let alone = min_distortion(&net, &image, &targets[i..=i], &attack);
        assert_eq!(alone[0], one[i]);
        assert_eq!(refine(&net, &image, &targets[i..=i], &alone), refined[i..=i]);
    }
}

#[test]
fn an_image_that_is_read_as_the_target_already_needs_no_distortion() {
    let (net, images, _) = case(3);
    let outcomes = min_distortion(&net, &images, &net.predict(&images), &Attack::default());
    assert!(outcomes.iter().all(|outcome| outcome.is_found() && outcome.attempt().distortion == 0.0));
    assert_eq!(misclassified(&net, &distorted(&outcomes, &images), &net.predict(&images)), 0);
}

#[test]
fn a_target_out_of_reach_is_not_found_and_the_attempt_is_kept() {
    let (net, images, _) = case(4);
    // The last layer's bias shuts out class 0.
    let below = net.up_to(net.output() - 1);
    let weight = tensor_of(vec![0.0; CLASSES * 20], &[CLASSES, 20]);
    let bias = tensor_of(vec![-50.0, 0.0, 0.0, 0.0, 0.0], &[CLASSES]);
    let net = Builder::on(below).linear("shut", weight, bias).build().expect("it fits");
    let outcomes = min_distortion(&net, &images, &[0; 4], &Attack::default());
    assert!(outcomes.iter().all(|outcome| !outcome.is_found() && outcome.attempt().evaluations > 0));
    assert!(refine(&net, &images, &[0; 4], &outcomes).iter().all(|outcome| !outcome.is_found()));
}

#[test]
fn a_net_whose_loss_is_nan_finds_nothing_and_ends() {
    let (net, images, targets) = case(3);
    let clean = min_distortion(&net, &images, &targets, &Attack::default());
    // The first layer's sigmoid saves no sum of +∞ and −∞: a net with such weights reads every lit image as NaN.
    let mut weights = vec![0.0; 2 * 36];
    (weights[7], weights[8]) = (f64::INFINITY, f64::NEG_INFINITY);
    let broken = Builder::new(&[1, 6, 6]).flatten("flatten");
    let broken = broken.linear("fc1", tensor_of(weights, &[2, 36]), tensor_of(vec![0.0, 0.0], &[2]));
    let outcomes = min_distortion(&broken.build().expect("it fits"), &images, &[0, 1, 1], &Attack::default());
    assert!(outcomes.iter().all(|outcome| !outcome.is_found()), "{outcomes:?}");
    assert_eq!(clean, min_distortion(&net, &images, &targets, &Attack::default()));
}

#[test]
fn refinement_never_ends_farther_away_and_reaches_the_foot_point_of_a_linear_net() {
    let (net, images, targets) = case(40);
    let outcomes = min_distortion(&net, &images, &targets, &Attack::default());
    let refined = refine(&net, &images, &targets, &outcomes);
    for (before, after) in outcomes.iter().zip(&refined) {
        assert!(after.attempt().distortion <= before.attempt().distortion || !before.is_found());
    }
    // Two classes, logits 0 and w·x: the border is the plane w·x = 0, and the image's foot point on it is known.
    let weight = tensor_of(vec![0.0, 0.0, 3.0, -4.0], &[2, 2]);
    let linear = Builder::new(&[1, 1, 2]).flatten("flatten");
    let linear = linear.linear("fc1", weight, tensor_of(vec![0.0, 0.0], &[2])).build().expect("it fits");
    let image = tensor_of(vec![0.4, 0.55], &[1, 1, 1, 2]);
    let start = min_distortion(&linear, &image, &[1], &Attack::default());
    let foot = refine(&linear, &image, &[1], &start);
    let distance = (3.0 * 0.4 - 4.0 * 0.55f64).abs() / 5.0 / 2f64.sqrt();
    assert!((foot[0].attempt().distortion / distance - 1.0).abs() < 1e-6, "{:?}", foot[0]);
}

/// A convolutional net with random weights for images of 257 × 257 pixels, of which a thread attacks one at a time.
fn photographs(n: usize) -> (Net, Tensor, Vec<usize>) {
    let mut rng = seeded(6, "weights");
    let mut weight = |shape: &[usize], scale| uniform(&mut rng, shape, scale, DType::F32);
    let conv = Conv { stride: [4; 2], ..Conv::default() };
    let net = Builder::new(&[1, 257, 257])
        .node("conv", Convolution { weight: weight(&[6, 1, 7, 7], 1.0), bias: Some(weight(&[6], 0.1)), conv })
        .relu("relu")
        .global_mean_pool("mean")
        .flatten("flatten")
        .linear("fc", weight(&[CLASSES, 6], 20.0), weight(&[CLASSES], 0.1));
    let net = net.build().expect("each layer fits");
    let images =
        (uniform(&mut seeded(7, "images"), &[n, 1, 257, 257], 0.5, DType::F32) + 0.5).expect("a shift");
    // The class that is read next to the first: noise is not read as every class.
    let logits = to_f64s(net.forward(&images).output());
    let second = |row: &[f64]| {
        let mut classes: Vec<usize> = (0..CLASSES).collect();
        classes.sort_by(|&a, &b| row[b].total_cmp(&row[a]));
        classes[1]
    };
    let targets = logits.chunks_exact(CLASSES).map(second).collect();
    (net, images, targets)
}

#[test]
fn large_images_attacked_in_f32_stay_in_the_box_and_are_read_as_their_targets_once_rounded_to_f32() {
    let (net, images, targets) = photographs(3);
    let attack = Attack { first_c: 0.5, ..Attack::for_photographs() };
    let outcomes = min_distortion(&net, &images, &targets, &attack);
    assert!(outcomes.iter().all(Outcome::is_found));
    let rounded = distorted(&outcomes, &images).to_dtype(DType::F32).expect("a cast");
    assert!(to_f64s(&rounded).iter().all(|pixel| (0.0..=1.0).contains(pixel)));
    assert_eq!(net.predict(&rounded), targets);
    // The same minimizations in f64, run to their ends, arrive at nearly the same distortion.
    let one = |index: usize| images.narrow(0, index, 1).expect("one image");
    let thorough = min_distortion(&net, &one(0), &targets[..1], &Attack::default());
    let ratio = outcomes[0].attempt().distortion / thorough[0].attempt().distortion;
    assert!((0.9..1.1).contains(&ratio), "{ratio}");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().expect("threads");
    assert_eq!(pool.install(|| min_distortion(&net, &images, &targets, &attack)), outcomes);
    assert_eq!(min_distortion(&net, &one(2), &targets[2..], &attack)[0], outcomes[2]);
}
