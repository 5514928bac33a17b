//! What excites maps at two epochs, on nets of one filter weight each.

use core_net::{Builder, Net};
use deconv::{EpochSnapshot, FeatureMap, TopImages, Unit};
use tensor::{Conv, DType, Tensor, normal, seeded, tensor_of};

/// Two maps: the image times one weight each, rectified.
fn net(weights: [f32; 2]) -> Net {
    let weight = tensor_of(weights.to_vec(), &[2, 1, 1, 1]);
    let bias = tensor_of(vec![0.0f32; 2], &[2]);
    Builder::new(&[1, 2, 3]).conv("conv1", weight, bias, Conv::default()).relu("relu1").build().unwrap()
}

const MAPS: [FeatureMap; 2] = [FeatureMap { node: 2, channel: 0 }, FeatureMap { node: 2, channel: 1 }];

/// The snapshot of this net, by batches of two images.
fn snapshot(net: &Net, images: &Tensor) -> EpochSnapshot {
    let mut snapshot = EpochSnapshot::new(&MAPS);
    for from in (0..images.dims()[0]).step_by(2) {
        let count = 2.min(images.dims()[0] - from);
        snapshot.update(&net.forward(&images.narrow(0, from, count).unwrap()));
    }
    snapshot
}

#[test]
fn the_strongest_image_is_the_first_of_a_ranking() {
    let images = normal(&mut seeded(1, "images"), &[7, 1, 2, 3], 1.0, DType::F32);
    let net = net([1.0, -2.0]);
    let mut top = TopImages::new(&MAPS, 1);
    top.update(&net.forward(&images));
    let snapshot = snapshot(&net, &images);
    for map in 0..2 {
        assert_eq!(snapshot.strongest(map), top.strongest(map)[0]);
    }
}

#[test]
fn ties_take_the_earlier_image_and_the_first_place() {
    let strongest = snapshot(&net([1.0, -1.0]), &tensor_of(vec![1.0f32; 18], &[3, 1, 2, 3])).strongest(0);
    assert_eq!((strongest.image, strongest.unit), (0, Unit { channel: 0, at: [0, 0] }));
}

#[test]
fn a_map_is_like_itself_when_scaled_unlike_when_turned_round_and_nothing_when_dead() {
    let values = [1.0f32, 2.0, 3.0, 5.0].map(|value| [value; 6]).concat();
    let images = tensor_of(values, &[4, 1, 2, 3]);
    let [at_first, scaled] = [[1.0, 1.0], [3.0, -1.0]].map(|weights| snapshot(&net(weights), &images));
    assert!((at_first.similarity(&scaled, 0) - 1.0).abs() < 1e-12);
    assert_eq!(at_first.similarity(&scaled, 1), 0.0);
    // Images from −2.75 to 1.25 about their mean: the highest excites one map, the lowest the other.
    let around = images.affine(1.0, -2.75).unwrap();
    let [map, turned] = [[1.0, 1.0], [-1.0, 1.0]].map(|weights| snapshot(&net(weights), &around));
    assert!(map.similarity(&turned, 0) < -0.5 && map.similarity(&turned, 1) > 1.0 - 1e-12);
}

#[test]
#[should_panic(expected = "snapshots of the same images")]
fn snapshots_of_other_images_are_refused() {
    let images = tensor_of(vec![1.0f32; 18], &[3, 1, 2, 3]);
    let net = net([1.0, 1.0]);
    snapshot(&net, &images).similarity(&snapshot(&net, &images.narrow(0, 0, 2).unwrap()), 0);
}
