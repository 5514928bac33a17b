//! Random small nets in f64, on which the tests of a method compare it with its slow twin: every operation, branches, odd sizes.

use crate::{Builder, Net, Op};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use tensor::{
    ContrastNorm, Conv, DType, Fields, PaddingInMean, Pool, ResponseNorm, Rounding, Tensor, uniform,
};

/// A net of `length` random pieces on a small image; some of them branch and join again.
pub fn random_net(rng: &mut ChaCha8Rng, length: usize) -> Net {
    let image = [rng.random_range(1..4), rng.random_range(4..12), rng.random_range(4..12)];
    let mut builder = Builder::new(&image);
    for piece in 0..length {
        builder = match rng.random_range(0..6) {
            0 => fork(builder, rng, piece),
            _ => with_random(builder, rng, &format!("{piece}")),
        };
    }
    if rng.random_range(0..3) == 0 {
        let inputs = builder.shape().iter().product();
        let (weight, bias) = (random(rng, &[3, inputs]), random(rng, &[3]));
        builder = builder.flatten("flatten").linear("linear", weight, bias);
    }
    builder.build().expect("random pieces that fit")
}

pub(crate) fn random(rng: &mut ChaCha8Rng, shape: &[usize]) -> Tensor {
    uniform(rng, shape, 1.0, DType::F64)
}

/// Two ways from one node, added or concatenated.
fn fork(builder: Builder, rng: &mut ChaCha8Rng, piece: usize) -> Builder {
    let [source, left, right, join] =
        ["source", "left", "right", "join"].map(|side| format!("{piece}.{side}"));
    let channels = builder.shape()[0];
    let wide = Conv { padding: [1, 1, 1, 1], ..Conv::default() };
    let (narrow_weight, wide_weight) =
        (random(rng, &[channels, channels, 1, 1]), random(rng, &[channels, channels, 3, 3]));
    let builder = builder.identity(&source);
    let builder = builder.conv(&left, narrow_weight, random(rng, &[channels]), Conv::default());
    let builder = builder.after(&source).conv(&right, wide_weight, None, wide);
    match rng.random_range(0..3) {
        0 => builder.concat(&join, &[&left, &source, &right]),
        1 => builder.add(&join, &[&left, &right, &left]),
        _ => builder.add(&join, &[&source, &right]),
    }
}

/// One random operation that fits.
fn with_random(builder: Builder, rng: &mut ChaCha8Rng, name: &str) -> Builder {
    loop {
        let op = random_op(rng, builder.shape());
        if op.output_shape(&[builder.shape()]).is_ok_and(|shape| !shape.contains(&0)) {
            return builder.node(name, op);
        }
    }
}

fn random_op(rng: &mut ChaCha8Rng, shape: &[usize]) -> Op {
    match rng.random_range(0..24) {
        0..5 => random_conv(rng, shape[0]),
        5..7 => Op::MaxPool(random_pool(rng)),
        7 => Op::MeanPool(
            random_pool(rng),
            if rng.random() { PaddingInMean::Pixels } else { PaddingInMean::Padding },
        ),
        8 => Op::ResponseNorm(ResponseNorm {
            size: rng.random_range(1..6),
            alpha: 0.3,
            beta: 0.75,
            kappa: 1.5,
        }),
        9 => Op::ContrastNorm(ContrastNorm { size: [3, 5][rng.random_range(0..2)], deviation: 1.2 }),
        10 => Op::Affine { scale: random(rng, shape), shift: random(rng, shape) },
        11 => Op::Affine { scale: random(rng, &shape[..1]), shift: random(rng, &shape[..1]) },
        12 => Op::Relu,
        13 => Op::Sigmoid,
        14 => Op::Tanh,
        15 => Op::LeakyRelu(0.2),
        16 => Op::Clip { low: -0.4, high: 0.6 },
        17 => [Op::Softmax, Op::LogSoftmax][rng.random_range(0..2)].clone(),
        18 => [Op::Dropout, Op::Identity][rng.random_range(0..2)].clone(),
        19 => Op::Pad { padding: std::array::from_fn(|_| rng.random_range(0..3)), value: 0.7 },
        20 => Op::Transpose([[0, 1, 3, 2], [0, 2, 1, 3]][rng.random_range(0..2)].to_vec()),
        21 => random_fields(rng, shape),
        22 => Op::L2Pool { pool: random_pool(rng), epsilon: 0.1 },
        _ => Op::Reshape(vec![shape[2], shape[0], shape[1]]),
    }
}

fn random_conv(rng: &mut ChaCha8Rng, channels: usize) -> Op {
    let groups = if channels.is_multiple_of(2) && rng.random() { 2 } else { 1 };
    let outputs = groups * rng.random_range(1..3);
    let kernel: [usize; 2] = std::array::from_fn(|_| rng.random_range(1..4));
    let conv = Conv {
        stride: std::array::from_fn(|_| rng.random_range(1..4)),
        padding: std::array::from_fn(|_| rng.random_range(0..4)),
        dilation: std::array::from_fn(|_| rng.random_range(1..3)),
        groups,
    };
    let weight = random(rng, &[outputs, channels / groups, kernel[0], kernel[1]]);
    let bias = rng.random::<bool>().then(|| random(rng, &[outputs]));
    Op::Conv { weight, bias, conv }
}

fn random_fields(rng: &mut ChaCha8Rng, shape: &[usize]) -> Op {
    let fields = Fields {
        size: std::array::from_fn(|axis| rng.random_range(1..4).min(shape[axis + 1])),
        stride: std::array::from_fn(|_| rng.random_range(1..4)),
    };
    let [down, across] = fields.output_size([shape[1], shape[2]]).expect("fields no larger than the map");
    let maps = rng.random_range(1..4);
    let weight = random(rng, &[down * across, maps, shape[0] * fields.size[0] * fields.size[1]]);
    let bias = rng.random::<bool>().then(|| random(rng, &[maps, down, across]));
    Op::LocallyConnected { weight, bias, fields }
}

fn random_pool(rng: &mut ChaCha8Rng) -> Pool {
    let kernel: [usize; 2] = std::array::from_fn(|_| rng.random_range(1..4));
    Pool {
        kernel,
        stride: std::array::from_fn(|_| rng.random_range(1..4)),
        padding: std::array::from_fn(|side| rng.random_range(0..=kernel[side % 2] / 2)),
        dilation: std::array::from_fn(|_| rng.random_range(1..3)),
        rounding: if rng.random() { Rounding::Floor } else { Rounding::Ceil },
    }
}
