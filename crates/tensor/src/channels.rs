//! Concatenation along the channels, and its adjoint.

use crate::by_type;
use crate::device::{self, done, is_elsewhere};
use crate::planes::share;
use crate::slices::{same_type, tensor_of, with_slice};
use candle_core::Tensor;

/// The tensors concatenated along the channels.
///
/// **Shape** each `[n, cᵢ, …]`; the result is `[n, Σ cᵢ, …]`.
///
/// # Panics
/// If there is none, or shapes (but for the channels) or scalar types differ.
pub fn concat(maps: &[&Tensor]) -> Tensor {
    same_type("concat", maps);
    let mut shape = maps[0].dims().to_vec();
    let rest = |t: &Tensor| [&t.dims()[..1], &t.dims()[2..]].concat();
    maps.iter().for_each(|m| assert_eq!(rest(m), rest(maps[0]), "concat: all but the channels"));
    if is_elsewhere(maps) {
        return done("concat", device::concat(maps));
    }
    shape[1] = maps.iter().map(|m| m.dims()[1]).sum();
    by_type!(maps[0], T => {
        let mut joined = vec![T::default(); shape.iter().product()];
        let image = joined.len() / shape[0];
        let mut from = 0;
        for map in maps {
            let size = map.elem_count() / shape[0];
            with_slice::<T, _>(map, |map| share(&mut joined, image, |first, joined| {
                for (image, map) in joined.chunks_exact_mut(image).zip(map[first * size..].chunks_exact(size)) {
                    image[from..from + size].copy_from_slice(map);
                }
            }));
            from += size;
        }
        tensor_of(joined, &shape)
    })
}

/// The adjoint of [`concat()`]: the signal split along the channels.
///
/// **Shape** signal `[n, Σ cᵢ, …]`; the results are `[n, cᵢ, …]`.
///
/// # Panics
/// If the channels do not sum to the signal's.
pub fn split(signal: &Tensor, channels: &[usize]) -> Vec<Tensor> {
    assert_eq!(signal.dims()[1], channels.iter().sum::<usize>(), "split: channels of {:?}", signal.dims());
    let mut first = 0;
    let parts = channels.iter().map(|&c| {
        let part =
            signal.narrow(1, first, c).and_then(|part| part.contiguous()).expect("channels of the signal");
        first += c;
        part
    });
    parts.collect()
}
