//! Adversarial examples at any node's output: they lie in the box, the layers above misclassified them, and training renews them alike for every seed.

use adversarial::{
    Attack, ProjectedGradientAscent, distortions, min_distortion, misclassified, random_targets,
};
use core_net::{Net, zoo};
use tensor::{DType, Tensor, argmax, cross_entropy, normal, seeded, tensor_of, to_f64s, uniform};
use training::{Classification, ExampleGenerator, InjectionPoint, MiniBatch, PoolSettings, Pools, Trainer};

/// The image and both hidden layers.
const NODES: [usize; 3] = [0, 3, 5];

/// Images in the box; the class is the brightest of the first five pixels.
fn digits(n: usize) -> (Tensor, Vec<usize>) {
    let images = (uniform(&mut seeded(4, "images"), &[n, 1, 6, 6], 0.5, DType::F32) + 0.5).expect("a shift");
    let five = images.flatten_from(1).and_then(|rows| rows.narrow(1, 0, 5)).expect("five pixels");
    (images, argmax(&five))
}

fn settings(epochs: usize) -> MiniBatch {
    MiniBatch { epochs, batch: 20, learning_rate: 2e-2, weight_decay: vec![1e-5; 3] }
}

/// A trained net, n images, and how it reads them.
fn case(n: usize) -> (Net, Tensor, Vec<usize>) {
    let (images, labels) = digits(400);
    let objective = Classification { images: &images, labels: &labels };
    let net = zoo::fully_connected(&[1, 6, 6], &[30, 20, 5], 3);
    let mut trainer = Trainer::new(net, &objective, settings(40), 1);
    trainer.by_ref().for_each(drop);
    let (net, images) = (trainer.into_net(), images.narrow(0, 0, n).expect("so many"));
    let labels = net.predict(&images);
    (net, images, labels)
}

fn mean_loss(net: &Net, examples: &Tensor, labels: &[usize]) -> f64 {
    cross_entropy(net.forward(examples).output(), labels).0.iter().sum::<f64>() / labels.len() as f64
}

#[test]
fn at_every_layer_an_ascent_stays_in_the_box_and_in_its_size_and_harms_more_than_noise() {
    let (net, images, labels) = case(60);
    let trace = net.forward(&images);
    for node in NODES {
        let (above, clean) = (net.above(node), trace.activation(node));
        for steps in [1, 3] {
            let size = 0.1;
            let made = ProjectedGradientAscent { size, steps }.generate(&above, clean, &labels);
            assert!(to_f64s(&made).iter().all(|x| (0.0..=1.0).contains(x)));
            assert!(distortions(&made, clean).iter().all(|&d| d <= size + 1e-6 && d > 0.5 * size));
            let noise = normal(&mut seeded(5, "noise"), clean.dims(), size, DType::F32);
            let noisy = (clean + noise).and_then(|x| x.clamp(0.0, 1.0)).expect("one shape");
            let [calm, disturbed, worst] = [clean, &noisy, &made].map(|x| mean_loss(&above, x, &labels));
            let harms = worst > calm && worst - calm > 2.0 * (disturbed - calm);
            assert!(harms, "node {node}: {calm} {disturbed} {worst}");
        }
        assert_eq!(misclassified(&above, clean, &labels), 0);
        let far = ProjectedGradientAscent { size: 0.5, steps: 10 }.generate(&above, clean, &labels);
        let wrong = misclassified(&above, &far, &labels);
        assert!(wrong >= 55, "node {node}: {wrong} of 60");
    }
}

#[test]
fn at_every_layer_the_smallest_distortion_makes_the_layers_above_read_the_target() {
    let (net, images, labels) = case(12);
    let targets = random_targets(&labels, 5, 6);
    let trace = net.forward(&images);
    for node in NODES {
        let above = net.above(node);
        let outcomes = min_distortion(&above, trace.activation(node), &targets, &Attack::default());
        for (outcome, &target) in outcomes.iter().zip(&targets).filter(|(outcome, _)| outcome.is_found()) {
            let image = &outcome.attempt().image;
            assert!(image.iter().all(|x| (0.0..=1.0).contains(x)));
            let shape = [&[1], &*above.nodes()[0].shape].concat();
            let read = above.to_dtype(DType::F64).predict(&tensor_of(image.clone(), &shape));
            assert_eq!(read, [target]);
        }
        let found = outcomes.iter().filter(|outcome| outcome.is_found()).count();
        assert!(found >= 10, "node {node}: {found} of 12");
    }
}

#[test]
fn an_example_is_made_alike_alone_and_among_others() {
    let (net, images, labels) = case(20);
    let ascent = ProjectedGradientAscent { size: 0.2, steps: 2 };
    let together = to_f64s(&ascent.generate(&net, &images, &labels));
    let alone = ascent.generate(&net, &images.narrow(0, 7, 1).expect("one"), &labels[7..8]);
    assert_eq!(to_f64s(&alone), together[7 * 36..8 * 36]);
}

#[test]
fn training_with_pools_at_every_layer_ends_in_the_same_bits_for_a_seed_whatever_the_threads() {
    let (images, labels) = digits(200);
    let net = zoo::fully_connected(&[1, 6, 6], &[30, 20, 5], 3);
    let train = |threads: usize, seed: u64| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| {
            let entrance = |node| InjectionPoint {
                node,
                share: 0.2,
                generator: ProjectedGradientAscent { size: 0.05, steps: 1 },
            };
            let drawing = PoolSettings { size: 50, replaced: 7, drawn: 20 };
            let pools = Pools::new(&net, (&images, &labels), drawing, NODES.map(entrance).into());
            let mut trainer = Trainer::new(net.clone(), pools, settings(30), seed);
            let losses: Vec<f64> = trainer.by_ref().map(|epoch| epoch.loss).collect();
            assert!(losses[29] < 0.8 * losses[0], "{losses:?}");
            trainer.into_net().to_safetensors()
        })
    };
    let one = train(1, 1);
    assert_eq!(one, train(3, 1));
    assert_ne!(one, train(1, 2));
}
