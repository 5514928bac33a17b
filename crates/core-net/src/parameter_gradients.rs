//! The derivative of a loss with respect to every parameter, by the same walk as any other signal.

use crate::gradient::gradient;
use crate::net::Net;
use crate::pull_back::SignalAccumulator;
use crate::trace::Trace;
use tensor::Tensor;

/// The derivative of a loss with respect to every parameter, in the order of [`Net::parameters`].
///
/// `signals` are the loss's derivatives with respect to some nodes' activations.
/// A parameter that no signal reaches has `None`.
/// Nothing is carried to a node below which there is no parameter.
///
/// # Panics
/// If a node does not exist, or a signal has another shape than its activation.
pub fn parameter_gradients(net: &Net, trace: &Trace, signals: Vec<(usize, Tensor)>) -> Vec<Option<Tensor>> {
    walk(net, trace, signals, &above_parameters(net)).0
}

/// The derivatives of [`parameter_gradients`], and that with respect to the images.
///
/// # Panics
/// As [`parameter_gradients`].
pub fn all_gradients(
    net: &Net,
    trace: &Trace,
    signals: Vec<(usize, Tensor)>,
) -> (Vec<Option<Tensor>>, Tensor) {
    let (gradients, mut accumulator) = walk(net, trace, signals, &vec![true; net.nodes.len()]);
    (gradients, accumulator.take(0).expect("the input is below every node"))
}

fn walk(
    net: &Net,
    trace: &Trace,
    signals: Vec<(usize, Tensor)>,
    wanted: &[bool],
) -> (Vec<Option<Tensor>>, SignalAccumulator) {
    let mut accumulator = SignalAccumulator::new(net, trace, signals);
    let mut gradients = Vec::new();
    for index in (1..net.nodes.len()).rev() {
        let op = &net.nodes[index].op;
        let own = match accumulator.signal(index) {
            Some(signal) => {
                let gradients = op.operation().parameter_gradients(trace.inputs_of(net, index)[0], signal);
                gradients.into_iter().map(Some).collect()
            }
            None => vec![None; op.parameters().len()],
        };
        gradients.extend(own.into_iter().rev());
        accumulator.pass(net, trace, index, gradient, |source| wanted[source]);
    }
    gradients.reverse();
    (gradients, accumulator)
}

/// For every node, whether it or a node below it has parameters.
fn above_parameters(net: &Net) -> Vec<bool> {
    let mut above = Vec::with_capacity(net.nodes.len());
    for node in &net.nodes {
        above.push(!node.op.parameters().is_empty() || node.inputs.iter().any(|&input| above[input]));
    }
    above
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random_net::{random, random_net};
    use crate::zoo::fully_connected;
    use tensor::{DType, cross_entropy, dot, seeded, to_f64s};
    use test_support::gradient_error;

    const LABELS: [usize; 3] = [1, 0, 3];

    fn case() -> (Net, Tensor) {
        let net = fully_connected(&[1, 3, 4], &[6, 5, 4], 7).to_dtype(DType::F64);
        (net, random(&mut seeded(8, "images"), &[3, 1, 3, 4]))
    }

    /// The largest error of any parameter's gradient of `loss`, whose derivative at the output is `signal`.
    fn worst_of_all(net: &Net, images: &Tensor, signal: &Tensor, loss: impl Fn(&Tensor) -> f64) -> f64 {
        let trace = net.forward(images);
        let gradients = parameter_gradients(net, &trace, vec![(net.output(), signal.clone())]);
        assert_eq!(gradients.len(), net.parameters().len());
        let error = |(p, gradient): (usize, &Option<Tensor>)| {
            let changed = |value: &Tensor| {
                let mut net = net.clone();
                *net.parameters_mut()[p] = value.clone();
                loss(net.forward(images).output())
            };
            let value = net.parameters()[p].1;
            let none = value.zeros_like().expect("zeros");
            gradient_error(gradient.as_ref().unwrap_or(&none), value, changed)
        };
        gradients.iter().enumerate().map(error).fold(0.0, f64::max)
    }

    #[test]
    fn every_parameter_of_a_sigmoid_net_has_its_true_derivative_and_a_wrong_one_is_found() {
        let (net, images) = case();
        let loss = |output: &Tensor| cross_entropy(output, &LABELS).0.iter().sum::<f64>();
        let signal = cross_entropy(net.forward(&images).output(), &LABELS).1;
        assert!(worst_of_all(&net, &images, &signal, loss) < 1e-9);
        assert!(worst_of_all(&net, &images, &signal, |output| 1.1 * loss(output)) > 1e-3);
    }

    #[test]
    fn every_filter_of_random_nets_that_branch_has_its_true_derivative() {
        let mut rng = seeded(9, "nets");
        for _ in 0..40 {
            let net = random_net(&mut rng, 4);
            let images = random(&mut rng, &[&[2], &*net.nodes[0].shape].concat());
            let signal = random(&mut rng, net.forward(&images).output().dims());
            let loss = |output: &Tensor| dot(&to_f64s(output), &to_f64s(&signal));
            assert!(worst_of_all(&net, &images, &signal, loss) < 1e-6, "{net:?}");
        }
    }

    #[test]
    fn a_signal_in_the_middle_reaches_what_is_below_it_only() {
        let (net, images) = case();
        let trace = net.forward(&images);
        let middle = net.index_of("sigmoid1").expect("a hidden layer");
        let ones = trace.activation(middle).ones_like().expect("ones");
        let reached = parameter_gradients(&net, &trace, vec![(middle, ones)]);
        let reached: Vec<bool> = reached.iter().map(Option::is_some).collect();
        assert_eq!(reached, [true, true, false, false, false, false]);
    }

    #[test]
    fn a_signal_is_carried_only_to_nodes_above_a_parameter() {
        let (net, _) = case();
        let above = above_parameters(&net);
        assert_eq!(above[..3], [false, false, true]);
    }
}
