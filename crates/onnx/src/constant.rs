//! What is known before any image is seen: weights, and the shapes that exporters compute.

use crate::error::Fault;
use core_net::element_count;
use std::fmt::{self, Debug, Formatter};
use tensor::{Tensor, to_f64s};

/// A tensor that no image changes.
#[derive(Clone, Debug)]
pub(crate) enum Constant {
    Floats(Tensor),
    Integers { values: Vec<Size>, shape: Vec<usize> },
}

/// An integer, or the number of images, which is not known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    Batch,
    Known(i64),
}

impl Debug for Size {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Batch => f.write_str("batch"),
            Self::Known(value) => write!(f, "{value}"),
        }
    }
}

impl Constant {
    pub(crate) fn row(values: Vec<Size>) -> Self {
        Self::Integers { shape: vec![values.len()], values }
    }

    pub(crate) fn shape(&self) -> &[usize] {
        match self {
            Self::Floats(tensor) => tensor.dims(),
            Self::Integers { shape, .. } => shape,
        }
    }

    /// The weights; there is at least one.
    pub(crate) fn floats(&self) -> Result<&Tensor, Fault> {
        match self {
            Self::Floats(tensor) if tensor.elem_count() > 0 => Ok(tensor),
            other => Err(Fault::mismatch("a constant of floating-point numbers", other.describe())),
        }
    }

    /// The one floating-point number.
    pub(crate) fn scalar(&self) -> Result<f64, Fault> {
        match to_f64s(self.floats()?)[..] {
            [scalar] => Ok(scalar),
            _ => Err(Fault::mismatch("one number", self.describe())),
        }
    }

    pub(crate) fn sizes(&self) -> Result<&[Size], Fault> {
        match self {
            Self::Integers { values, .. } => Ok(values),
            Self::Floats(_) => Err(Fault::mismatch("a constant of integers", self.describe())),
        }
    }

    /// The integers, none of which depends on the number of images.
    pub(crate) fn integers(&self) -> Result<Vec<i64>, Fault> {
        let known = |size: &Size| match size {
            Size::Known(value) => Ok(*value),
            Size::Batch => Err(Fault::mismatch("integers that are fixed", "the number of images")),
        };
        self.sizes()?.iter().map(known).collect()
    }

    /// The same numbers in another shape.
    pub(crate) fn reshaped(&self, shape: Vec<usize>) -> Result<Self, Fault> {
        if element_count(&shape) != element_count(self.shape()) {
            let expected = format!("as many scalars as {}", self.describe());
            return Err(Fault::mismatch(expected, format!("{shape:?}")));
        }
        Ok(match self {
            Self::Floats(tensor) => Self::Floats(tensor.reshape(shape).expect("as many scalars")),
            Self::Integers { values, .. } => Self::Integers { values: values.clone(), shape },
        })
    }

    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Floats(tensor) => format!("floating-point numbers {:?}", tensor.dims()),
            Self::Integers { shape, .. } => format!("integers {shape:?}"),
        }
    }
}
