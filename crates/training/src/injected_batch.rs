//! Examples that are injected at a node of a net: only the layers above it are trained on them.

use crate::mini_batch::LossAndGradients;
use core_net::{Net, Trace, parameter_gradients};
use tensor::{Tensor, add, cross_entropy};

/// Activations of a node, in place of those of images, with labels.
#[derive(Clone, Debug)]
pub struct InjectedBatch {
    /// Node where they are injected; 0 for images.
    pub node: usize,
    /// **Shape** `[n, …]`, of the node
    pub activations: Tensor,
    /// n classes
    pub labels: Vec<usize>,
}

impl InjectedBatch {
    /// `share` times the mean cross-entropy, its derivative with respect to every parameter of the net, none for layers below,
    /// and the trace of the net above the node.
    ///
    /// # Panics
    /// If a node above the injection reads one below it, or the shapes do not fit.
    pub fn loss_and_gradients(&self, net: &Net, share: f64) -> (LossAndGradients, Trace) {
        let above = net.above(self.node);
        let trace = above.forward(&self.activations);
        let (loss, signal) = mean_cross_entropy(trace.output(), &self.labels, share);
        let mut gradients = parameter_gradients(&above, &trace, vec![(above.output(), signal)]);
        let below = net.parameters().len() - gradients.len();
        gradients.splice(0..0, vec![None; below]);
        ((loss, gradients), trace)
    }
}

/// `share` times the mean cross-entropy of the logits with the labels, and its derivative with respect to the logits.
pub(crate) fn mean_cross_entropy(logits: &Tensor, labels: &[usize], share: f64) -> (f64, Tensor) {
    let (losses, signal) = cross_entropy(logits, labels);
    let share = share / labels.len() as f64;
    (losses.iter().sum::<f64>() * share, (signal * share).expect("a product in memory"))
}

/// The sum of two losses and of their derivatives.
pub(crate) fn sum((loss, gradients): LossAndGradients, (other, more): LossAndGradients) -> LossAndGradients {
    (loss + other, sum_of_gradients(gradients, more))
}

pub(crate) fn sum_of_gradients(
    gradients: Vec<Option<Tensor>>,
    more: Vec<Option<Tensor>>,
) -> Vec<Option<Tensor>> {
    let both = |pair: (Option<Tensor>, Option<Tensor>)| match pair {
        (Some(a), Some(b)) => Some(add(&a, &b)),
        (one, other) => one.or(other),
    };
    gradients.into_iter().zip(more).map(both).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use core_net::zoo::fully_connected;
    use tensor::{DType, seeded, uniform};
    use test_support::gradient_error;

    /// Examples that enter at the image and at both hidden layers, each with its share of the loss.
    fn mixture() -> (Net, Vec<(InjectedBatch, f64)>) {
        let net = fully_connected(&[1, 3, 4], &[6, 5, 4], 7).to_dtype(DType::F64);
        let mut rng = seeded(8, "activations");
        let mut enter = |(node, share, labels): (usize, f64, Vec<usize>)| {
            let shape = [&[labels.len()], &*net.nodes()[node].shape].concat();
            (InjectedBatch { node, activations: uniform(&mut rng, &shape, 1.0, DType::F64), labels }, share)
        };
        let parts = [(0, 0.5, vec![1, 0, 3]), (0, 0.2, vec![2, 2]), (3, 0.2, vec![0, 1]), (5, 0.1, vec![3])]
            .map(&mut enter);
        (net, parts.into())
    }

    /// The largest error of any parameter's gradient of this loss.
    pub(crate) fn worst_error(net: &Net, gradients: &[Option<Tensor>], loss: impl Fn(&Net) -> f64) -> f64 {
        let error = |(p, gradient): (usize, &Option<Tensor>)| {
            let changed = |value: &Tensor| {
                let mut net = net.clone();
                *net.parameters_mut()[p] = value.clone();
                loss(&net)
            };
            gradient_error(gradient.as_ref().expect("a signal reaches all"), net.parameters()[p].1, changed)
        };
        gradients.iter().enumerate().map(error).fold(0.0, f64::max)
    }

    fn slope(net: &Net, mixture: &[(InjectedBatch, f64)]) -> LossAndGradients {
        mixture.iter().map(|(part, share)| part.loss_and_gradients(net, *share).0).reduce(sum).expect("some")
    }

    #[test]
    fn the_mixed_loss_has_its_true_derivative_in_every_parameter_and_a_wrong_one_is_found() {
        let (net, mixture) = mixture();
        let (_, gradients) = slope(&net, &mixture);
        let error = |factor| worst_error(&net, &gradients, |net| factor * slope(net, &mixture).0);
        assert!(error(1.0) < 1e-9);
        assert!(error(1.1) > 1e-3);
    }

    #[test]
    fn only_the_layers_above_the_entrance_learn() {
        let (net, mixture) = mixture();
        let reached = |part: usize| {
            let (_, gradients) = mixture[part].0.loss_and_gradients(&net, 1.0).0;
            gradients.iter().map(Option::is_some).collect::<Vec<_>>()
        };
        assert_eq!(reached(1), [true; 6]);
        assert_eq!(reached(2), [false, false, true, true, true, true]);
        assert_eq!(reached(3), [false, false, false, false, true, true]);
    }
}
