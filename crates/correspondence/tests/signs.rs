//! Signs, their distances and their consistency, in closed form and beside a slow twin.

use core_net::Builder;
use correspondence::{Distances, Signs, Square, Zeros, changes, epsilon};
use rand::Rng;
use tensor::{Tensor, seeded, tensor_of, to_f64s};

/// Changes of so many features, a row for each image.
fn signs(rows: &[&[f64]]) -> Vec<Signs> {
    Signs::from_changes(&tensor_of(rows.concat(), &[rows.len(), rows[0].len()]))
}

/// The distance by its definition.
fn by_definition(a: &[f64], b: &[f64], zeros: Zeros) -> Option<f64> {
    let sign = |x: f64| if x == 0.0 { 0.0 } else { x.signum() };
    let counts = |(a, b): &(&f64, &f64)| zeros == Zeros::ThirdSign || (**a != 0.0 && **b != 0.0);
    let counted: Vec<_> = a.iter().zip(b).filter(counts).collect();
    let differ = counted.iter().filter(|(a, b)| sign(**a) != sign(**b)).count();
    (!counted.is_empty()).then(|| differ as f64 / counted.len() as f64)
}

#[test]
fn zeros_are_a_sign_of_their_own_or_are_left_out() {
    let rows = signs(&[&[1.0, -2.0, 0.0, 0.0, 3.0], &[0.5, 2.0, 0.0, -1.0, 0.0]]);
    assert_eq!(rows[0].changed(), 3.0 / 5.0);
    assert_eq!(rows[0].distance(&rows[1], Zeros::ThirdSign), Some(3.0 / 5.0));
    assert_eq!(rows[0].distance(&rows[1], Zeros::LeftOut), Some(1.0 / 2.0));
    let apart = signs(&[&[1.0, 0.0], &[0.0, 1.0]]);
    assert_eq!(apart[0].distance(&apart[1], Zeros::ThirdSign), Some(1.0));
    assert_eq!(apart[0].distance(&apart[1], Zeros::LeftOut), None);
}

#[test]
fn counted_bits_are_the_definition_for_any_number_of_features() {
    let rng = &mut seeded(1, "changes");
    for features in [1, 63, 64, 65, 200] {
        let rows: Vec<Vec<f64>> =
            (0..6).map(|_| (0..features).map(|_| f64::from(rng.random_range(-1..2))).collect()).collect();
        let packed = signs(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
        for zeros in [Zeros::ThirdSign, Zeros::LeftOut] {
            let distances = Distances::new(&packed, zeros);
            for (i, j) in (0..36).map(|pair| (pair / 6, pair % 6)).filter(|(i, j)| i != j) {
                let slow = by_definition(&rows[i], &rows[j], zeros);
                assert_eq!(packed[i].distance(&packed[j], zeros), slow, "{features} features");
                let found = distances.consistency(&[i, j]).map(|pair| pair.mean);
                assert_eq!(found, slow, "{features} features");
            }
        }
    }
}

#[test]
fn consistency_is_the_mean_and_the_deviation_of_the_pairs_that_have_a_distance() {
    // Distances 1/4, 2/4 and 3/4.
    let rows = signs(&[&[1.0, 1.0, 1.0, 1.0], &[-1.0, 1.0, 1.0, 1.0], &[1.0, -1.0, -1.0, 1.0]]);
    let distances = Distances::new(&rows, Zeros::ThirdSign);
    let all = distances.consistency(&[0, 1, 2]).expect("three pairs");
    assert_eq!((all.mean, all.deviation, all.pairs), (0.5, 0.25, 3));
    let two = distances.consistency(&[2, 0]).expect("a pair");
    assert_eq!((two.mean, two.deviation, two.pairs), (0.5, 0.0, 1));
    assert_eq!(distances.consistency(&[1]), None);
    let apart = Distances::new(&signs(&[&[1.0, 0.0], &[0.0, 1.0], &[1.0, 1.0]]), Zeros::LeftOut);
    assert_eq!(apart.consistency(&[0, 1]), None);
    assert_eq!(apart.consistency(&[0, 1, 2]).map(|c| (c.mean, c.pairs)), Some((0.0, 2)));
}

#[test]
fn the_change_is_the_activation_before_minus_the_one_after() {
    let net = Builder::new(&[1, 1, 3]).relu("relu").build().expect("it fits");
    let batch = |pixels: [f64; 3]| tensor_of(pixels.to_vec(), &[1, 1, 1, 3]);
    let [before, after] = [[3.0, -1.0, 2.0], [1.0, 5.0, 2.0]].map(|pixels| net.forward(&batch(pixels)));
    assert_eq!(to_f64s(&epsilon(&before, &after, 0)), [2.0, -6.0, 0.0]);
    assert_eq!(to_f64s(&epsilon(&before, &after, 1)), [2.0, -5.0, 0.0]);
}

#[test]
fn the_changes_of_several_nodes_are_those_of_each_alone() {
    let net = core_net::zoo::untrained("lenet", 10, [28, 28], 1);
    let images = tensor::uniform(&mut seeded(3, "images"), &[3, 1, 28, 28], 1.0, tensor::DType::F32);
    let hide = |side, center| Square { side, fill: 0.0 }.hide(&images, &[center; 3]);
    let hidden = [hide(5, [5.0, 5.0]), hide(9, [20.0, 20.0])];
    let nodes = ["relu1", "relu4"].map(|name| net.index_of(name).expect("a layer"));
    let all = changes(&net, &images, &hidden, &nodes);
    let before = net.forward(&images);
    for (hidden, changes) in hidden.iter().zip(&all) {
        let after = net.forward(hidden);
        for (node, signs) in nodes.into_iter().zip(changes) {
            assert_eq!(signs, &Signs::from_changes(&epsilon(&before, &after, node)));
        }
    }
}

#[test]
fn what_the_occluder_does_not_reach_does_not_change_at_all() {
    let net = core_net::zoo::untrained("lenet", 10, [28, 28], 1);
    let images = tensor::uniform(&mut seeded(2, "images"), &[2, 1, 28, 28], 1.0, tensor::DType::F32);
    let hidden = Square { side: 5, fill: 0.0 }.hide(&images, &[[5.0, 5.0], [20.0, 20.0]]);
    let node = net.index_of("conv1").expect("a layer");
    let change = to_f64s(&epsilon(&net.forward(&images), &net.forward(&hidden), node));
    let changed = |image: usize| {
        let [.., h, w] = net.nodes()[node].shape[..] else { panic!("maps") };
        let maps = &change[image * change.len() / 2..][..change.len() / 2];
        let place = |(i, value): (usize, &f64)| (*value != 0.0).then_some([i / w % h, i % w]);
        maps.iter().enumerate().filter_map(place).collect::<Vec<_>>()
    };
    assert!(!changed(0).is_empty() && changed(0).iter().flatten().all(|&at| at < 14));
    assert!(!changed(1).is_empty() && changed(1).iter().flatten().all(|&at| at > 12));
}

fn hidden(shape: &[usize], side: usize, centers: &[[f64; 2]]) -> Vec<f64> {
    let pixels: usize = shape.iter().product();
    let images: Tensor = tensor_of(vec![1.0f32; pixels], shape);
    to_f64s(&Square { side, fill: -2.0 }.hide(&images, centers))
}

#[test]
fn the_square_lies_on_its_center_in_every_channel_and_is_cut_off_at_the_border() {
    let row = |y: usize, pixels: &[f64]| pixels[y * 4..][..4].to_vec();
    let image = hidden(&[1, 2, 4, 4], 2, &[[1.5, 2.5]]);
    for channel in image.chunks(16) {
        assert_eq!(row(0, channel), [1.0; 4]);
        assert_eq!(row(1, channel), [1.0, 1.0, -2.0, -2.0]);
        assert_eq!(row(2, channel), [1.0, 1.0, -2.0, -2.0]);
        assert_eq!(row(3, channel), [1.0; 4]);
    }
    let image = hidden(&[2, 1, 4, 4], 3, &[[0.0, 3.0], [2.0, 1.0]]);
    let count = |image: &[f64]| image.iter().filter(|&&pixel| pixel == -2.0).count();
    assert_eq!((count(&image[..16]), count(&image[16..])), (4, 9));
    assert_eq!(row(1, &image[..16]), [1.0, 1.0, -2.0, -2.0]);
    assert_eq!(row(1, &image[16..]), [-2.0, -2.0, -2.0, 1.0]);
    for outside in [[9.0, 9.0], [9.0, 1.0], [1.0, -9.0]] {
        assert_eq!(count(&hidden(&[1, 1, 4, 4], 2, &[outside])), 0);
    }
}
