//! Unpooling: each value of a pooled map goes back to its switch.

use crate::by_type;
use crate::device::{self, done, is_elsewhere};
use crate::planes::{dims, share};
use crate::real::Real;
use crate::slices::{tensor_of, with_slice};
use candle_core::{DType, Tensor};

/// The value of a pixel that is the switch of several overlapping windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpool {
    /// The sum of their values: the adjoint of max pooling.
    Sum,
    /// The value of the last window in row-major order.
    Overwrite,
}

/// Places each value of the signal at its switch; every other pixel is 0.
///
/// **Shape** signal and switches `[n, c, oh, ow]`; the result is `[n, c, h, w]`.
/// **Paper** Zeiler & Fergus 2013, §2.1.
///
/// # Panics
/// If the shapes differ, the switches are not u32, or one lies outside the plane.
pub fn unpool(signal: &Tensor, switches: &Tensor, input: [usize; 2], unpool: Unpool) -> Tensor {
    let [n, c, oh, ow] = dims("unpool", signal);
    assert_eq!(signal.dims(), switches.dims(), "unpool: signal and switches");
    assert_eq!(switches.dtype(), DType::U32, "unpool: switches");
    let [h, w] = input;
    if unpool == Unpool::Sum && is_elsewhere(&[signal]) {
        return done("unpool", device::unpool(signal, switches, input));
    }
    by_type!(signal, T => {
        let mut x = vec![T::default(); n * c * h * w];
        with_slice::<T, _>(signal, |signal| with_slice::<u32, _>(switches, |switches| {
            share(&mut x, h * w, |first, x| {
                let (signal, switches) = (&signal[first * oh * ow..], &switches[first * oh * ow..]);
                let maps = signal.chunks_exact(oh * ow).zip(switches.chunks_exact(oh * ow));
                for (x, (signal, switches)) in x.chunks_exact_mut(h * w).zip(maps) {
                    place(signal, switches, x, unpool);
                }
            });
        }));
        tensor_of(x, &[n, c, h, w])
    })
}

fn place<T: Real>(signal: &[T], switches: &[u32], x: &mut [T], unpool: Unpool) {
    // Fresh memory that is read before it is written costs a page fault more.
    x.fill(T::default());
    for (&s, &at) in signal.iter().zip(switches) {
        let size = x.len();
        let Some(pixel) = x.get_mut(at as usize) else { panic!("unpool: switch {at} in a plane of {size}") };
        match unpool {
            Unpool::Sum => *pixel += s,
            Unpool::Overwrite => *pixel = s,
        }
    }
}
