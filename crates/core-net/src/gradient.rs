//! The true derivative, as a rule.

use crate::op::Op;
use crate::step::Step;
use tensor::{
    Tensor, clip_gradient, contrast_norm_gradient, leaky_relu_gradient, log_softmax_gradient, relu_gradient,
    response_norm_gradient, sigmoid_gradient, softmax_gradient, tanh_gradient,
};

/// The true derivative.
///
/// # Panics
/// As [`Step::adjoint`].
pub fn gradient(step: &Step) -> Tensor {
    let (signal, x, y) = (step.signal, step.input, step.output);
    match step.op {
        Op::Relu => relu_gradient(signal, y),
        Op::Sigmoid => sigmoid_gradient(signal, y),
        Op::Tanh => tanh_gradient(signal, y),
        Op::LeakyRelu(slope) => leaky_relu_gradient(signal, x, *slope),
        Op::Clip { low, high } => clip_gradient(signal, x, *low, *high),
        Op::Softmax => softmax_gradient(signal, y),
        Op::LogSoftmax => log_softmax_gradient(signal, y),
        Op::ResponseNorm(norm) => response_norm_gradient(signal, x, norm),
        Op::ContrastNorm(norm) => contrast_norm_gradient(signal, x, norm),
        _ => step.adjoint(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random_net::{random, random_net};
    use crate::{Builder, Net, Rule, pull_back};
    use tensor::{
        ContrastNorm, Conv, Fields, PaddingInMean, Pool, ResponseNorm, Rounding, seeded, tensor_of, to_f64s,
    };
    use test_support::gradient_error;

    fn dot(a: &Tensor, b: &Tensor) -> f64 {
        to_f64s(a).iter().zip(to_f64s(b)).map(|(a, b)| a * b).sum()
    }

    /// How far a rule is from the derivative of `<signal, output>` with respect to the images.
    fn error(net: &Net, images: &Tensor, signal: &Tensor, rule: Rule) -> f64 {
        let trace = net.forward(images);
        let pulled = pull_back(net, &trace, net.output(), signal.clone(), rule);
        gradient_error(&pulled, images, |x| dot(net.forward(x).output(), signal))
    }

    fn too_small(step: &Step) -> Tensor {
        (gradient(step) * 0.9).expect("a product in memory")
    }

    fn transposed(step: &Step) -> Tensor {
        step.adjoint()
    }

    const POOL: Pool = Pool {
        kernel: [3, 2],
        stride: [2, 2],
        padding: [1, 0, 1, 1],
        dilation: [1, 1],
        rounding: Rounding::Ceil,
    };

    /// Every operation of one input, on images `[2, 5, 6]`.
    fn operations() -> Vec<Op> {
        let mut draw = seeded(1, "parameters");
        let mut random = |shape: &[usize]| random(&mut draw, shape);
        let conv = Conv { stride: [2, 1], padding: [1, 2, 0, 1], dilation: [1, 2], groups: 2 };
        vec![
            Op::Conv { weight: random(&[4, 1, 3, 2]), bias: Some(random(&[4])), conv },
            Op::MaxPool(POOL),
            Op::MeanPool(POOL, PaddingInMean::Pixels),
            Op::MeanPool(POOL, PaddingInMean::Padding),
            Op::LocallyConnected {
                weight: random(&[6, 3, 2 * 3 * 2]),
                bias: Some(random(&[3, 2, 3])),
                fields: Fields { size: [3, 2], stride: [2, 2] },
            },
            Op::L2Pool { pool: POOL, epsilon: 0.01 },
            Op::GlobalMeanPool,
            Op::ResponseNorm(ResponseNorm { size: 3, alpha: 0.5, beta: 0.75, kappa: 1.0 }),
            Op::ContrastNorm(ContrastNorm { size: 3, deviation: 1.0 }),
            Op::Affine { scale: random(&[2]), shift: random(&[2]) },
            Op::Affine { scale: random(&[2, 5, 6]), shift: random(&[2, 5, 6]) },
            Op::Relu,
            Op::Sigmoid,
            Op::Tanh,
            Op::LeakyRelu(0.1),
            Op::Clip { low: -0.5, high: 0.3 },
            Op::Softmax,
            Op::LogSoftmax,
            Op::Dropout,
            Op::Identity,
            Op::Pad { padding: [1, 0, 2, 3], value: 0.5 },
            Op::Reshape(vec![3, 20]),
            Op::Transpose(vec![0, 3, 1, 2]),
            Op::Flatten,
        ]
    }

    #[test]
    fn every_operation_has_its_true_derivative_and_a_wrong_one_is_found() {
        for op in operations() {
            let mut rng = seeded(2, "images");
            let net = Builder::new(&[2, 5, 6]).node("op", op.clone()).build().expect("it fits");
            let images = random(&mut rng, &[2, 2, 5, 6]);
            let signal = random(&mut rng, net.forward(&images).output().dims());
            assert!(error(&net, &images, &signal, gradient) < 1e-6, "{op:?}");
            assert!(error(&net, &images, &signal, too_small) > 1e-3, "{op:?}");
        }
    }

    #[test]
    fn random_nets_that_branch_have_their_true_derivative_and_a_wrong_one_is_found() {
        let mut rng = seeded(3, "nets");
        let mut found = 0;
        for _ in 0..60 {
            let net = random_net(&mut rng, 4);
            let images = random(&mut rng, &[&[2], &*net.nodes()[0].shape].concat());
            let signal = random(&mut rng, net.forward(&images).output().dims());
            assert!(error(&net, &images, &signal, gradient) < 1e-6, "{net:?}");
            found += usize::from(error(&net, &images, &signal, too_small) > 1e-3);
        }
        assert!(found > 30, "{found} of 60");
    }

    #[test]
    fn a_rule_that_forgets_the_nonlinearity_is_found() {
        let net = Builder::new(&[3]).sigmoid("sigmoid").build().expect("it fits");
        let images = tensor_of(vec![0.3f64, -1.0, 2.0], &[1, 3]);
        let signal = images.ones_like().expect("ones");
        assert!(error(&net, &images, &signal, transposed) > 0.5);
    }
}
