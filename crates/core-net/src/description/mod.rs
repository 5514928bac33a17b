//! A net described in TOML: its nodes in order, parameters 0 until a weight file fills them.
//!
//! ```toml
//! input = [1, 28, 28]
//!
//! [[node]]
//! name = "conv1"
//! op = "conv"
//! filters = 6
//! kernel = 5
//! padding = 2
//!
//! [[node]]
//! name = "relu1"
//! op = "relu"
//! ```
//!
//! A node reads the one before it, or those named in `inputs`; `stored_as` is what weight files call it, where that is not its name.
//! The other keys are those of its operation; [`operations`](crate::operations) lists them.

use crate::builder::{BuildError, Builder};
use crate::net::Net;
pub use crate::operations::every_operation;
use crate::operations::{KeyError, described};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use thiserror::Error;
use toml::Table;

/// Why a file does not describe a net.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DescriptionError {
    /// The file cannot be read.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// The file is not TOML, or not of this form.
    #[error("{}: expected a net in TOML, found: {found}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// The reader's error.
        found: String,
    },
    /// A node is not described as its operation asks.
    #[error("{}: node {node}: expected the keys of an operation, found: {found}", path.display())]
    Node {
        /// The file.
        path: PathBuf,
        /// The node's name.
        node: String,
        /// The reader's error.
        found: String,
    },
    /// The nodes do not make a net.
    #[error("{}: {source}", path.display())]
    Build {
        /// The file.
        path: PathBuf,
        /// Which node, what was expected, what came.
        source: BuildError,
    },
}

/// The net that a TOML file describes, all parameters 0, to be filled by [`Net::load`].
///
/// # Errors
/// If the file cannot be read, is not of the form that this module describes, or a node does not fit.
pub fn read(path: &Path) -> Result<Net, DescriptionError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| DescriptionError::File { path: path.into(), source })?;
    parse(&text, path)
}

/// The net that the text of a file describes.
pub(crate) fn parse(text: &str, path: &Path) -> Result<Net, DescriptionError> {
    let format =
        |error: toml::de::Error| DescriptionError::Format { path: path.into(), found: one_line(&error) };
    let description: Nodes = toml::from_str(text).map_err(format)?;
    let image: Vec<usize> = description.input.iter().map(|&side| side as usize).collect();
    let mut builder = Builder::new(&image);
    for node in description.node {
        builder = node.put_on(builder, path)?;
    }
    builder.build().map_err(|source| DescriptionError::Build { path: path.into(), source })
}

/// The file's keys.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nodes {
    input: Vec<u32>,
    node: Vec<Node>,
}

/// A node's keys.
#[derive(Deserialize)]
struct Node {
    name: String,
    inputs: Option<Vec<String>>,
    stored_as: Option<String>,
    /// `op` and the keys of the operation.
    #[serde(flatten)]
    operation: Table,
}

impl Node {
    /// The net with this node added.
    fn put_on(self, builder: Builder, path: &Path) -> Result<Builder, DescriptionError> {
        let inputs: Option<Vec<&str>> =
            self.inputs.as_ref().map(|names| names.iter().map(String::as_str).collect());
        let first = inputs.as_ref().and_then(|names| builder.shape_of(names.first()?));
        let op = described(self.operation, first.unwrap_or(builder.shape())).map_err(|error| {
            let (path, node) = (path.to_owned(), self.name.clone());
            match error {
                KeyError::Keys(error) => DescriptionError::Node { path, node, found: one_line(&error) },
                KeyError::Misfit(misfit) => {
                    DescriptionError::Build { path, source: BuildError::Shape { node, misfit } }
                }
            }
        })?;
        let builder = match inputs {
            Some(inputs) => builder.join(&self.name, op, &inputs),
            None => builder.node(&self.name, op),
        };
        Ok(match self.stored_as {
            Some(prefix) => builder.stored_as(&prefix),
            None => builder,
        })
    }
}

/// The reader's error, without its excerpt of the file.
fn one_line(error: &toml::de::Error) -> String {
    error.message().replace('\n', ", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoo;

    const LENET: &str = r#"
        input = [1, 28, 28]
        node = [
            { name = "conv1", op = "conv", filters = 6, kernel = 5, padding = 2 },
            { name = "relu1", op = "relu" },
            { name = "pool1", op = "max_pool", kernel = 2, stride = 2 },
            { name = "conv2", op = "conv", filters = 16, kernel = [5, 5] },
            { name = "relu2", op = "relu" },
            { name = "pool2", op = "max_pool", kernel = 2, stride = [2, 2], ceil = false },
            { name = "flatten", op = "flatten" },
            { name = "fc1", op = "linear", outputs = 120 },
            { name = "relu3", op = "relu" },
            { name = "fc2", op = "linear", outputs = 84 },
            { name = "relu4", op = "relu" },
            { name = "fc3", op = "linear", outputs = 10 },
        ]
    "#;

    fn parsed(text: &str) -> Result<Net, DescriptionError> {
        parse(text, Path::new("net.toml"))
    }

    #[test]
    fn a_described_lenet_is_the_zoo_s() {
        let described = parsed(LENET).expect("a net");
        let lenet = zoo::by_name("lenet", 10, None).expect("in the zoo");
        let nodes = |net: &Net| format!("{:?}", net.nodes());
        assert_eq!(nodes(&described), nodes(&lenet));
    }

    #[test]
    fn a_node_reads_those_it_names_and_is_stored_as_it_says() {
        let net = parsed(
            r#"
            input = [2, 5, 5]
            node = [
                { name = "a", op = "conv", filters = 2, kernel = 3, padding = [1, 1], stored_as = "features.0" },
                { name = "b", op = "conv", filters = 4, kernel = 1, groups = 2, bias = false, inputs = ["input"] },
                { name = "c", op = "concat", inputs = ["a", "input", "b"] },
                { name = "d", op = "pad", padding = [1, 0, 2, 0] },
            ]
            "#,
        )
        .expect("a net");
        assert_eq!(net.nodes()[3].inputs, [1, 0, 2]);
        assert_eq!(net.nodes()[4].shape, [8, 8, 5]);
        let names: Vec<String> = net.parameters().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["features.0.weight", "features.0.bias", "b.weight"]);
    }

    #[test]
    fn fields_have_filters_for_every_place_and_lengths_their_epsilon() {
        let net = parsed(
            r#"
            input = [2, 7, 5]
            node = [
                { name = "a", op = "locally_connected", maps = 4, size = [3, 2], stride = 2 },
                { name = "b", op = "l2_pool", kernel = 2, stride = 1, epsilon = 0.5 },
                { name = "c", op = "locally_connected", maps = 1, size = 1, bias = false },
            ]
            "#,
        )
        .expect("a net");
        let sizes: Vec<&[usize]> = net.parameters().into_iter().map(|(_, tensor)| tensor.dims()).collect();
        assert_eq!(sizes, [&[6, 4, 12][..], &[4, 3, 2], &[2, 1, 4]]);
        assert!(format!("{:?}", net.nodes()[2].op).contains("statistic: L2 { epsilon: 0.5 }"));
    }

    #[test]
    fn images_of_no_memory_s_size_are_refused() {
        for input in ["[4294967295, 4294967295, 4294967295]", "[3, 0, 5]"] {
            let error = parsed(&format!("input = {input}\nnode = []")).expect_err(input).to_string();
            assert!(
                error.contains("node input: expected an image of 1 to 268435456 scalars, got ["),
                "{error}"
            );
        }
    }

    #[test]
    fn what_does_not_fit_is_named_with_file_and_node() {
        let cases = [
            (r#"op = "max_pool", kernel = 2"#, "the keys of an operation, found: missing field `stride`"),
            (r#"op = "relu", slope = 1.0"#, "the keys of an operation, found: unknown field `slope`"),
            (r#"op = "rellu""#, "the keys of an operation, found: unknown variant `rellu`"),
            (r#"op = "relu", inputs = ["b"]"#, "an earlier node to read, got b"),
            (r#"op = "conv", filters = 1, kernel = 9"#, "a filter that fits into [2, 5, 5]"),
            (r#"op = "locally_connected", maps = 1, size = 6"#, "fields that fit into [2, 5, 5]"),
            (
                r#"op = "conv", filters = 4294967295, kernel = 5"#,
                "parameters of at most 1073741824 scalars, got [4294967295, 2, 5, 5]",
            ),
            (
                r#"op = "conv", filters = 1152921504606846976, kernel = 5"#,
                "the keys of an operation, found: invalid value: integer `1152921504606846976`",
            ),
            (
                r#"op = "pad", padding = 65535"#,
                "an activation of 1 to 268435456 scalars, got [2, 131075, 131075]",
            ),
        ];
        let nodes = cases.map(|(keys, expected)| {
            (format!("{{ name = \"a\", {keys} }}"), format!(".toml: node a: expected {expected}"))
        });
        let nameless = ".toml: expected a net in TOML, found: missing field `name`";
        let nameless = (r#"{ op = "relu" }"#.to_owned(), nameless.to_owned());
        for (node, expected) in nodes.into_iter().chain([nameless]) {
            let net = parsed(&format!("input = [2, 5, 5]\nnode = [{node}]"));
            let error = net.expect_err(&expected).to_string();
            assert!(error.contains(&expected) && !error.contains('\n'), "{error}");
        }
    }
}
