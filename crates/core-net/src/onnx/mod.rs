//! Nets from ONNX files.

mod constant;
mod error;
mod external;
mod graph;
mod input;
mod node;
mod operators;
mod proto;
mod read;
mod tensor_data;

pub use error::OnnxError;
pub use read::{read, read_sized};
