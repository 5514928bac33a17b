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

#[cfg(test)]
mod damage;
#[cfg(test)]
mod made;
#[cfg(test)]
mod names;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod storage;

pub use error::OnnxError;
pub use read::{read, read_sized};
