//! Signals pulled back from any node towards the input, by a rule.

use crate::net::Net;
use crate::operations::{Rule, Step};
use crate::trace::Trace;
use tensor::{Tensor, add};

/// Carries a signal from a node to the input. No parameter's gradient is computed on the way.
///
/// **Shape** signal: the node's activation; the result: the images.
///
/// # Panics
/// If there is no such node, or the signal has another shape than its activation.
pub fn pull_back(net: &Net, trace: &Trace, from: usize, signal: Tensor, rule: Rule) -> Tensor {
    let mut signals = SignalAccumulator::new(net, trace, vec![(from, signal)]);
    for index in (1..=from).rev() {
        signals.pass(net, trace, index, rule, |_| true);
    }
    signals.take(0).expect("the input is below every node")
}

/// The sum of the signals at each node so far; forks sum here, joins split here.
pub(crate) struct SignalAccumulator(Vec<Option<Tensor>>);

impl SignalAccumulator {
    pub(crate) fn new(net: &Net, trace: &Trace, signals: Vec<(usize, Tensor)>) -> Self {
        let mut accumulator = Self(vec![None; net.nodes.len()]);
        for (node, signal) in signals {
            assert_eq!(signal.dims(), trace.activation(node).dims(), "signal at {}", net.nodes[node].name);
            accumulator.add(node, signal);
        }
        accumulator
    }

    pub(crate) fn signal(&self, node: usize) -> Option<&Tensor> {
        self.0[node].as_ref()
    }

    pub(crate) fn take(&mut self, node: usize) -> Option<Tensor> {
        self.0[node].take()
    }

    fn add(&mut self, node: usize, signal: Tensor) {
        let before = self.take(node).into_iter();
        self.0[node] = before.chain([signal]).reduce(|sum, signal| add(&sum, &signal));
    }

    /// Passes a node's signal to those nodes that it reads and that are wanted.
    pub(crate) fn pass(
        &mut self,
        net: &Net,
        trace: &Trace,
        index: usize,
        rule: Rule,
        wanted: impl Fn(usize) -> bool,
    ) {
        let Some(signal) = self.take(index) else { return };
        let sources = &net.nodes[index].inputs;
        if !sources.iter().any(|&source| wanted(source)) {
            return;
        }
        let shares =
            shares(net, index, &signal).unwrap_or_else(|| vec![rule(&step(net, trace, index, &signal))]);
        for (&source, share) in sources.iter().zip(shares).filter(|(source, _)| wanted(**source)) {
            self.add(source, share);
        }
    }
}

/// The parts of a join's signal for the nodes that it reads; `None` if the node is no join.
pub(crate) fn shares(net: &Net, index: usize, signal: &Tensor) -> Option<Vec<Tensor>> {
    let node = &net.nodes[index];
    let inputs: Vec<&[usize]> = node.inputs.iter().map(|&source| &*net.nodes[source].shape).collect();
    Some(node.op.operation().as_join()?.split(signal, &inputs))
}

fn step<'a>(net: &'a Net, trace: &'a Trace, index: usize, signal: &'a Tensor) -> Step<'a> {
    let node = &net.nodes[index];
    Step {
        op: &node.op,
        input: trace.activation(node.inputs[0]),
        output: trace.activation(index),
        switches: trace.switches(index),
        signal,
    }
}
