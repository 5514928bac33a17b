//! Transformations of an image by increasing amounts: translation, scale, rotation.

use lab::{Run, Size};
use unit_analysis::Transformation::{self, Rotation, Scale, Translation};

/// A kind of transformation and how far it goes.
#[derive(Clone, Copy, Debug)]
pub struct TransformationSweep {
    /// The varied quantity with its unit.
    pub name: &'static str,
    /// Title of the pictures, and their amount.
    pub shown: (&'static str, f64),
    /// Its least and largest amount, and the step between amounts.
    range: [f64; 2],
    step: f64,
    make: fn(f64) -> Transformation,
}

/// The paper's three, over the ranges of its figure.
pub const SWEEPS: [TransformationSweep; 3] = [
    TransformationSweep {
        name: "vertical translation (pixels)",
        shown: ("translated by 30 pixels", 30.0),
        range: [-60.0, 60.0],
        step: 2.0,
        make: Translation,
    },
    TransformationSweep {
        name: "scale (ratio)",
        shown: ("enlarged by 1.4", 1.4),
        range: [1.0, 1.8],
        step: 0.025,
        make: Scale,
    },
    TransformationSweep {
        name: "rotation (degrees)",
        shown: ("turned by 45°", 45.0),
        range: [0.0, 360.0],
        step: 5.0,
        make: Rotation,
    },
];

impl TransformationSweep {
    /// The amounts in ascending order; at smoke size few of them.
    pub fn amounts(&self, run: &Run) -> Vec<f64> {
        let [low, high] = self.range;
        let step = if run.size() == Size::Smoke { (high - low) / 4.0 } else { self.step };
        let steps = ((high - low) / step).round() as usize;
        (0..=steps).map(|i| low + i as f64 * step).collect()
    }

    /// The transformation of this amount.
    pub fn by(&self, amount: f64) -> Transformation {
        (self.make)(amount)
    }
}
