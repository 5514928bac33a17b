//! Signals pulled back from any node towards the input, by a rule.

use crate::net::{Net, Op};
use crate::trace::Trace;
use tensor::{Tensor, add, relu_gradient, sigmoid_gradient};

/// One step back through one node.
#[derive(Debug)]
pub struct Step<'a> {
    /// The node's operation.
    pub op: &'a Op,
    /// What it read in the forward pass.
    pub input: &'a Tensor,
    /// What it computed.
    pub output: &'a Tensor,
    /// The signal that arrived at its output.
    pub signal: &'a Tensor,
}

/// How a signal passes one node: from the node's output to its input.
pub type Rule = fn(&Step) -> Tensor;

/// The true derivative.
pub fn gradient(step: &Step) -> Tensor {
    match step.op {
        Op::Sigmoid => sigmoid_gradient(step.signal, step.output),
        Op::Relu => relu_gradient(step.signal, step.output),
        Op::Input | Op::Flatten | Op::Linear { .. } => step.op.adjoint(step.input, step.signal),
    }
}

/// Carries a signal from a node to the input. No parameter's gradient is computed on the way.
///
/// **Shape** signal: the node's activation; the result: the images.
///
/// # Panics
/// If there is no such node, or the signal has another shape than its activation.
pub fn pull_back(net: &Net, trace: &Trace, from: usize, signal: Tensor, rule: Rule) -> Tensor {
    let mut arrived = Arrived::at(net, trace, vec![(from, signal)]);
    for index in (1..=from).rev() {
        arrived.pass(net, trace, index, rule);
    }
    arrived.take(0).expect("the input is below every node")
}

/// The derivative of a loss with respect to every parameter, in the order of [`Net::parameters`].
///
/// `signals` are the loss's derivatives with respect to some nodes' activations.
/// A parameter that no signal reaches has `None`.
/// Nothing is carried below the first parameter.
///
/// # Panics
/// If a node does not exist, or a signal has another shape than its activation.
pub fn parameter_gradients(net: &Net, trace: &Trace, signals: Vec<(usize, Tensor)>) -> Vec<Option<Tensor>> {
    let mut arrived = Arrived::at(net, trace, signals);
    let has_parameters = |index: &usize| !net.nodes[*index].op.parameters().is_empty();
    let lowest = (0..net.nodes.len()).find(has_parameters).unwrap_or(net.nodes.len());
    let mut gradients = Vec::new();
    for index in (lowest..net.nodes.len()).rev() {
        gradients.extend(arrived.parameter_gradients(net, trace, index).into_iter().rev());
        if index > lowest {
            arrived.pass(net, trace, index, gradient);
        }
    }
    gradients.reverse();
    gradients
}

/// The signal that has arrived at each node so far; forks sum here.
struct Arrived(Vec<Option<Tensor>>);

impl Arrived {
    fn at(net: &Net, trace: &Trace, signals: Vec<(usize, Tensor)>) -> Self {
        let mut arrived = Self(vec![None; net.nodes.len()]);
        for (node, signal) in signals {
            assert_eq!(signal.dims(), trace.activation(node).dims(), "signal at {}", net.nodes[node].name);
            arrived.add(node, signal);
        }
        arrived
    }

    fn add(&mut self, node: usize, signal: Tensor) {
        let sum = match self.0[node].take() {
            Some(before) => add(&before, &signal),
            None => signal,
        };
        self.0[node] = Some(sum);
    }

    fn take(&mut self, node: usize) -> Option<Tensor> {
        self.0[node].take()
    }

    /// Hands a node's signal on to the nodes it reads.
    fn pass(&mut self, net: &Net, trace: &Trace, index: usize, rule: Rule) {
        let Some(signal) = self.take(index) else { return };
        let output = trace.activation(index);
        for &source in &net.nodes[index].inputs {
            let step =
                Step { op: &net.nodes[index].op, input: trace.activation(source), output, signal: &signal };
            self.add(source, rule(&step));
        }
    }

    fn parameter_gradients(&self, net: &Net, trace: &Trace, index: usize) -> Vec<Option<Tensor>> {
        let op = &net.nodes[index].op;
        match &self.0[index] {
            Some(signal) => {
                let inputs = trace.inputs_of(net, index);
                op.parameter_gradients(&inputs, signal).into_iter().map(Some).collect()
            }
            None => vec![None; op.parameters().len()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoo::fully_connected;
    use tensor::{DType, cross_entropy, seeded, tensor_of, to_f64s, uniform};

    const LABELS: [usize; 3] = [1, 0, 3];

    fn case() -> (Net, Tensor) {
        let net = fully_connected(&[1, 3, 4], &[6, 5, 4], 7).to_dtype(DType::F64);
        (net, uniform(&mut seeded(8, "images"), &[3, 1, 3, 4], 1.0, DType::F64))
    }

    fn loss(net: &Net, images: &Tensor) -> f64 {
        cross_entropy(net.forward(images).output(), &LABELS).0.iter().sum()
    }

    fn moved(at: &Tensor, index: usize, by: f64) -> Tensor {
        let mut scalars = to_f64s(at);
        scalars[index] += by;
        tensor_of(scalars, at.dims())
    }

    /// The largest difference between a gradient and central differences of `f`.
    fn worst(gradient: &Tensor, at: &Tensor, f: impl Fn(&Tensor) -> f64) -> f64 {
        let slope = |i| (f(&moved(at, i, 1e-5)) - f(&moved(at, i, -1e-5))) / 2e-5;
        to_f64s(gradient).iter().enumerate().map(|(i, g)| (g - slope(i)).abs()).fold(0.0, f64::max)
    }

    #[test]
    fn the_pulled_back_gradient_matches_central_differences_and_a_wrong_rule_does_not() {
        let (net, images) = case();
        let trace = net.forward(&images);
        let back = |rule| {
            let signal = cross_entropy(trace.output(), &LABELS).1;
            pull_back(&net, &trace, net.output(), signal, rule)
        };
        let forgets_the_sigmoid: Rule = |step| step.op.adjoint(step.input, step.signal);
        assert!(worst(&back(gradient), &images, |x| loss(&net, x)) < 1e-9);
        assert!(worst(&back(forgets_the_sigmoid), &images, |x| loss(&net, x)) > 1e-3);
    }

    #[test]
    fn every_parameter_gradient_matches_central_differences() {
        let (net, images) = case();
        let trace = net.forward(&images);
        let signal = cross_entropy(trace.output(), &LABELS).1;
        let gradients = parameter_gradients(&net, &trace, vec![(net.output(), signal)]);
        assert_eq!(gradients.len(), net.parameters().len());
        for (p, gradient) in gradients.iter().enumerate() {
            let changed = |value: &Tensor| {
                let mut net = net.clone();
                *net.parameters_mut()[p] = value.clone();
                loss(&net, &images)
            };
            let gradient = gradient.as_ref().expect("reached from the output");
            assert!(worst(gradient, net.parameters()[p].1, changed) < 1e-9, "{}", net.parameters()[p].0);
        }
    }

    #[test]
    fn a_signal_in_the_middle_reaches_what_is_below_it_only() {
        let (net, images) = case();
        let trace = net.forward(&images);
        let middle = net.index_of("sigmoid1").expect("a hidden layer");
        let ones = trace.activation(middle).ones_like().expect("ones");
        let reached = parameter_gradients(&net, &trace, vec![(middle, ones)]);
        assert_eq!(
            reached.iter().map(Option::is_some).collect::<Vec<_>>(),
            [true, true, false, false, false, false]
        );
    }
}
