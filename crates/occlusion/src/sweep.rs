//! The occluder at one position after the other.

use crate::engine::{Engine, OccludedOutputs};
use crate::maps::{PositionValues, SensitivityMaps};
use crate::occluder::Occluder;
use crate::target::SensitivityTarget;
use core_net::{Net, Region, Trace};
use std::ops::Range;
use tensor::{Tensor, argmax, crop, to_f64s};

/// The three maps, in one sweep.
///
/// **Shape** image `[1, c, h, w]`, of the net's scalar type.
///
/// **Paper** §4.2, Fig. 7.
///
/// # Panics
/// As [`Sweep::new`].
pub fn sensitivity_maps(
    net: &Net,
    image: &Tensor,
    occluder: &Occluder,
    target: SensitivityTarget,
    engine: Engine,
) -> SensitivityMaps {
    let mut sweep = Sweep::new(net, image, occluder, target, engine);
    while sweep.advance() {}
    sweep.into_maps()
}

/// A sweep in steps: each [`Sweep::advance`] computes some more positions.
pub struct Sweep<'a> {
    net: &'a Net,
    trace: Trace,
    target: SensitivityTarget,
    engine: Engine,
    fill: Tensor,
    regions: Vec<Region>,
    /// Positions down and across.
    size: [usize; 2],
    values: PositionValues,
}

impl<'a> Sweep<'a> {
    /// Before the first position.
    ///
    /// # Panics
    /// If the image is not one, or of another shape or scalar type than the net; if the occluder has no side or stride;
    /// if there is no such node, feature map or class.
    pub fn new(
        net: &'a Net,
        image: &Tensor,
        occluder: &Occluder,
        target: SensitivityTarget,
        engine: Engine,
    ) -> Self {
        let trace = net.forward(image);
        let &[1, _, h, w] = image.dims() else {
            panic!("occlusion: expected one image, got {:?}", image.dims())
        };
        let (channels, classes) = (trace.activation(target.node).dims()[1], trace.output().elem_count());
        let exists = target.channel < channels && target.class < classes;
        assert!(exists, "occlusion: {target:?} among {channels} feature maps and {classes} classes");
        let fill = occluder.fill.over(image);
        let (regions, size) = (occluder.regions([h, w]), occluder.positions([h, w]));
        Self { net, trace, target, engine, fill, regions, size, values: PositionValues::default() }
    }

    /// Only these positions, numbered row by row, for [`Sweep::into_values`]: the values are those of the whole sweep, to the last bit.
    ///
    /// # Panics
    /// If positions were computed already, or the range exceeds them.
    pub fn over(mut self, positions: Range<usize>) -> Self {
        assert_eq!(self.done(), 0, "over: expected a sweep before its first position");
        self.regions = self.regions[positions].to_vec();
        self
    }

    /// Computes some more positions; false where none was left.
    pub fn advance(&mut self) -> bool {
        let left = &self.regions[self.done()..];
        if left.is_empty() {
            return false;
        }
        let hidden = &left[..self.engine.positions_at_once(self.net, self.target.node, left)];
        let patch = |region: &Region| {
            (*region, crop(&self.fill, region.top, region.left, [region.height, region.width]))
        };
        let patches: Vec<(Region, Tensor)> = hidden.iter().map(patch).collect();
        let OccludedOutputs { activity, output } =
            self.engine.outputs(self.net, &self.trace, &patches, self.target);
        let probabilities = self.net.probabilities(&output);
        let classes = probabilities.dims()[1];
        self.values.activity.extend(activity);
        self.values.class.extend(argmax(&output.flatten_from(1).expect("a row for each image")));
        let of_class = to_f64s(&probabilities).into_iter().skip(self.target.class).step_by(classes);
        self.values.probability.extend(of_class);
        true
    }

    /// Positions computed so far.
    pub fn done(&self) -> usize {
        self.values.class.len()
    }

    /// All positions that it is to compute.
    pub fn positions(&self) -> usize {
        self.regions.len()
    }

    /// The maps, after [`Sweep::advance`] returned false.
    ///
    /// # Panics
    /// If positions were left out or not yet computed.
    pub fn into_maps(self) -> SensitivityMaps {
        SensitivityMaps::from_values(self.size, self.values)
    }

    /// The values computed so far.
    pub fn into_values(self) -> PositionValues {
        self.values
    }
}
