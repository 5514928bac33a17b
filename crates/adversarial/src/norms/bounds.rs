//! Lipschitz bounds of a net from its operations' norms.

use super::operation::Norm;
use core_net::{Net, Op};

/// An upper bound of how far each node's activation can move when the image moves by 1.
///
/// Along a path the bounds multiply. At a concatenation the squares of its inputs' bounds add up, at a sum the bounds themselves.
///
/// **Paper** Szegedy et al. 2013, §4.3: `L = Π L_k`, for nets that branch as well.
///
/// # Panics
/// If there is not one norm for each node.
pub fn lipschitz_bounds(net: &Net, norms: &[Norm]) -> Vec<f64> {
    assert_eq!(norms.len(), net.nodes().len(), "lipschitz_bounds: one norm for each node");
    let mut bounds: Vec<f64> = Vec::with_capacity(norms.len());
    for (node, norm) in net.nodes().iter().zip(norms) {
        let read = node.inputs.iter().map(|&input| bounds[input]);
        let bound = match node.op {
            Op::Input => 1.0,
            Op::Concat => read.map(|bound| bound * bound).sum::<f64>().sqrt(),
            Op::Add => read.sum(),
            _ => read.sum::<f64>() * norm.upper_bound,
        };
        // What does not move cannot be stretched, and what is forgotten does not matter: 0 · ∞ is 0.
        bounds.push(if bound.is_nan() { 0.0 } else { bound });
    }
    bounds
}
