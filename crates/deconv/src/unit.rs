//! Units of a layer, and the signals in which only they are not 0.

use core_net::Trace;
use tensor::{Tensor, by_type, tensor_of, with_slice};

/// One place of one feature map; of a layer without space, such as a dense one, the place is `[0, 0]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The feature map.
    pub channel: usize,
    /// Row and column.
    pub at: [usize; 2],
}

/// Which activations are projected; all others are set to zero.
#[derive(Clone, Copy, Debug)]
pub enum Seed<'a> {
    /// Every activation of the layer.
    Layer,
    /// A whole feature map.
    Map(usize),
    /// These units.
    Units(&'a [Unit]),
}

/// The signal at each seeded unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SeedValue {
    /// Its activation, as in the paper: projections are multiplied by it, and a negative one turns their sign.
    #[default]
    Activation,
    /// 1: with [`Method::Gradient`](crate::Method::Gradient), the projection is the derivative of the unit's activation.
    One,
}

/// The layer's activation with zeros wherever the seed does not reach.
///
/// **Shape** as the node's activation.
///
/// # Panics
/// If the layer has no such map or unit.
pub fn seed(trace: &Trace, node: usize, seed: Seed) -> Tensor {
    seed_of_value(trace, node, seed, SeedValue::Activation)
}

/// A signal with this value at the seeded units, and 0 elsewhere.
pub(crate) fn seed_of_value(trace: &Trace, node: usize, seed: Seed, value: SeedValue) -> Tensor {
    let activation = trace.activation(node);
    by_type!(activation, T => {
        let kept = with_slice::<T, _>(activation, |scalars| {
            let mut kept = vec![T::default(); scalars.len()];
            for index in seed.indices(activation.dims()) {
                kept[index] = match value {
                    SeedValue::Activation => scalars[index],
                    SeedValue::One => 1.0,
                };
            }
            kept
        });
        tensor_of(kept, activation.dims())
    })
}

/// The strongest unit of a feature map for one image of the batch, with its activation; ties take the first, NaN comes last.
///
/// # Panics
/// If there is no such image, node or map.
pub fn strongest(trace: &Trace, node: usize, image: usize, channel: usize) -> (Unit, f64) {
    let activation = trace.activation(node);
    let (channels, [_, width], size) = planes(activation.dims());
    assert!(channel < channels, "strongest: expected a map below {channels}, got {channel}");
    by_type!(activation, T => with_slice::<T, _>(activation, |scalars| {
        let plane = &scalars[(image * channels + channel) * size..][..size];
        let best = (1..size).fold(0, |best, i| {
            if plane[i] > plane[best] || plane[best].is_nan() { i } else { best }
        });
        (Unit { channel, at: [best / width, best % width] }, plane[best].into())
    }))
}

impl Seed<'_> {
    /// The flat indices of what is kept, in every image of the batch.
    fn indices(self, dims: &[usize]) -> Vec<usize> {
        let (channels, _, size) = planes(dims);
        let of_one: Vec<usize> = match self {
            Seed::Layer => (0..channels * size).collect(),
            Seed::Map(channel) => {
                let first = index_in(dims, Unit { channel, at: [0, 0] });
                (first..first + size).collect()
            }
            Seed::Units(units) => units.iter().map(|&unit| index_in(dims, unit)).collect(),
        };
        (0..dims[0]).flat_map(|image| of_one.iter().map(move |i| image * channels * size + i)).collect()
    }
}

/// The flat index of a unit of the first image.
pub(crate) fn index_in(dims: &[usize], Unit { channel, at: [y, x] }: Unit) -> usize {
    let (channels, [height, width], size) = planes(dims);
    assert!(
        channel < channels && y < height && x < width,
        "seed: expected a unit within {channels} maps of {height} × {width}, got map {channel} at {y}, {x}"
    );
    channel * size + y * width + x
}

/// Maps, height and width of one, and their product; of a vector each unit is a map.
pub(crate) fn planes(dims: &[usize]) -> (usize, [usize; 2], usize) {
    match *dims {
        [_, channels] => (channels, [1, 1], 1),
        [_, channels, height, width] => (channels, [height, width], height * width),
        _ => panic!("expected feature maps or a vector, got {dims:?}"),
    }
}
