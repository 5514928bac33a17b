//! Backward rules: how a signal passes each operation on its way to the pixels.

use core_net::{Net, Op, Rule, Step, gradient};
use tensor::{Tensor, Unpool, relu, unpool};

/// What happens to the signal at a rectifier, and at the operations that have no transpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// At a rectifier the signal is rectified, whatever the activation was; normalizations act as the identity.
    ///
    /// **Paper** Zeiler & Fergus 2013, §2.1.
    Deconvnet,
    /// At a rectifier the signal is rectified, and 0 where the activation was; elsewhere the true derivative.
    ///
    /// **Paper** Springenberg et al. 2014, §3.4.
    Guided,
    /// The true derivative.
    Gradient,
}

/// The backward rule from activations to pixels.
///
/// Unlike the paper, which does not say what happens where overlapping windows share a maximum, the unpooling is named:
/// [`Unpool::Sum`] is the transpose, with [`Unpool::Overwrite`] the last window wins, even with a signal of 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deconv {
    /// What happens at rectifiers.
    pub method: Method,
    /// What happens where windows share a maximum.
    pub unpool: Unpool,
}

impl Default for Deconv {
    /// The deconvnet of the paper, with sums.
    fn default() -> Self {
        Self { method: Method::Deconvnet, unpool: Unpool::Sum }
    }
}

impl Deconv {
    /// The rule for [`pull_back`](core_net::pull_back).
    pub fn rule(self) -> Rule {
        match (self.method, self.unpool) {
            (Method::Deconvnet, Unpool::Sum) => deconvnet,
            (Method::Guided, Unpool::Sum) => guided,
            (Method::Gradient, Unpool::Sum) => gradient,
            (Method::Deconvnet, Unpool::Overwrite) => |step| overwriting(step, deconvnet),
            (Method::Guided, Unpool::Overwrite) => |step| overwriting(step, guided),
            (Method::Gradient, Unpool::Overwrite) => |step| overwriting(step, gradient),
        }
    }
}

impl Method {
    /// Whether a signal from this node meets an operation that it passes otherwise than by the true derivative.
    ///
    /// Where it meets none, as with leaky rectifiers, `tanh` or sigmoids alone, the projection is the gradient's.
    ///
    /// # Panics
    /// If there is no such node.
    pub fn differs_from_gradient(self, net: &Net, node: usize) -> bool {
        let mut is_reached = vec![false; node + 1];
        is_reached[node] = true;
        (0..=node).rev().any(|node| {
            let reached = &net.nodes()[node];
            if is_reached[node] {
                reached.inputs.iter().for_each(|&input| is_reached[input] = true);
            }
            is_reached[node] && self.differs_at(&reached.op)
        })
    }

    fn differs_at(self, op: &Op) -> bool {
        match self {
            Method::Deconvnet => is_rectifier(op) || is_normalization(op),
            Method::Guided => is_rectifier(op),
            Method::Gradient => false,
        }
    }
}

fn deconvnet(step: &Step) -> Tensor {
    match step.op {
        op if is_rectifier(op) => relu(step.signal),
        op if is_normalization(op) => step.signal.clone(),
        _ => gradient(step),
    }
}

fn guided(step: &Step) -> Tensor {
    let passed = gradient(step);
    if is_rectifier(step.op) { relu(&passed) } else { passed }
}

fn overwriting(step: &Step, rule: Rule) -> Tensor {
    match step.switches {
        Some(switches) => unpool(step.signal, switches, step.input_map(), Unpool::Overwrite),
        None => rule(step),
    }
}

/// A normalization by an activation's neighbors.
fn is_normalization(op: &Op) -> bool {
    matches!(op, Op::ResponseNorm(_) | Op::ContrastNorm(_))
}

/// A rectifier, perhaps one with an upper limit.
fn is_rectifier(op: &Op) -> bool {
    matches!(op, Op::ElementWise(function) if function.is_rectifier())
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_net::Builder;
    use core_net::operations::ElementWise;

    #[test]
    fn a_rule_differs_from_the_gradient_where_a_rectifier_lies_on_the_way() {
        let net = Builder::new(&[1, 4, 4])
            .node("tanh", ElementWise::Tanh)
            .node("leaky", ElementWise::LeakyRelu { slope: 0.1 })
            .node("relu", ElementWise::Relu)
            .identity("end")
            .build()
            .expect("it fits");
        for method in [Method::Deconvnet, Method::Guided] {
            let differs = ["tanh", "leaky", "relu", "end"]
                .map(|name| method.differs_from_gradient(&net, net.index_of(name).expect("a node")));
            assert_eq!(differs, [false, false, true, true], "{method:?}");
        }
        assert!(!Method::Gradient.differs_from_gradient(&net, net.output()));
    }
}
