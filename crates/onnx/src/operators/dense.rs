//! Dense layers: Gemm, and a MatMul with the Add that follows it.

use crate::error::Fault;
use crate::graph::{Graph, Map, Product, Value};
use crate::node::Node;
use tensor::Tensor;

/// `α · x W + β · c`
pub(super) fn gemm<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let x = row(graph.map(node, 0)?)?;
    let weight = matrix(graph.constant(node, 1)?.floats()?)?;
    let c = graph.weights(node, 2)?;
    if node.flag("transA")? {
        return Err(Fault::mismatch("transA = 0", "transA = 1"));
    }
    let weight = if node.flag("transB")? { weight } else { transposed(&weight) };
    let weight = scaled(weight, node.float("alpha", 1.0)?);
    let beta = node.float("beta", 1.0)?;
    let bias = c.map(|c| Ok(scaled(bias(&c, weight.dims()[0])?, beta))).transpose()?;
    graph.dense(node.name(), Product { name: String::new(), x, weight }, bias).map(Value::Map)
}

/// `x W`, which waits for the Add that follows it if nothing else reads it.
pub(super) fn mat_mul<'a>(node: Node<'a>, graph: &mut Graph<'a>) -> Result<Value, Fault> {
    let x = row(graph.map(node, 0)?)?;
    let weight = transposed(&matrix(graph.constant(node, 1)?.floats()?)?);
    if weight.dims()[1..] != x.shape {
        let expected = format!("a matrix [{}, outputs]", x.shape[0]);
        return Err(Fault::mismatch(expected, format!("[{}, {}]", weight.dims()[1], weight.dims()[0])));
    }
    let product = Product { name: node.name().into(), x, weight };
    if graph.is_read_once(node.output()) {
        return Ok(Value::Product(product));
    }
    graph.dense(node.name(), product, None).map(Value::Map)
}

/// The product and a constant as one layer of the sum's name; `None` if the constant is no bias.
pub(super) fn with_bias(
    node: Node,
    graph: &mut Graph,
    product: &Product,
    c: &Tensor,
) -> Result<Option<Value>, Fault> {
    let bias = bias(c, product.weight.dims()[0]).ok();
    bias.map(|bias| graph.dense(node.name(), product.clone(), Some(bias)).map(Value::Map)).transpose()
}

fn row(x: Map) -> Result<Map, Fault> {
    match *x.shape {
        [_] => Ok(x),
        _ => Err(Fault::mismatch("one row for each image", format!("{:?} for each", x.shape))),
    }
}

fn matrix(weight: &Tensor) -> Result<Tensor, Fault> {
    match weight.dims() {
        [_, _] => Ok(weight.clone()),
        other => Err(Fault::mismatch("a matrix of weights", format!("{other:?}"))),
    }
}

fn transposed(weight: &Tensor) -> Tensor {
    tensor::transpose(weight, &[1, 0])
}

fn scaled(tensor: Tensor, by: f32) -> Tensor {
    if by == 1.0 { tensor } else { tensor.affine(f64::from(by), 0.0).expect("a product in memory") }
}

/// The constant as a bias, if it is the same for every image.
fn bias(c: &Tensor, outputs: usize) -> Result<Tensor, Fault> {
    let fits = match *c.dims() {
        [] => true,
        [n] | [1, n] => n == 1 || n == outputs,
        _ => false,
    };
    if !fits {
        return Err(Fault::mismatch(format!("a bias [{outputs}]"), format!("{:?}", c.dims())));
    }
    let flat = c.flatten_all().and_then(|flat| flat.broadcast_as(outputs)?.contiguous());
    Ok(flat.expect("one scalar or one for each output"))
}
