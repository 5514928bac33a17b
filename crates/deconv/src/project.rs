//! Projections of activations to pixels.

use crate::rule::Deconv;
use crate::unit::{Seed, SeedValue, Unit, index_in, seed_of_value};
use core_net::{Net, Region, Rule, Trace, pull_back, pull_back_within};
use rayon::prelude::*;
use tensor::{Tensor, Unpool, by_type, crop, tensor_of, with_slice};

/// The projection of one unit: a patch of pixels, and where in the image it lies.
#[derive(Clone, Debug)]
pub struct Projection {
    /// **Shape** `[1, c, h, w]`, the region's size
    pub pixels: Tensor,
    /// The unit's receptive field, clipped to the image.
    pub region: Region,
}

impl Deconv {
    /// The projection of the seed, multiplied by its activations, to the pixels, for every image of the trace.
    ///
    /// **Shape** as the images.
    ///
    /// **Paper** Zeiler & Fergus 2013, §2.1.
    ///
    /// # Panics
    /// If there is no such node, map or unit.
    pub fn project(self, net: &Net, trace: &Trace, node: usize, from: Seed) -> Tensor {
        self.project_value(net, trace, node, from, SeedValue::Activation)
    }

    /// The projection of a signal of this value at the seed.
    ///
    /// With [`SeedValue::One`] and [`Method::Gradient`](crate::Method::Gradient), the derivative of the sum of the seed's activations.
    ///
    /// **Shape** as the images.
    ///
    /// # Panics
    /// If there is no such node, map or unit.
    pub fn project_value(
        self,
        net: &Net,
        trace: &Trace,
        node: usize,
        from: Seed,
        value: SeedValue,
    ) -> Tensor {
        pull_back(net, trace, node, seed_of_value(trace, node, from, value), self.rule())
    }

    /// The projection of one unit for each of these images, `(image, unit)`.
    ///
    /// The same values as [`Deconv::project`] of that unit, computed within its receptive field only.
    ///
    /// # Panics
    /// If there is no such image, node or unit.
    pub fn project_units(
        self,
        net: &Net,
        trace: &Trace,
        node: usize,
        units: &[(usize, Unit)],
    ) -> Vec<Projection> {
        let one = |&(image, unit): &(usize, Unit)| {
            let trace = trace.image(image);
            match self.unpool {
                Unpool::Sum => within_field(net, &trace, node, unit, self.rule()),
                // Windows beyond the receptive field may overwrite what lies in it.
                Unpool::Overwrite => self.cut_out(net, &trace, node, unit),
            }
        };
        units.par_iter().map(one).collect()
    }

    /// The whole projection of a unit, cropped to its receptive field.
    fn cut_out(self, net: &Net, trace: &Trace, node: usize, unit: Unit) -> Projection {
        let pixels = self.project(net, trace, node, Seed::Units(&[unit]));
        let region = net.region_seen(node, Region::unit(unit.at[0], unit.at[1]));
        let pixels = if pixels.rank() == 4 {
            crop(&pixels, region.top, region.left, [region.height, region.width])
        } else {
            pixels
        };
        Projection { pixels, region }
    }
}

fn within_field(net: &Net, trace: &Trace, node: usize, unit: Unit, rule: Rule) -> Projection {
    let activation = trace.activation(node);
    let index = index_in(activation.dims(), unit);
    let mut shape = activation.dims().to_vec();
    shape.iter_mut().skip(2).for_each(|side| *side = 1);
    let signal = by_type!(activation, T => {
        let mut only = vec![T::default(); shape[1]];
        only[unit.channel] = with_slice::<T, _>(activation, |scalars| scalars[index]);
        tensor_of(only, &shape)
    });
    let (pixels, region) =
        pull_back_within(net, trace, node, &signal, Region::unit(unit.at[0], unit.at[1]), rule);
    Projection { pixels, region }
}
