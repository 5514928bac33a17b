//! Distances of features in closed form.

use core_net::{Builder, zoo};
use tensor::{DType, argmax, seeded, tensor_of, to_f64s, uniform};
use unit_analysis::{
    Invariance,
    Transformation::{Rotation, Scale, Translation},
};

#[test]
fn distances_are_those_of_each_images_features() {
    let net = Builder::new(&[1, 2, 2]).relu("relu").flatten("logits").build().expect("it fits");
    let images = tensor_of(vec![3.0, 4.0, 0.0, 0.0, -1.0, 1.0, 2.0, -2.0], &[2, 1, 2, 2]);
    let invariance = Invariance::new(&net, &images, &[2, 0], &[0, 1]);
    // The upper row becomes the lower one; zeros come in.
    let moved = invariance.under(Translation(1.0), 0.0);
    let [first, second] = [&moved[0], &moved[1]];
    assert!((first.distances[0].euclidean - 50f64.sqrt()).abs() < 1e-12);
    assert!((first.distances[0].normalized - 2f64.sqrt()).abs() < 1e-12);
    // [-1, 1, 2, -2] becomes [0, 0, -1, 1]; after the rectifier [0, 1, 2, 0] becomes [0, 0, 0, 1].
    assert!((second.distances[0].euclidean - 20f64.sqrt()).abs() < 1e-12);
    assert!((second.distances[1].euclidean - 6f64.sqrt()).abs() < 1e-12);
    assert!((second.distances[1].normalized - (6.0f64 / 5.0).sqrt()).abs() < 1e-12);
    let logits = [0.0, 0.0, 3.0, 4.0f64].map(f64::exp);
    assert!((first.probability - logits[2] / logits.iter().sum::<f64>()).abs() < 1e-12);
}

#[test]
fn an_image_as_it_is_has_no_distance_and_its_own_probability() {
    let net = zoo::untrained("lenet", 10, [28, 28], 1);
    let images = uniform(&mut seeded(1, "images"), &[3, 1, 28, 28], 1.0, DType::F32);
    let labels = argmax(&net.output_of(&images));
    let nodes: Vec<usize> = (0..net.nodes().len()).collect();
    let same = Invariance::new(&net, &images, &labels, &nodes).under(Scale(1.0), 0.0);
    let probabilities = to_f64s(&net.probabilities(net.forward(&images).output()));
    for (image, response) in same.iter().enumerate() {
        assert!(response.distances.iter().all(|d| d.euclidean == 0.0 && d.normalized == 0.0));
        assert_eq!(response.probability, probabilities[image * 10 + labels[image]]);
    }
}

#[test]
fn an_images_response_does_not_depend_on_its_neighbors() {
    let net = zoo::untrained("lenet", 10, [28, 28], 2);
    let images = uniform(&mut seeded(2, "images"), &[3, 1, 28, 28], 1.0, DType::F32);
    let nodes = [1, net.output()];
    let together = Invariance::new(&net, &images, &[1, 2, 3], &nodes).under(Rotation(25.0), 0.0);
    let second = images.narrow(0, 1, 1).expect("an image");
    let alone = Invariance::new(&net, &second, &[2], &nodes).under(Rotation(25.0), 0.0);
    assert_eq!(alone[0], together[1]);
}
