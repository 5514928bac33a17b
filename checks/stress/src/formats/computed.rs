//! A forward pass of a net that was read.

use core_net::Net;
use tensor::{DType, Tensor, seeded, uniform};

/// Maximum number of scalars of an activation.
const LARGEST: usize = 1 << 14;

/// Computes one image, unless that takes too long.
///
/// # Panics
/// When the net does, or its output has another shape than promised.
pub(super) fn check(net: &Net) {
    let scalars = |shape: &[usize]| shape.iter().product::<usize>();
    let parameters: usize = net.parameters().iter().map(|(_, parameter)| parameter.elem_count()).sum();
    if parameters > LARGEST << 4 || net.nodes().iter().any(|node| scalars(&node.shape) > LARGEST) {
        return;
    }
    let shape = [&[1], &*net.nodes()[0].shape].concat();
    let dtype = net.parameters().first().map_or(DType::F32, |(_, parameter)| parameter.dtype());
    let images: Tensor = uniform(&mut seeded(1, "images"), &shape, 1.0, dtype);
    assert_eq!(net.forward(&images).output().dims()[1..], net.nodes()[net.output()].shape);
}
