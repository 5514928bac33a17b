//! Pools, and means over whole feature maps.

use super::window::{Window, plane, window};
use super::{axes, axis, push};
use crate::error::Fault;
use crate::graph::{Graph, Value};
use crate::node::Node;
use core_net::Op;
use core_net::operations::{Pooling, Statistic};
use tensor::{PaddingInMean, Pool, Rounding};

pub(super) fn average_pool<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let counted =
        if node.flag("count_include_pad")? { PaddingInMean::Padding } else { PaddingInMean::Pixels };
    pool(node, graph, Statistic::Mean(counted))
}

pub(super) fn pool<'a>(node: Node<'a>, graph: &mut Graph<'a>, statistic: Statistic) -> Result<Value, Fault> {
    let x = graph.map(node, 0)?;
    let plane = plane(&x.shape)?;
    if node.integers("kernel_shape").is_none() {
        return Err(Fault::mismatch("a kernel_shape", "none"));
    }
    let kernel = node.sizes("kernel_shape", 1, [1; 2])?;
    let Window { stride, padding, dilation } = window(node, kernel, plane)?;
    let rounding = if node.flag("ceil_mode")? { Rounding::Ceil } else { Rounding::Floor };
    let pool = Pool { kernel, stride, padding, dilation, rounding };
    push(node, graph, Pooling { pool, statistic }, &x)
}

/// The mean over height and width, which exporters write for an adaptive mean pool.
pub(super) fn reduce_mean<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let x = graph.map(node, 0)?;
    let rank = x.shape.len() + 1;
    let axes = axes(node, graph, 18)?.unwrap_or_default();
    let mut over = axes.iter().map(|&a| axis(a, rank)).collect::<Result<Vec<_>, _>>()?;
    over.sort_unstable();
    if over != [2, 3] || rank != 4 {
        return Err(Fault::mismatch("a mean over height and width", format!("axes {axes:?} of {rank}")));
    }
    if node.integer("keepdims", 1)? != 0 {
        return push(node, graph, Op::GlobalMeanPool, &x);
    }
    let mean = graph.push(&format!("{}.mean", node.name()), Op::GlobalMeanPool, &[&x])?;
    push(node, graph, Op::Flatten, &mean)
}
