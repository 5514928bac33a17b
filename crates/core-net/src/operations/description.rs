//! Keys of operations in TOML, and how they become an operation.

use super::Op;
use crate::shape::{Misfit, element_count, misfit};
use serde::Deserialize;
use serde::de::Error;
use tensor::{Tensor, tensor_of};
use toml::Table;

/// The most scalars of one parameter, 4 GiB of f32: more is an error in the description.
const LARGEST_PARAMETER: usize = 1 << 30;

/// An operation as TOML describes it.
#[derive(Clone)]
pub(crate) struct Description {
    /// What `op` is in TOML.
    pub kind: &'static str,
    /// The other keys of instances for tests, with and without what is optional.
    pub(super) examples: Vec<String>,
    read: Read,
}

/// The operation with these keys on an input of this shape, parameters 0.
type Read = fn(Table, &[usize]) -> Result<Op, KeyError>;

/// Why keys do not make an operation.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) enum KeyError {
    /// They are not the operation's keys.
    Keys(#[from] toml::de::Error),
    /// A parameter is too large.
    Misfit(#[from] Misfit),
}

impl Description {
    /// The kind that `op` names, the other keys of some examples, and how they are read.
    pub fn new(kind: &'static str, examples: &[impl AsRef<str>], read: Read) -> Self {
        Self { kind, examples: examples.iter().map(|keys| keys.as_ref().into()).collect(), read }
    }
}

/// The operation that `op` and the other keys describe, on an input of this shape, parameters 0.
pub(crate) fn described(mut keys: Table, input: &[usize]) -> Result<Op, KeyError> {
    let kind = keys.remove("op").ok_or_else(|| toml::de::Error::missing_field("op"))?;
    let kind: String = kind.try_into()?;
    let descriptions = Op::descriptions();
    if let Some(description) = descriptions.iter().find(|description| description.kind == kind) {
        return (description.read)(keys, input);
    }
    let kinds: Vec<String> = descriptions.iter().map(|known| format!("`{}`", known.kind)).collect();
    let message = format!("unknown variant `{kind}`, expected one of {}", kinds.join(", "));
    Err(toml::de::Error::custom(message).into())
}

/// An operation that has no keys.
pub(crate) fn without_keys(keys: Table, operation: Op) -> Result<Op, KeyError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Keys {}
    let Keys {} = keys.try_into()?;
    Ok(operation)
}

/// Rows and columns, of 16 bits: no sum or product of a few of them overflows.
#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
pub(crate) enum Size {
    Both(u16),
    Each([u16; 2]),
}

/// Rows and columns at the borders.
#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
pub(crate) enum Padding {
    All(u16),
    RowsColumns([u16; 2]),
    Sides([u16; 4]),
}

impl Default for Size {
    fn default() -> Self {
        Size::Both(1)
    }
}

impl Default for Padding {
    fn default() -> Self {
        Padding::All(0)
    }
}

impl From<Size> for [usize; 2] {
    fn from(size: Size) -> Self {
        match size {
            Size::Both(side) => [side.into(); 2],
            Size::Each(sides) => sides.map(usize::from),
        }
    }
}

impl From<Padding> for [usize; 4] {
    fn from(padding: Padding) -> Self {
        match padding {
            Padding::All(side) => [side.into(); 4],
            Padding::RowsColumns([rows, columns]) => [rows, columns, rows, columns].map(usize::from),
            Padding::Sides(sides) => sides.map(usize::from),
        }
    }
}

/// One zero, seen at every place: a description takes no memory until weights fill it.
pub(crate) fn zeros(shape: &[usize]) -> Result<Tensor, Misfit> {
    if element_count(shape).is_none_or(|count| count > LARGEST_PARAMETER) {
        return misfit(format!("parameters of at most {LARGEST_PARAMETER} scalars"), format!("{shape:?}"));
    }
    Ok(tensor_of(vec![0.0f32], &[]).broadcast_as(shape).expect("a scalar fits every shape"))
}
