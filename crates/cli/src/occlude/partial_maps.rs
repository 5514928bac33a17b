//! A map at some of the occluder's positions, and joined over all.

use super::explained::Scale;
use crate::job::F64Bits;
use serde::{Deserialize, Serialize};

/// The map of an image at some positions, row by row.
#[derive(Deserialize, Serialize)]
pub struct PartialMap {
    /// The image's name.
    pub name: String,
    /// The class, or the feature map, that is measured.
    pub number: usize,
    /// How a class is measured.
    pub scale: Option<Scale>,
    /// The class's probability without the occluder.
    pub probability: F64Bits,
    /// The value without the occluder.
    pub before: F64Bits,
    pub values: Vec<F64Bits>,
}

/// The values at all positions from those at some, in order.
pub fn joined(parts: &[PartialMap]) -> Vec<f64> {
    parts.iter().flat_map(|part| F64Bits::numbers(&part.values)).collect()
}
