//! What a node can compute, one file for each operation.
//!
//! In descriptions of nets an operation has these keys, optional ones in parentheses;
//! a size is one number or `[rows, columns]`, a padding one number, `[rows, columns]`, or `[top, left, bottom, right]`.
//!
//! | `op` | keys |
//! |---|---|
//! | `conv` | `filters`, `kernel`, (`stride`), (`padding`), (`dilation`), (`groups`), (`bias = false`) |
//! | `locally_connected` | `maps`, `size`, (`stride`), (`bias = false`) |
//! | `linear` | `outputs` |
//! | `max_pool`, `mean_pool`, `mean_pool_with_padding` | `kernel`, `stride`, (`padding`), (`dilation`), (`ceil = true`) |
//! | `l2_pool` | as `max_pool`'s, and `epsilon` |
//! | `response_norm` | `size`, `alpha`, `beta`, `kappa` |
//! | `contrast_norm` | `size`, `deviation` |
//! | `relu`, `leaky_relu` and so on | those of the function's variant of [`ElementWise`] |
//! | `pad` | `padding`, (`value`) |
//! | `reshape` | `shape`, without the batch |
//! | `transpose` | `order`, with the batch, 0, first |
//! | `concat`, `add` | `inputs` |
//! | `global_mean_pool`, `softmax`, `log_softmax`, `dropout`, `identity`, `flatten` | none |
//!
//! [`Op::Affine`] has no description: its constants have no place in weight files.

mod affine;
mod concat;
mod contrast_norm;
mod conv;
mod elementwise;
mod example;
mod global_mean_pool;
mod identity;
mod l2_pool;
mod linear;
mod locally_connected;
mod max_pool;
mod mean_pool;
mod operation;
mod pad;
mod pooling;
mod response_norm;
mod shapes;
mod softmax;
mod sum;
#[cfg(test)]
mod tests;

pub use affine::Affine;
pub use conv::Convolution;
pub use elementwise::ElementWise;
pub use example::every_operation;
pub(crate) use example::{Example, examples};
pub use l2_pool::L2Pool;
pub use linear::Linear;
pub use locally_connected::LocallyConnected;
pub use max_pool::MaxPool;
pub use mean_pool::MeanPool;
pub(crate) use operation::Operation;
pub use pad::Pad;
pub use shapes::{Reshape, Transpose};
pub use tensor::{ContrastNorm, ResponseNorm};

use crate::description::Description;
use crate::shape::{Misfit, in_memory, misfit};
use concat::Concat;
use global_mean_pool::GlobalMeanPool;
use identity::{Dropout, Identity, Input};
use shapes::Flatten;
use softmax::{LogSoftmax, Softmax};
use std::fmt::{self, Display, Formatter};
use sum::Add;
use tensor::Tensor;

/// Writes [`Op`] and, in this one place, how it leads to the operations' files.
macro_rules! operations {
    ($($(#[$doc:meta])+ $variant:ident $(($parameters:ty))?,)+) => {
        /// What a node computes.
        ///
        /// Shapes are those of one image, `[channels, height, width]` before a flattening; the batch comes before them.
        #[derive(Clone, Debug)]
        pub enum Op {
            $($(#[$doc])+ $variant $(($parameters))?,)+
        }

        impl Op {
            pub(crate) fn operation(&self) -> &dyn Operation {
                match self {
                    $(operations!(@pattern op $variant $($parameters)?) => operations!(@value op $variant $($parameters)?),)+
                }
            }

            /// The operation, where it has parameters or settings.
            pub(crate) fn operation_mut(&mut self) -> Option<&mut dyn Operation> {
                match self {
                    $(operations!(@pattern op $variant $($parameters)?) => operations!(@mutable op $($parameters)?),)+
                }
            }

            /// How each operation is described.
            pub(crate) fn descriptions() -> Vec<Description> {
                [$(<operations!(@type $variant $($parameters)?)>::descriptions()),+].concat()
            }

            #[cfg(test)]
            fn variants_without_examples() -> Vec<&'static str> {
                let counts =
                    [$((stringify!($variant), <operations!(@type $variant $($parameters)?)>::examples().len())),+];
                counts.iter().filter(|(_, count)| *count == 0).map(|(variant, _)| *variant).collect()
            }

            /// Examples of each operation, their parameters 0.
            fn all_examples() -> Vec<Example> {
                [$(<operations!(@type $variant $($parameters)?)>::examples()),+].into_iter().flatten().collect()
            }
        }

        $($(impl From<$parameters> for Op {
            fn from(operation: $parameters) -> Self {
                Op::$variant(operation)
            }
        })?)+
    };
    (@pattern $op:ident $variant:ident) => { Op::$variant };
    (@pattern $op:ident $variant:ident $parameters:ty) => { Op::$variant($op) };
    (@value $op:ident $variant:ident) => { &$variant };
    (@value $op:ident $variant:ident $parameters:ty) => { $op };
    (@mutable $op:ident) => { None };
    (@mutable $op:ident $parameters:ty) => { Some($op) };
    (@type $variant:ident) => { $variant };
    (@type $variant:ident $parameters:ty) => { $parameters };
}

operations! {
    /// The image that `forward` is given.
    Input,
    /// Filters that slide over the feature maps: a cross-correlation.
    Conv(Convolution),
    /// Filters of each place's own: a convolution whose weights are not shared.
    LocallyConnected(LocallyConnected),
    /// `x Wᵀ + b`
    Linear(Linear),
    /// The largest value of each window; where it was is the trace's switch.
    MaxPool(MaxPool),
    /// The mean of each window.
    MeanPool(MeanPool),
    /// The length of each window, `√(ε + Σ x²)`.
    L2Pool(L2Pool),
    /// The mean of each feature map, `[channels, 1, 1]`.
    GlobalMeanPool,
    /// Response normalization across neighboring channels.
    ResponseNorm(ResponseNorm),
    /// Contrast normalization over a neighborhood in all channels.
    ContrastNorm(ContrastNorm),
    /// `scale · x + shift`: a batch normalization after training, or a sum or product with a constant.
    Affine(Affine),
    /// A function of one scalar: a rectifier, a sigmoid, clipping.
    ElementWise(ElementWise),
    /// `exp x / Σ exp x` over the channels.
    Softmax,
    /// The logarithm of [`Op::Softmax`].
    LogSoftmax,
    /// The identity: what dropout is after training.
    Dropout,
    /// The identity.
    Identity,
    /// A border of one value around every feature map.
    Pad(Pad),
    /// One row for each image.
    Flatten,
    /// The same scalars in another shape, that of one image.
    Reshape(Reshape),
    /// The axes in another order; they count the batch, which stays first.
    Transpose(Transpose),
    /// The channels of several nodes, one node's after the other's.
    Concat,
    /// The sum of several nodes of one shape.
    Add,
}

impl Op {
    /// Its name in descriptions of nets.
    pub fn kind(&self) -> &'static str {
        self.operation().kind()
    }

    /// The shape of one image's output for inputs of these shapes.
    ///
    /// # Errors
    /// If the operation cannot read such inputs, or the output is empty or too large.
    pub fn output_shape(&self, inputs: &[&[usize]]) -> Result<Vec<usize>, Misfit> {
        match inputs {
            [] => misfit("a node to read", "none"),
            [_, _, ..] if !self.is_join() => misfit("one node to read", inputs.len().to_string()),
            _ => in_memory("an activation", self.operation().output_shape(inputs)?),
        }
    }

    /// Whether it reads several nodes.
    pub fn is_join(&self) -> bool {
        self.operation().as_join().is_some()
    }

    /// What training may change, by the name that weight files use; the weight first.
    pub fn parameters(&self) -> Vec<(&'static str, &Tensor)> {
        self.operation().parameters()
    }

    /// How far the operation can stretch a change of inputs of these shapes, where a closed form is known:
    /// the smallest `L` with `‖f(x) − f(y)‖ ≤ L ‖x − y‖`, the inputs of a join taken together.
    pub fn lipschitz_constant(&self, inputs: &[&[usize]]) -> Option<f64> {
        self.operation().lipschitz_constant(inputs)
    }

    /// The output for a batch.
    pub(crate) fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        self.operation().forward(inputs)
    }

    /// Whether it is `max(x, 0)`, with which a convolution can be computed at once.
    pub(crate) fn is_relu(&self) -> bool {
        matches!(self, Op::ElementWise(ElementWise::Relu))
    }

    /// The parameters, to be replaced.
    pub(crate) fn parameters_mut(&mut self) -> Vec<&mut Tensor> {
        self.operation_mut().map_or(vec![], |operation| operation.parameters_mut())
    }

    /// Every tensor, parameter or constant, to be replaced.
    pub(crate) fn tensors_mut(&mut self) -> Vec<&mut Tensor> {
        self.operation_mut().map_or(vec![], |operation| operation.tensors_mut())
    }
}

/// The operation in the words of its papers, with the settings that shape its output: `conv 3×3 /1×1`.
impl Display for Op {
    fn fmt(&self, formatter: &mut Formatter) -> fmt::Result {
        formatter.write_str(&self.operation().summary())
    }
}

/// `3×3`, rows before columns.
fn by([rows, columns]: [usize; 2]) -> String {
    format!("{rows}×{columns}")
}
