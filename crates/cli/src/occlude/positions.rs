//! What is left of an image at some of the occluder's positions, and at all.

use occlusion::{PositionValues, SensitivityMaps, SensitivityTarget};
use serde::{Deserialize, Serialize};

use crate::job::Exact;

/// What is left at some positions, row by row.
#[derive(Deserialize, Serialize)]
pub struct Seen {
    /// The image's name.
    pub name: String,
    pub watched_class: usize,
    pub channel: usize,
    /// The classes' probabilities without the occluder.
    pub clean: Vec<Exact>,
    activity: Vec<Exact>,
    probability: Vec<Exact>,
    class: Vec<usize>,
}

impl Seen {
    pub fn of(name: String, target: SensitivityTarget, clean: Vec<Exact>, values: PositionValues) -> Seen {
        let [activity, probability] = [values.activity, values.probability].map(|map| Exact::all(&map));
        Seen {
            name,
            watched_class: target.class,
            channel: target.channel,
            clean,
            activity,
            probability,
            class: values.class,
        }
    }
}

/// The maps of all positions from those of some, in order.
pub fn joined(size: [usize; 2], seen: &[Seen]) -> SensitivityMaps {
    let all = |of: fn(&Seen) -> &[Exact]| seen.iter().flat_map(|seen| Exact::numbers(of(seen))).collect();
    let values = PositionValues {
        activity: all(|seen| &seen.activity),
        probability: all(|seen| &seen.probability),
        class: seen.iter().flat_map(|seen| seen.class.iter().copied()).collect(),
    };
    SensitivityMaps::from_values(size, values)
}
