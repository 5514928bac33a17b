//! What a node can compute, as data.

use tensor::{ContrastNorm, Conv, Fields, PaddingInMean, Pool, ResponseNorm, Tensor};

/// What a node computes.
///
/// Shapes are those of one image, `[channels, height, width]` before a flattening; the batch comes before them.
#[derive(Clone, Debug)]
pub enum Op {
    /// The image that `forward` is given.
    Input,
    /// One row for each image.
    Flatten,
    /// `x Wᵀ + b`
    Linear {
        /// **Shape** `[outputs, inputs]`
        weight: Tensor,
        /// **Shape** `[outputs]`
        bias: Tensor,
    },
    /// Filters that slide over the feature maps: a cross-correlation.
    Conv {
        /// **Shape** `[outputs, channels / groups, height, width]`
        weight: Tensor,
        /// **Shape** `[outputs]`
        bias: Option<Tensor>,
        /// How the filters slide.
        conv: Conv,
    },
    /// Filters of each place's own: a convolution whose weights are not shared.
    LocallyConnected {
        /// **Shape** `[places, maps, channels · field height · field width]`, the places row by row
        weight: Tensor,
        /// **Shape** `[maps, rows of places, columns of places]`
        bias: Option<Tensor>,
        /// How the receptive fields lie.
        fields: Fields,
    },
    /// The largest value of each window; where it was is the trace's switch.
    MaxPool(Pool),
    /// The mean of each window.
    MeanPool(Pool, PaddingInMean),
    /// The length of each window, `√(ε + Σ x²)`.
    L2Pool {
        /// How the windows slide.
        pool: Pool,
        /// ε, positive: without it the length of nothing has no slope.
        epsilon: f64,
    },
    /// The mean of each feature map, `[channels, 1, 1]`.
    GlobalMeanPool,
    /// Response normalization across neighboring channels.
    ResponseNorm(ResponseNorm),
    /// Contrast normalization over a neighborhood in all channels.
    ContrastNorm(ContrastNorm),
    /// `scale · x + shift`: a batch normalization after training, or a sum or product with a constant.
    Affine {
        /// **Shape** `[channels]`, or that of one image.
        scale: Tensor,
        /// **Shape** as the scale's.
        shift: Tensor,
    },
    /// `max(x, 0)`
    Relu,
    /// `1 / (1 + exp(−x))`
    Sigmoid,
    /// `tanh x`
    Tanh,
    /// `x` where it is positive, this slope times `x` elsewhere.
    LeakyRelu(f64),
    /// `x`, but at least `low` and at most `high`.
    Clip {
        /// The least value.
        low: f64,
        /// The greatest value.
        high: f64,
    },
    /// `exp x / Σ exp x` over the channels.
    Softmax,
    /// The logarithm of [`Op::Softmax`].
    LogSoftmax,
    /// The identity: what dropout is after training.
    Dropout,
    /// The identity.
    Identity,
    /// A border of one value around every feature map.
    Pad {
        /// Rows and columns: top, left, bottom, right.
        padding: [usize; 4],
        /// What stands in them.
        value: f64,
    },
    /// The same scalars in another shape, that of one image.
    Reshape(Vec<usize>),
    /// The axes in another order; they count the batch, which stays first.
    Transpose(Vec<usize>),
    /// The channels of several nodes, one node's after the other's.
    Concat,
    /// The sum of several nodes of one shape.
    Add,
}

impl Op {
    /// What kind of operation it is, by the name that descriptions of nets use.
    pub fn kind(&self) -> &'static str {
        match self {
            Op::Input => "input",
            Op::Flatten => "flatten",
            Op::Linear { .. } => "linear",
            Op::Conv { .. } => "conv",
            Op::LocallyConnected { .. } => "locally_connected",
            Op::L2Pool { .. } => "l2_pool",
            Op::MaxPool(_) => "max_pool",
            Op::MeanPool(_, PaddingInMean::Pixels) => "mean_pool",
            Op::MeanPool(_, PaddingInMean::Padding) => "mean_pool_with_padding",
            Op::GlobalMeanPool => "global_mean_pool",
            Op::ResponseNorm(_) => "response_norm",
            Op::ContrastNorm(_) => "contrast_norm",
            Op::Affine { .. } => "affine",
            Op::Relu => "relu",
            Op::Sigmoid => "sigmoid",
            Op::Tanh => "tanh",
            Op::LeakyRelu(_) => "leaky_relu",
            Op::Clip { .. } => "clip",
            Op::Softmax => "softmax",
            Op::LogSoftmax => "log_softmax",
            Op::Dropout => "dropout",
            Op::Identity => "identity",
            Op::Pad { .. } => "pad",
            Op::Reshape(_) => "reshape",
            Op::Transpose(_) => "transpose",
            Op::Concat => "concat",
            Op::Add => "add",
        }
    }

    /// What training may change, by the name that weight files use.
    pub fn parameters(&self) -> Vec<(&'static str, &Tensor)> {
        match self {
            Op::Linear { weight, bias } => vec![("weight", weight), ("bias", bias)],
            Op::Conv { weight, bias, .. } | Op::LocallyConnected { weight, bias, .. } => {
                [("weight", Some(weight)), ("bias", bias.as_ref())]
                    .into_iter()
                    .filter_map(|(part, tensor)| Some((part, tensor?)))
                    .collect()
            }
            _ => vec![],
        }
    }

    /// The same, to be replaced.
    pub(crate) fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        match self {
            Op::Linear { weight, bias } => vec![weight, bias],
            Op::Conv { weight, bias, .. } | Op::LocallyConnected { weight, bias, .. } => {
                std::iter::once(weight).chain(bias).collect()
            }
            _ => vec![],
        }
    }

    /// Every tensor that the operation holds, parameter or constant, to be replaced.
    pub(crate) fn tensors_mut(&mut self) -> Vec<&mut Tensor> {
        match self {
            Op::Affine { scale, shift } => vec![scale, shift],
            _ => self.parameters_mut(),
        }
    }
}
