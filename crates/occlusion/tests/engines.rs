//! Both engines compute the same maps, on random nets.

use core_net::{Net, random_net};
use ndarray::Array2;
use occlusion::{
    Border, Engine, Fill, Occluder, PositionValues, Quantity, SensitivityMaps, SensitivityTarget, Sweep,
    occluded_values, sensitivity_maps,
};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use tensor::{DType, Tensor, seeded, tensor_of, to_f64s, uniform};

/// A net that ends in a number for each class, and an image for it.
fn classifier(rng: &mut ChaCha8Rng) -> (Net, Tensor) {
    let net = random_net(rng, 5);
    let inputs = net.nodes()[net.output()].shape.iter().product();
    let (weight, bias) = (random(rng, &[4, inputs]), random(rng, &[4]));
    let builder = core_net::Builder::on(net).flatten("features").linear("logits", weight, bias);
    let net = builder.build().expect("it fits");
    let image = random(rng, &[&[1], &*net.nodes()[0].shape].concat());
    (net, image)
}

fn random(rng: &mut ChaCha8Rng, shape: &[usize]) -> Tensor {
    uniform(rng, shape, 1.0, DType::F64)
}

fn occluder(rng: &mut ChaCha8Rng, channels: usize) -> Occluder {
    let mut sides = |most: usize| [0; 2].map(|_| rng.random_range(1..=most));
    let (size, stride) = (sides(5), sides(3));
    let fill = match rng.random_range(0..4) {
        0 => Fill::Value(rng.random()),
        1 => Fill::Channels((0..channels).map(|_| rng.random()).collect()),
        2 => Fill::Mean,
        _ => Fill::Blurred(0.8),
    };
    let border = [Border::Inside, Border::Covering, Border::Overhanging][rng.random_range(0..3)];
    Occluder { size, stride, fill, border }
}

/// The largest difference, as a part of the largest magnitude, of the values or of what they are sums of.
fn relative(fast: &Array2<f64>, slow: &Array2<f64>, terms: f64) -> f64 {
    let largest = slow.iter().fold(terms.max(f64::MIN_POSITIVE), |most, v| most.max(v.abs()));
    fast.iter().zip(slow).map(|(a, b)| (a - b).abs() / largest).fold(0.0, f64::max)
}

/// Whether the maps agree, where the activities are sums of terms of this magnitude.
fn same(fast: &SensitivityMaps, slow: &SensitivityMaps, terms: f64, tolerance: f64) -> bool {
    fast.class == slow.class
        && relative(&fast.activity, &slow.activity, terms) <= tolerance
        && relative(&fast.probability, &slow.probability, 0.0) <= tolerance
}

#[test]
fn both_engines_agree_on_random_nets_occluders_and_strides() {
    let mut rng = seeded(31, "nets");
    let mut positions = 0;
    for _ in 0..500 {
        let (net, image) = classifier(&mut rng);
        let occluder = occluder(&mut rng, image.dims()[1]);
        let node = rng.random_range(0..net.nodes().len());
        let target = SensitivityTarget::strongest(&net, &image, node);
        let maps = |engine| sensitivity_maps(&net, &image, &occluder, target, engine);
        let (fast, slow) = (maps(Engine::Incremental), maps(Engine::Full));
        // A normalized map may sum to 0: then rounding errors are all that is left of its activity.
        let map = net.activations_of(&image, &[node])[0].narrow(1, target.channel, 1).expect("a map");
        let terms = to_f64s(&map).iter().fold(0.0, |sum, v| sum + v.abs());
        assert!(
            same(&fast, &slow, terms, 1e-9),
            "{target:?} under {occluder:?}: {net:?}\n{fast:?}\n{slow:?}"
        );
        positions += slow.class.len();
    }
    assert!(positions > 5000, "{positions} positions");
}

#[test]
fn a_sweep_in_parts_leaves_the_maps_of_a_whole_one_to_the_last_bit() {
    let mut rng = seeded(33, "nets");
    let mut parts = 0;
    for _ in 0..200 {
        let (net, image) = classifier(&mut rng);
        let occluder = occluder(&mut rng, image.dims()[1]);
        let target = SensitivityTarget::strongest(&net, &image, rng.random_range(0..net.nodes().len()));
        let engine = [Engine::Incremental, Engine::Full][rng.random_range(0..2)];
        let whole = sensitivity_maps(&net, &image, &occluder, target, engine);
        let size = rng.random_range(1..8);
        let mut joined = PositionValues::default();
        for from in (0..whole.class.len()).step_by(size) {
            let range = from..whole.class.len().min(from + size);
            let mut sweep = Sweep::new(&net, &image, &occluder, target, engine).over(range);
            while sweep.advance() {}
            let part = sweep.into_values();
            joined.activity.extend(part.activity);
            joined.probability.extend(part.probability);
            joined.class.extend(part.class);
            parts += 1;
        }
        let joined = SensitivityMaps::from_values(whole.class.dim().into(), joined);
        assert!(joined == whole, "{target:?} under {occluder:?} in parts of {size}: {joined:?} {whole:?}");
    }
    assert!(parts > 500, "{parts} parts");
}

/// The quantity of the image with the fill over each region, by a forward pass for each.
fn by_forward_passes(net: &Net, image: &Tensor, occluder: &Occluder, quantity: Quantity) -> Vec<f64> {
    let (dims, fill) = (image.dims(), to_f64s(&occluder.fill.over(image)));
    let (h, w) = (dims[2], dims[3]);
    let hidden = |region: core_net::Region| {
        let mut pixels = to_f64s(image);
        for (at, pixel) in pixels.iter_mut().enumerate() {
            if region.rows().contains(&(at / w % h)) && region.columns().contains(&(at % w)) {
                *pixel = fill[at];
            }
        }
        let trace = net.forward(&tensor_of(pixels, dims));
        quantity.of(trace.activation(quantity.node()))[0]
    };
    occluder.regions([h, w]).into_iter().map(hidden).collect()
}

#[test]
fn every_quantity_is_that_of_a_forward_pass_for_each_position_by_either_engine_and_in_parts() {
    let mut rng = seeded(34, "nets");
    let mut positions = 0;
    for _ in 0..150 {
        let (net, image) = classifier(&mut rng);
        let occluder = occluder(&mut rng, image.dims()[1]);
        let (node, channel) = (rng.random_range(0..net.nodes().len()), 0);
        let first = |rows: &Tensor| {
            let scalars = to_f64s(rows);
            scalars
                .chunks_exact(scalars.len() / rows.dims()[0])
                .map(|row| row[0] - 0.5 * row[row.len() - 1])
                .collect()
        };
        let quantities = [Quantity::Activity { node, channel }, Quantity::Function { node, of: &first }];
        for quantity in quantities {
            let slow = by_forward_passes(&net, &image, &occluder, quantity);
            let activation = &net.activations_of(&image, &[node])[0];
            let scale = to_f64s(activation).iter().fold(1.0, |sum, v| sum + v.abs());
            for engine in [Engine::Incremental, Engine::Full] {
                let values = |range| occluded_values(&net, &image, &occluder, quantity, range, engine);
                let (clean, fast) = values(0..slow.len());
                assert_eq!(clean, quantity.of(activation)[0]);
                let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-9 * scale;
                assert!(fast.len() == slow.len() && fast.iter().zip(&slow).all(near), "{engine:?}: {net:?}");
                let half = slow.len() / 2;
                assert_eq!([values(0..half).1, values(half..slow.len()).1].concat(), fast);
                positions += slow.len();
            }
        }
    }
    assert!(positions > 2000, "{positions} positions");
}

#[test]
fn a_wrong_map_does_not_agree() {
    let (net, image) = classifier(&mut seeded(32, "nets"));
    let target = SensitivityTarget::strongest(&net, &image, 0);
    let maps = sensitivity_maps(&net, &image, &Occluder::square(1, 1), target, Engine::Full);
    let mut wrong = maps.clone();
    wrong.activity[[0, 0]] += 1e-3 * maps.activity[[0, 0]].abs().max(1.0);
    assert!(same(&maps, &maps, 0.0, 0.0) && !same(&wrong, &maps, 0.0, 1e-9));
}
