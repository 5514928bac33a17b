//! Operator norms and Lipschitz bounds of a net's operations.

use super::circular::circular_norm;
use super::matrix::{Enclosure, matrix_norm};
use super::normalization::response_norm_bound;
use super::pooling::{max_pool_norm, mean_pool_norm};
use super::zero_padded::zero_padded_norm;
use core_net::{Net, Op};
use tensor::{Pool, Tensor, to_f64s};

/// The values beyond the border of a convolution's image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Boundary {
    /// Zeros, as nets compute it.
    #[default]
    Zero,
    /// The opposite border, as the paper's formula has it, on the next larger grid that the stride divides.
    Circular,
}

/// The operator norm or Lipschitz constant of one operation, and an upper bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Norm {
    /// The operator norm of what is linear, the smallest Lipschitz constant of what is not; none where only a bound is known.
    ///
    /// Exact but for rounding, or from below: within 1e-6 of it, relatively.
    pub norm: Option<f64>,
    /// No two inputs' outputs are farther apart than this many times the inputs, but for rounding; infinite where there is no such number.
    pub upper_bound: f64,
    /// The norm of the weight as a matrix `[outputs, all the rest]`, which for a convolution is *not* the operator norm.
    pub reshaped: Option<f64>,
}

impl From<Enclosure> for Norm {
    fn from(enclosure: Enclosure) -> Self {
        Self { norm: Some(enclosure.norm), upper_bound: enclosure.upper_bound, reshaped: None }
    }
}

impl Norm {
    fn exact(norm: f64) -> Self {
        Enclosure::exact(norm).into()
    }

    fn bound(upper_bound: f64) -> Self {
        Self { norm: None, upper_bound, reshaped: None }
    }
}

/// The norm of one node's operation, on images of the size that the net was built for.
///
/// A join's is that of all its inputs together.
///
/// - A rectifier, a hyperbolic tangent and clipping have slopes of at most 1, a sigmoid of at most 1/4.
/// - The derivative of softmax is `diag p − p pᵀ`: `vᵀ(diag p − p pᵀ)v` is the variance of v's entries under p,
///   so at most a quarter of the square of their range, which is at most `2 ‖v‖²`: the norm is 1/2, at two classes of probability 1/2.
/// - The derivative of its logarithm is the projection `1 − 𝟏 pᵀ`, whose norm is `‖𝟏‖ ‖p‖`: √classes, where one class is certain.
/// - The length of a window's values, `√(ε + Σ x²)`, moves by no more than they do together, and by as much where ε is lost beside them:
///   so pooling by length stretches like max pooling.
/// - Each field of a locally connected layer has its own matrix; the squares of their outputs, added, count each pixel as often as fields see it.
/// - Contrast normalization divides by the contrast alone: a fainter image is the same to it, however small the change that separates two.
///   Unlike the paper, which adds a constant to the divisor and has a bound by it, there is none.
/// - Nor is there one of a layer whose weights are not all finite.
///
/// **Paper** Szegedy et al. 2013, §4.3.
///
/// # Panics
/// If there is no such node.
pub fn operation_norm(net: &Net, node: usize, boundary: Boundary) -> Norm {
    let (op, inputs) = (&net.nodes()[node].op, &net.nodes()[node].inputs);
    let read: &[usize] = inputs.first().map_or(&[], |&input| &net.nodes()[input].shape);
    if !is_finite(op) {
        return Norm::bound(f64::INFINITY);
    }
    match op {
        Op::Conv { weight, conv, .. } => {
            let enclosure = match boundary {
                Boundary::Zero => zero_padded_norm(weight, conv, map(read)),
                Boundary::Circular => Enclosure::exact(circular_norm(weight, conv, map(read))),
            };
            Norm { reshaped: Some(reshaped(weight).norm), ..enclosure.into() }
        }
        Op::Linear { weight, .. } => {
            let enclosure = reshaped(weight);
            Norm { reshaped: Some(enclosure.norm), ..enclosure.into() }
        }
        Op::LocallyConnected { weight, fields, .. } => {
            Norm::bound(local_bound(weight, fields.size, fields.stride, map(read)))
        }
        Op::MaxPool(pool) | Op::L2Pool { pool, .. } => Norm::exact(max_pool_norm(pool, map(read))),
        Op::MeanPool(pool, counted) => Norm::exact(mean_pool_norm(pool, *counted, map(read))),
        Op::GlobalMeanPool => Norm::exact(1.0 / (map(read).iter().product::<usize>() as f64).sqrt()),
        Op::ResponseNorm(norm) => Norm::bound(response_norm_bound(norm, read[0])),
        Op::ContrastNorm(_) => Norm::bound(f64::INFINITY),
        Op::Affine { scale, .. } => Norm::exact(to_f64s(scale).iter().fold(0.0, |most, s| s.abs().max(most))),
        Op::Sigmoid => Norm::exact(0.25),
        Op::LeakyRelu(slope) => Norm::exact(slope.abs().max(1.0)),
        Op::Clip { low, high } => Norm::exact(if low < high { 1.0 } else { 0.0 }),
        Op::Softmax => Norm::exact(if read[0] > 1 { 0.5 } else { 0.0 }),
        Op::LogSoftmax => Norm::exact(if read[0] > 1 { (read[0] as f64).sqrt() } else { 0.0 }),
        Op::Add => Norm::exact((inputs.len() as f64).sqrt()),
        Op::Input
        | Op::Concat
        | Op::Relu
        | Op::Tanh
        | Op::Flatten
        | Op::Reshape(_)
        | Op::Transpose(_)
        | Op::Pad { .. }
        | Op::Dropout
        | Op::Identity => Norm::exact(1.0),
    }
}

/// Whether every weight of the operation is.
fn is_finite(op: &Op) -> bool {
    let (Op::Conv { weight, .. }
    | Op::LocallyConnected { weight, .. }
    | Op::Linear { weight, .. }
    | Op::Affine { scale: weight, .. }) = op
    else {
        return true;
    };
    to_f64s(weight).iter().all(|w| w.is_finite())
}

/// Height and width of feature maps.
fn map(shape: &[usize]) -> [usize; 2] {
    [shape[1], shape[2]]
}

/// The largest norm of a field's matrix, times the root of the most fields that see one pixel.
fn local_bound(weight: &Tensor, size: [usize; 2], stride: [usize; 2], image: [usize; 2]) -> f64 {
    let &[places, maps, taps] = weight.dims() else { unreachable!("checked when the net was built") };
    let weights = to_f64s(weight);
    let norms = weights
        .chunks_exact(maps * taps)
        .take(places)
        .map(|field| matrix_norm(field, maps, taps).upper_bound);
    let fields = Pool { kernel: size, stride, ..Pool::square(1, 1) };
    norms.fold(0.0, f64::max) * max_pool_norm(&fields, image)
}

/// The norm of the weight as a matrix `[outputs, all the rest]`.
fn reshaped(weight: &Tensor) -> Enclosure {
    let rows = weight.dims()[0];
    matrix_norm(&to_f64s(weight), rows, weight.elem_count() / rows)
}
