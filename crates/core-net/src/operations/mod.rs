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
mod contrast_norm;
mod conv;
mod description;
mod elementwise;
mod example;
mod global_mean_pool;
mod identity;
mod join;
mod linear;
mod locally_connected;
mod operation;
mod pad;
mod pooling;
mod response_norm;
mod shapes;
mod softmax;
mod step;
#[cfg(test)]
pub(crate) mod tests;

pub use affine::Affine;
pub use conv::Convolution;
pub(crate) use description::{Description, KeyError, Padding, Size, described, without_keys, zeros};
pub use elementwise::ElementWise;
pub use example::every_operation;
pub(crate) use example::{Example, examples, random};
pub use linear::Linear;
pub use locally_connected::LocallyConnected;
pub(crate) use operation::{Cropping, Join, Operation};
pub use pad::Pad;
pub use pooling::{Pooling, Statistic};
pub use shapes::{Reshape, Transpose};
pub use step::{Rule, Step};
pub use tensor::{ContrastNorm, ResponseNorm};

// What the operations' files work with.
use crate::changes::Changes;
use crate::region::{Reach, Region, Window, constants_of, map_of};
use crate::shape::{Misfit, Shape, in_memory, maps, misfit};
use global_mean_pool::GlobalMeanPool;
use identity::PassThrough;
use shapes::Flatten;
use softmax::Softmax;
use std::fmt::{self, Display, Formatter};
use tensor::Tensor;

/// Defines [`Op`] and, in this one place, its dispatch to the operations' files.
///
/// An operation without parameters and keys is a constant of its file's type, the others are of that type.
macro_rules! operations {
    ($($(#[$doc:meta])+ $variant:ident $(($operation:ty))? $(= $constant:path)?;)+) => {
        /// What a node computes.
        ///
        /// Shapes are those of one image, `[channels, height, width]` before a flattening; the batch comes before them.
        #[derive(Clone, Debug)]
        pub enum Op {
            /// The image that `forward` is given.
            Input,
            $($(#[$doc])+ $variant $(($operation))?,)+
        }

        impl Op {
            pub(crate) fn operation(&self) -> &dyn Operation {
                match self {
                    Op::Input => &PassThrough::Input,
                    $($(Op::$variant => &$constant,)? $(Op::$variant(operation) => operation as &$operation,)?)+
                }
            }

            /// The operation, where it has parameters or settings.
            pub(crate) fn operation_mut(&mut self) -> Option<&mut dyn Operation> {
                match self {
                    Op::Input => None,
                    $($(Op::$variant => operations!(@none $constant),)? $(Op::$variant(operation) => Some(operation as &mut $operation),)?)+
                }
            }

            /// How each operation is described.
            pub(crate) fn descriptions() -> Vec<Description> {
                [$(
                    $(vec![Description::new($constant.kind(), &[""], |keys, _| without_keys(keys, Op::$variant))],)?
                    $(<$operation>::descriptions(),)?
                )+].concat()
            }

            /// Examples of each operation but the input, their parameters 0.
            fn examples() -> Vec<Vec<Example>> {
                vec![$(
                    $(vec![Example::new($constant.kind(), "")],)?
                    $(<$operation>::examples(),)?
                )+]
            }
        }

        $($(impl From<$operation> for Op {
            fn from(operation: $operation) -> Self {
                Op::$variant(operation)
            }
        })?)+
    };
    (@none $constant:path) => { None };
}

operations! {
    /// Filters that slide over the feature maps: a cross-correlation.
    Conv(Convolution);
    /// Filters of each place's own: a convolution whose weights are not shared.
    LocallyConnected(LocallyConnected);
    /// `x Wᵀ + b`
    Linear(Linear);
    /// The largest value, the mean or the length of each window.
    Pool(Pooling);
    /// The mean of each feature map, `[channels, 1, 1]`.
    GlobalMeanPool = GlobalMeanPool;
    /// Response normalization across neighboring channels.
    ResponseNorm(ResponseNorm);
    /// Contrast normalization over a neighborhood in all channels.
    ContrastNorm(ContrastNorm);
    /// `scale · x + shift`: a batch normalization after training, or a sum or product with a constant.
    Affine(Affine);
    /// A function of one scalar: a rectifier, a sigmoid, clipping.
    ElementWise(ElementWise);
    /// `exp x / Σ exp x` over the channels.
    Softmax = Softmax::Probabilities;
    /// The logarithm of [`Op::Softmax`].
    LogSoftmax = Softmax::Logarithms;
    /// The identity: what dropout is after training.
    Dropout = PassThrough::Dropout;
    /// The identity.
    Identity = PassThrough::Identity;
    /// A border of one value around every feature map.
    Pad(Pad);
    /// One row for each image.
    Flatten = Flatten;
    /// The same scalars in another shape, that of one image.
    Reshape(Reshape);
    /// The axes in another order; they count the batch, which stays first.
    Transpose(Transpose);
    /// The channels of several nodes, one node's after the other's.
    Concat = Join::Concat;
    /// The sum of several nodes of one shape.
    Add = Join::Add;
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

/// The operation's name with the settings that shape its output: `conv 3×3 /1×1`.
impl Display for Op {
    fn fmt(&self, formatter: &mut Formatter) -> fmt::Result {
        formatter.write_str(&self.operation().summary())
    }
}

/// `3×3`, rows before columns.
fn by([rows, columns]: [usize; 2]) -> String {
    format!("{rows}×{columns}")
}
