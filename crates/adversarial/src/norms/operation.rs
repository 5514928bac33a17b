//! Operator norms and Lipschitz bounds of a net's operations.

use super::circular::circular_norm;
use super::matrix::{Enclosure, matrix_norm};
use super::normalization::response_norm_bound;
use super::pooling::{max_pool_norm, mean_pool_norm};
use super::zero_padded::zero_padded_norm;
use core_net::operations::{Convolution, Linear, LocallyConnected, Pooling, Statistic};
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
/// - What has a closed form has it in the operation's file: [`Op::lipschitz_constant`].
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
    let op = &net.nodes()[node].op;
    let shapes: Vec<&[usize]> =
        net.nodes()[node].inputs.iter().map(|&input| &*net.nodes()[input].shape).collect();
    if op.parameters().first().is_some_and(|(_, weight)| to_f64s(weight).iter().any(|w| !w.is_finite())) {
        return Norm::bound(f64::INFINITY);
    }
    match op {
        Op::Conv(Convolution { weight, conv, .. }) => {
            let enclosure = match boundary {
                Boundary::Zero => zero_padded_norm(weight, conv, map(shapes[0])),
                Boundary::Circular => Enclosure::exact(circular_norm(weight, conv, map(shapes[0]))),
            };
            Norm { reshaped: Some(reshaped(weight).norm), ..enclosure.into() }
        }
        Op::Linear(Linear { weight, .. }) => {
            let enclosure = reshaped(weight);
            Norm { reshaped: Some(enclosure.norm), ..enclosure.into() }
        }
        Op::LocallyConnected(LocallyConnected { weight, fields, .. }) => {
            Norm::bound(local_bound(weight, fields.size, fields.stride, map(shapes[0])))
        }
        Op::Pool(Pooling { pool, statistic }) => Norm::exact(match statistic {
            Statistic::Max | Statistic::L2 { .. } => max_pool_norm(pool, map(shapes[0])),
            Statistic::Mean(counted) => mean_pool_norm(pool, *counted, map(shapes[0])),
        }),
        Op::ResponseNorm(norm) => Norm::bound(response_norm_bound(norm, shapes[0][0])),
        _ => op.lipschitz_constant(&shapes).map_or(Norm::bound(f64::INFINITY), Norm::exact),
    }
}

/// Height and width of feature maps.
fn map(shape: &[usize]) -> [usize; 2] {
    [shape[1], shape[2]]
}

/// The largest norm of a field's matrix, times the root of the most fields that see one pixel.
fn local_bound(weight: &Tensor, size: [usize; 2], stride: [usize; 2], image: [usize; 2]) -> f64 {
    let &[_, maps, taps] = weight.dims() else { unreachable!("checked when the net was built") };
    let weights = to_f64s(weight);
    let norms = weights.chunks_exact(maps * taps).map(|field| matrix_norm(field, maps, taps).upper_bound);
    let fields = Pool { kernel: size, stride, ..Pool::square(1, 1) };
    norms.fold(0.0, f64::max) * max_pool_norm(&fields, image)
}

/// The norm of the weight as a matrix `[outputs, all the rest]`.
fn reshaped(weight: &Tensor) -> Enclosure {
    let rows = weight.dims()[0];
    matrix_norm(&to_f64s(weight), rows, weight.elem_count() / rows)
}
