//! Convolutions.

use super::push;
use super::window::{Window, plane, window};
use crate::error::Fault;
use crate::graph::{Graph, Value};
use crate::node::Node;
use core_net::operations::Convolution;
use tensor::Conv;

pub(super) fn convolution<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let x = graph.map(node, 0)?;
    let weight = graph.constant(node, 1)?.floats()?.clone();
    let bias = graph.weights(node, 2)?;
    let &[_, _, height, width] = weight.dims() else {
        let found = format!("{:?}", weight.dims());
        return Err(Fault::mismatch("filters [outputs, channels / groups, height, width]", found));
    };
    let kernel = node.sizes("kernel_shape", 1, [height, width])?;
    if kernel != [height, width] {
        return Err(Fault::mismatch(format!("kernel_shape [{height}, {width}]"), format!("{kernel:?}")));
    }
    let Window { stride, padding, dilation } = window(node, kernel, plane(&x.shape)?)?;
    let groups = node.integer("group", 1)?;
    let groups =
        usize::try_from(groups).map_err(|_| Fault::mismatch("a positive group", groups.to_string()))?;
    push(node, graph, Convolution { weight, bias, conv: Conv { stride, padding, dilation, groups } }, &x)
}
