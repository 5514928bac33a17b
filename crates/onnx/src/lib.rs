//! Nets from ONNX files, as PyTorch and other frameworks export them.
//!
//! ```
//! use tensor::{DType, Tensor, seeded, uniform};
//!
//! let net = onnx::read("tests/fixtures/nets/squeezenet_opset13.onnx".as_ref())?;
//! let images: Tensor = uniform(&mut seeded(1, "images"), &[2, 3, 64, 64], 1.0, DType::F32);
//! let trace = net.forward(&images);
//! let relu = net.index_of("/features/features.1/Relu").expect("a node of the file");
//! assert_eq!(trace.activation(relu).dims(), [2, 4, 31, 31]);
//! # Ok::<(), onnx::OnnxError>(())
//! ```
//!
//! # What is read
//!
//! Opsets 9 to 21, with weights in the file or in files beside it, in the types float, double, float16 and bfloat16.
//! The net computes in f64 where its input is double, else in f32, so half precision is computed more exactly than it was stored.
//!
//! The first input that is not stored in the file is the images, the first output is the net's; nodes that this output does not need are left out.
//! [`read_model`] reads all outputs, lists those that no node computes with the reason, and keeps the names of parameters.
//! It also reads files of images with their channels last, as TensorFlow's are, and gives a net that has them first:
//! where the file begins with the Transpose to that order it becomes the identity, so that windows and receptive fields are a plain convolution's.
//! The number of images is free, even where the file fixes it.
//! The size of the images is the file's; where the file leaves height and width open, [`read_sized`] takes them, and [`read`] says so.
//!
//! | operator | as | restrictions |
//! |---|---|---|
//! | Conv | [`Op::Conv`] | two-dimensional; the filters are constant |
//! | MaxPool | [`Op::Pool`] | two-dimensional; the indices are not read |
//! | AveragePool | [`Op::Pool`] | two-dimensional |
//! | GlobalAveragePool, ReduceMean | [`Op::GlobalMeanPool`] | ReduceMean over height and width |
//! | LRN | [`Op::ResponseNorm`] | an odd size, of at most twice the channels and one |
//! | BatchNormalization | [`Op::Affine`] | after training; an export in training mode is refused |
//! | Gemm | [`Op::Linear`] | `transA = 0`; constant weights and bias |
//! | MatMul, with an Add that follows | [`Op::Linear`] | rows times constant weights |
//! | Add, Sub, Mul, Div with a constant | [`Op::Affine`] | the constant broadcasts to one image's shape; no constant by an activation |
//! | Add | [`Op::Add`] | of two activations of one shape |
//! | Concat | [`Op::Concat`] | axis 1 |
//! | Relu, Sigmoid, Tanh, LeakyRelu, Clip | [`Op::ElementWise`] | constant limits |
//! | Softmax, LogSoftmax | [`Op::Softmax`], [`Op::LogSoftmax`] | any axis but the batch's; before opset 13 axis 1 or the last |
//! | Dropout, Identity, Cast | [`Op::Dropout`], [`Op::Identity`] | after training; between floating-point types |
//! | Pad | [`Op::Pad`] | a constant border around height and width |
//! | Flatten, Reshape, Squeeze, Unsqueeze | [`Op::Flatten`], [`Op::Reshape`] | the batch stays first and whole |
//! | Transpose | [`Op::Transpose`] | the batch stays first |
//! | Constant, Shape, Gather, Slice | no node | of shapes: what exporters write for `x.view(x.size(0), -1)` |
//!
//! Arithmetic, Concat, Reshape, Squeeze, Unsqueeze and Cast are also computed on shapes and constants, Transpose on weights.
//! Every other operator is refused by name, with the node it stands at: [`OnnxError::Operator`].
//!
//! # Names
//!
//! A node of the net goes by the name of the file's node, or by its output's name where it has none; the net's input goes by the input's.
//! What is folded into a constant leaves no node.
//! A MatMul and the Add of its bias are one layer of the Add's name, because it has the Add's output; a MatMul without bias keeps its own.
//! A node that takes several steps gives its name to the last one; the steps before it append a word, such as `.mean`.
//! Two nodes of one name are refused, because a name stands for one node only.

mod constant;
#[cfg(test)]
mod damage;
mod error;
mod external;
mod graph;
mod input;
mod layout;
mod layout_search;
#[cfg(test)]
mod made;
mod model;
#[cfg(test)]
mod names;
mod node;
mod operators;
mod parameter_names;
mod proto;
mod read;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod storage;
mod tensor_data;

#[cfg(doc)]
use core_net::Op;
pub use error::OnnxError;
pub use layout::Layout;
pub use model::{Input, Model, Output, UnreadOutput, read_model};
pub use read::{read, read_sized};
