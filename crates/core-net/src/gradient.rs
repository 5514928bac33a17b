//! The true derivative, as a rule.

use crate::operations::Step;
use tensor::Tensor;

/// The true derivative.
///
/// # Panics
/// As [`Step::adjoint`].
pub fn gradient(step: &Step) -> Tensor {
    step.op.operation().derivative(step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::examples;
    use crate::random_net::{random, random_net};
    use crate::{Builder, Net, Rule, pull_back};
    use tensor::{seeded, tensor_of, to_f64s};
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

    #[test]
    fn every_operation_has_its_true_derivative_and_a_wrong_one_is_found() {
        for example in examples() {
            let (mut rng, net) = (seeded(2, "images"), example.net());
            let images = random(&mut rng, &[&[2], &*example.input].concat());
            let signal = random(&mut rng, net.forward(&images).output().dims());
            assert!(error(&net, &images, &signal, gradient) < 1e-6, "{example:?}");
            assert!(example.op.is_join() || error(&net, &images, &signal, too_small) > 1e-3, "{example:?}");
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
