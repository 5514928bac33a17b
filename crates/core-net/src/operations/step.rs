//! One step back through one node.

use super::Op;
use tensor::Tensor;

/// One step back through one node.
#[derive(Debug)]
pub struct Step<'a> {
    /// The node's operation; never a join, which [`pull_back`](crate::pull_back) splits itself.
    pub op: &'a Op,
    /// What it read in the forward pass.
    pub input: &'a Tensor,
    /// What it computed.
    pub output: &'a Tensor,
    /// Where each maximum of a max pooling was: flat `h·W + w` into the input's map.
    pub switches: Option<&'a Tensor>,
    /// The signal at its output.
    pub signal: &'a Tensor,
}

/// How a signal passes back through one node, from its output to its input.
pub type Rule = fn(&Step) -> Tensor;

impl Step<'_> {
    /// The transposed linear map: filters transposed, a max pooling unpooled by its switches (sums where windows share one),
    /// an L2 pooling by its pixels' shares in the length.
    /// Nonlinearities and normalizations act as the identity.
    ///
    /// **Shape** of the step's input.
    ///
    /// # Panics
    /// If the operation is a join, or the step's tensors do not belong together.
    pub fn adjoint(&self) -> Tensor {
        self.op.operation().adjoint(self)
    }

    /// The switches of a max pooling's step.
    ///
    /// # Panics
    /// If the step has none.
    pub fn the_switches(&self) -> &Tensor {
        self.switches.expect("a max pooling's step has switches")
    }

    /// Height and width of the input's feature maps.
    ///
    /// # Panics
    /// If the input has no feature maps.
    pub fn input_map(&self) -> [usize; 2] {
        match *self.input.dims() {
            [_, _, height, width] => [height, width],
            ref other => panic!("expected feature maps [n, c, h, w], got {other:?}"),
        }
    }
}
