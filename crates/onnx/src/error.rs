//! Why an ONNX file does not become a net.

use core_net::BuildError;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why an ONNX file does not become a net.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OnnxError {
    /// The file cannot be read.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is no ONNX model, or only a part of one.
    #[error("{}: expected an ONNX model, found: {found}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        found: String,
    },
    /// The file's operators are of a version whose meaning is not known here.
    #[error("{}: expected an opset from 9 to 21, found {found}", path.display())]
    Opset {
        /// The file.
        path: PathBuf,
        /// The file's version.
        found: String,
    },
    /// The graph's input is no batch of images, or its output is not computed from them.
    #[error("{}: expected {expected}, found {found}", path.display())]
    Graph {
        /// The file.
        path: PathBuf,
        /// What a net needs.
        expected: String,
        /// What the file has.
        found: String,
    },
    /// The size of the images is left open.
    #[error(
        "{}: expected images of a fixed size, found {found} for input {input}: export with an example image of the \
         size wanted and leave only the batch dynamic, or read the file with a size",
        path.display()
    )]
    DynamicSize {
        /// The file.
        path: PathBuf,
        /// The input's name.
        input: String,
        /// Its shape.
        found: String,
    },
    /// The images' layout is neither known from the graph nor given.
    #[error(
        "{}: expected to know whether input {input} {found} has an image's channels last, as its shape may mean, or first: \
         no operation says so",
        path.display()
    )]
    Layout {
        /// The file.
        path: PathBuf,
        /// The input's name.
        input: String,
        /// Its shape.
        found: String,
    },
    /// A stored tensor cannot be read.
    #[error("{}: tensor {name}: expected {expected}, found {found}", path.display())]
    Tensor {
        /// The file.
        path: PathBuf,
        /// The tensor's name.
        name: String,
        /// What would fit.
        expected: String,
        /// What the file has.
        found: String,
    },
    /// An operator that no node of a net computes.
    #[error("{}: node {node}: operator {operator} is not supported", path.display())]
    Operator {
        /// The file.
        path: PathBuf,
        /// The node's name.
        node: String,
        /// The operator, with its domain unless it is ONNX's own.
        operator: String,
    },
    /// A supported operator with inputs or attributes that are not.
    #[error("{}: node {node} ({operator}): expected {expected}, found {found}", path.display())]
    Node {
        /// The file.
        path: PathBuf,
        /// The node's name.
        node: String,
        /// The operator.
        operator: String,
        /// What would fit.
        expected: String,
        /// What the file has.
        found: String,
    },
    /// The nodes do not make a net: two of them have one name.
    #[error("{}: {source}", path.display())]
    Build {
        /// The file.
        path: PathBuf,
        /// What the builder said.
        source: BuildError,
    },
}

/// What is wrong at one node, before the file and the node are named.
#[derive(Debug)]
pub(crate) enum Fault {
    Unsupported,
    Mismatch { expected: String, found: String },
    Tensor { name: String, expected: String, found: String },
}

impl Fault {
    pub(crate) fn mismatch(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::Mismatch { expected: expected.into(), found: found.into() }
    }

    /// The same about a stored tensor of this name.
    pub(crate) fn in_tensor(self, name: &str) -> Self {
        match self {
            Self::Mismatch { expected, found } => Self::Tensor { name: name.into(), expected, found },
            Self::Unsupported | Self::Tensor { .. } => self,
        }
    }

    /// The error at this node of this file.
    pub(crate) fn at(self, path: &Path, node: &str, operator: &str) -> OnnxError {
        let (path, node, operator) = (path.to_path_buf(), node.to_string(), operator.to_string());
        match self {
            Self::Unsupported => OnnxError::Operator { path, node, operator },
            Self::Mismatch { expected, found } => OnnxError::Node { path, node, operator, expected, found },
            Self::Tensor { name, expected, found } => OnnxError::Tensor { path, name, expected, found },
        }
    }
}
