//! What defines the bounds: no pair of images is carried farther apart, and what is called exact is attained.

use adversarial::norms::{
    Boundary, Gain, Norm, Perturbations, largest_gain, lipschitz_bounds, operation_norm,
};
use core_net::operations::{Affine, Convolution, Pad, Pooling, Statistic, Transpose};
use core_net::{Builder, ElementWise, Net, Op, random_net};
use tensor::{
    Conv, DType, PaddingInMean, Pool, ResponseNorm, Rounding, Tensor, seeded, tensor_of, to_f64s, uniform,
};

fn norms(net: &Net) -> Vec<Norm> {
    (0..net.nodes().len()).map(|node| operation_norm(net, node, Boundary::Zero)).collect()
}

/// An image of the net's shape.
fn image(net: &Net, size: f64, seed: u64) -> Tensor {
    let shape = [&[1], &net.nodes()[0].shape[..]].concat();
    uniform(&mut seeded(seed, "image"), &shape, size, DType::F64)
}

#[test]
fn the_gain_of_random_nets_never_exceeds_the_bound_of_any_node() {
    let mut rng = seeded(1, "nets");
    let tried = Perturbations { lengths: vec![1e-4, 0.1, 3.0], random: 8, steps: 12 };
    let (mut pairs, mut tight) = (0, 0);
    for seed in 0..150 {
        let net = random_net(&mut rng, 4);
        let bounds = lipschitz_bounds(&net, &norms(&net));
        for node in [net.output(), net.output() / 2] {
            let part = net.up_to(node);
            let gain = largest_gain(&part, &image(&net, 1.5, seed), &tried, &mut rng);
            let found = gain.random.max(gain.adversarial);
            assert!(found <= bounds[node] * (1.0 + 1e-9), "{found} of {}: {part:?}", bounds[node]);
            pairs += gain.pairs;
            tight += usize::from(found > 0.5 * bounds[node]);
        }
    }
    assert!(pairs == 300 * 3 * 20 && tight > 30, "{pairs} pairs, {tight} near their bounds");
}

/// Operations whose norm is called exact, on images `[3, 6, 7]`, and the size of an image at which it is attained.
fn attained() -> Vec<(Op, f64)> {
    let mut rng = seeded(2, "parameters");
    let mut random = |shape: &[usize]| uniform(&mut rng, shape, 1.0, DType::F64);
    let pool = Pool { padding: [1, 0, 1, 1], rounding: Rounding::Ceil, ..Pool::square(3, 2) };
    let conv = Conv { stride: [2, 1], padding: [1, 2, 0, 1], ..Conv::default() };
    vec![
        (Op::Conv(Convolution { weight: random(&[4, 3, 3, 2]), bias: None, conv }), 1.0),
        (Op::Pool(Pooling { pool, statistic: Statistic::Mean(PaddingInMean::Pixels) }), 1.0),
        (Op::Pool(Pooling { pool, statistic: Statistic::Mean(PaddingInMean::Padding) }), 1.0),
        (Op::GlobalMeanPool, 1.0),
        (Op::Affine(Affine { scale: random(&[3]), shift: random(&[3]) }), 1.0),
        (Op::Affine(Affine { scale: random(&[3, 6, 7]), shift: random(&[3, 6, 7]) }), 1.0),
        (Op::ElementWise(ElementWise::Relu), 1.0),
        (Op::ElementWise(ElementWise::LeakyRelu { slope: -1.5 }), 1.0),
        (Op::ElementWise(ElementWise::Tanh), 1e-4),
        (Op::ElementWise(ElementWise::Sigmoid), 1e-4),
        (Op::ElementWise(ElementWise::Clip { low: -2.0, high: 2.0 }), 1.0),
        (Op::Pad(Pad { padding: [1, 0, 2, 1], value: 3.0 }), 1.0),
        (Op::Transpose(Transpose(vec![0, 2, 3, 1])), 1.0),
        (Op::Flatten, 1.0),
    ]
}

#[test]
fn an_exact_norm_is_attained_by_a_direction_found_by_search() {
    for (op, size) in attained() {
        let net = Builder::new(&[3, 6, 7]).node("op", op.clone()).build().expect("it fits");
        let norm = operation_norm(&net, 1, Boundary::Zero);
        let many = Perturbations { random: 0, steps: 2000, lengths: vec![1e-3] };
        let gain = largest_gain(&net, &image(&net, size, 3), &many, &mut seeded(4, "directions"));
        let share = gain.adversarial / norm.norm.expect("an exact one");
        assert!(share > 0.999 && share < 1.0 + 1e-9, "{op:?}: {share} of {norm:?}");
    }
}

/// `‖f(a) − f(b)‖ / ‖a − b‖` of a net of one operation.
fn stretch(op: Op, shape: &[usize], a: &[f64], b: &[f64]) -> (f64, f64) {
    let net = Builder::new(shape).node("op", op).build().expect("it fits");
    let shape = [&[1], shape].concat();
    let [near, far] = [a, b].map(|x| to_f64s(&net.output_of(&tensor_of(x.to_vec(), &shape))));
    let distance = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
    (distance(&near, &far) / distance(a, b), operation_norm(&net, 1, Boundary::Zero).upper_bound)
}

#[test]
fn softmax_its_logarithm_and_max_pooling_attain_their_norms_where_the_proofs_say() {
    let (found, bound) = stretch(Op::Softmax, &[3], &[1e-4, -1e-4, -60.0], &[-1e-4, 1e-4, -60.0]);
    assert!((found / bound - 1.0).abs() < 1e-6 && bound == 0.5, "softmax: {found} of {bound}");
    let certain = |top: f64| [top, 0.0, 0.0, 0.0];
    let (found, bound) = stretch(Op::LogSoftmax, &[4], &certain(60.0), &certain(61.0));
    assert!((found - 3f64.sqrt()).abs() < 1e-9 && bound == 2.0, "log-softmax along one class: {found}");
    // The projection along the certain class: its longest image is of the vector that lies across the constant ones.
    let steep = |step: f64| [60.0 + 3.0 * step, -step, -step, -step];
    let (found, _) = stretch(Op::LogSoftmax, &[4], &steep(0.0), &steep(1.0));
    assert!((found - 2.0).abs() < 1e-9, "log-softmax: {found}");
    let max = Op::Pool(Pooling { pool: Pool::square(3, 2), statistic: Statistic::Max });
    let spike = |value: f64| (0..25).map(|at| if at == 12 { value } else { 0.0 }).collect::<Vec<f64>>();
    let (found, bound) = stretch(max, &[1, 5, 5], &spike(1.0), &spike(2.0));
    assert!(found == 2.0 && bound == 2.0, "max pooling: {found} of {bound}");
}

#[test]
fn layers_without_a_bound_say_so_and_one_class_never_moves() {
    let norm = |op: Op| {
        let net = Builder::new(&[1, 4, 4]).node("op", op).build().expect("it fits");
        operation_norm(&net, 1, Boundary::Zero)
    };
    let contrast = norm(Op::ContrastNorm(tensor::ContrastNorm { size: 3, deviation: 1.0 }));
    assert!(contrast.upper_bound == f64::INFINITY && contrast.norm.is_none());
    let response = ResponseNorm { size: 5, alpha: 1e-4, beta: 0.75, kappa: 2.0 };
    assert!(norm(Op::ResponseNorm(response)).norm.is_none());
    let (weight, conv) = (tensor_of(vec![f64::NAN], &[1, 1, 1, 1]), Conv::default());
    let nan = norm(Op::Conv(Convolution { weight, bias: None, conv }));
    assert_eq!(nan.upper_bound, f64::INFINITY);
    assert_eq!([Op::Softmax, Op::LogSoftmax].map(|op| norm(op).upper_bound), [0.0; 2]);
}

#[test]
fn branches_add_up_at_a_sum_and_as_squares_at_a_concatenation() {
    let scale = |by: f64| (tensor_of(vec![by], &[1]), tensor_of(vec![0.0], &[1]));
    let branches = |join: fn(Builder) -> Builder| {
        let net = Builder::new(&[1, 2, 2]).identity("source");
        let net = net.affine("three", scale(3.0).0, scale(3.0).1).after("source");
        let net = join(net.affine("four", scale(-4.0).0, scale(-4.0).1)).build().expect("it fits");
        lipschitz_bounds(&net, &norms(&net))[net.output()]
    };
    assert_eq!(branches(|net| net.concat("join", &["three", "four"])), 5.0);
    assert_eq!(branches(|net| net.add("join", &["three", "four"])), 7.0);
    assert_eq!(branches(|net| net.add("join", &["three", "three"])), 6.0);
}

#[test]
fn a_dense_layer_s_gain_finds_its_first_singular_direction_for_any_number_of_threads() {
    let weight = uniform(&mut seeded(5, "weight"), &[20, 42], 1.0, DType::F64);
    let net = Builder::new(&[42]).linear("fc", weight, tensor_of(vec![1.0; 20], &[20]));
    let net = net.build().expect("it fits");
    let tried = Perturbations { lengths: vec![1e-2, 1.0], random: 5, steps: 200 };
    let [one, three] = [1, 3].map(|threads| -> Gain {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| largest_gain(&net, &image(&net, 1.0, 6), &tried, &mut seeded(7, "r")))
    });
    assert_eq!(one, three);
    let norm = operation_norm(&net, 1, Boundary::Zero).norm.expect("linear");
    assert!((one.adversarial / norm - 1.0).abs() < 1e-6 && one.random < one.adversarial, "{one:?} {norm}");
}
