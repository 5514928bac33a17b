//! Sensitivity maps at some of the occluder's positions, and joined over all.

use crate::job::F64Bits;
use occlusion::{PositionValues, SensitivityMaps};
use serde::{Deserialize, Serialize};

/// Sensitivity at some positions, row by row.
#[derive(Deserialize, Serialize)]
pub struct PartialMaps {
    /// The image's name.
    pub name: String,
    pub watched_class: usize,
    pub channel: usize,
    /// The classes' probabilities without the occluder.
    pub clean: Vec<F64Bits>,
    pub activity: Vec<F64Bits>,
    pub probability: Vec<F64Bits>,
    pub class: Vec<usize>,
}

/// The maps of all positions from those of some, in order.
pub fn joined(size: [usize; 2], part: &[PartialMaps]) -> SensitivityMaps {
    let all = |of: fn(&PartialMaps) -> &[F64Bits]| {
        part.iter().flat_map(|part| F64Bits::numbers(of(part))).collect()
    };
    let values = PositionValues {
        activity: all(|part| &part.activity),
        probability: all(|part| &part.probability),
        class: part.iter().flat_map(|part| part.class.iter().copied()).collect(),
    };
    SensitivityMaps::from_values(size, values)
}
