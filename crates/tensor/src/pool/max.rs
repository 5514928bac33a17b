//! Max pooling, with and without the switches that remember where each maximum stood.

use super::Pool;
use super::axis::Axis;
use super::separable::Phases;
use crate::by_type;
use crate::planes::{dims, share, share_pair};
use crate::real::Real;
use crate::slices::{tensor_of, with_slice};
use candle_core::Tensor;
use pulp::Arch;

/// The largest value of each window; a window that holds a NaN gives NaN.
///
/// **Shape** x `[n, c, h, w]`; the result is `[n, c, oh, ow]`.
///
/// # Panics
/// If the window does not fit.
pub fn max_pool(x: &Tensor, pool: &Pool) -> Tensor {
    let [n, c, h, w] = dims("max_pool", x);
    let [down, across] = pool.windows("max_pool", [h, w]);
    let size = down.output * across.output;
    by_type!(x, T => {
        let mut y = vec![T::default(); n * c * size];
        with_slice::<T, _>(x, |x| {
            share(&mut y, size, |first, y| {
                let planes = &x[first * h * w..][..y.len() / size * h * w];
                Arch::new().dispatch(#[inline(always)] || maxima(planes, down, across, y));
            });
        });
        tensor_of(y, &[n, c, down.output, across.output])
    })
}

/// The largest value of each window and its switch: where in the plane it stood. Ties take the first in row-major order.
///
/// **Shape** x `[n, c, h, w]`; both results are `[n, c, oh, ow]`, the switches of type u32.
/// **Range/units** a switch is `row · w + column` in the plane without its padding.
/// **Paper** Zeiler & Fergus 2013, §2.1.
///
/// # Panics
/// If the window does not fit.
pub fn max_pool_with_switches(x: &Tensor, pool: &Pool) -> (Tensor, Tensor) {
    let [n, c, h, w] = dims("max_pool_with_switches", x);
    let [down, across] = pool.windows("max_pool_with_switches", [h, w]);
    let size = down.output * across.output;
    let shape = [n, c, down.output, across.output];
    by_type!(x, T => {
        let (mut y, mut switches) = (vec![T::default(); n * c * size], vec![0u32; n * c * size]);
        with_slice::<T, _>(x, |x| {
            share_pair((&mut y, &mut switches), size, |first, y, switches| {
                let planes = &x[first * h * w..][..y.len() / size * h * w];
                Arch::new().dispatch(#[inline(always)] || maxima_and_switches(planes, down, across, (y, switches)));
            });
        });
        (tensor_of(y, &shape), tensor_of(switches, &shape))
    })
}

#[inline(always)]
fn maxima<T: Real>(planes: &[T], down: Axis, across: Axis, y: &mut [T]) {
    let width = across.output;
    let mut phases = Phases::new(across, T::from(f32::NEG_INFINITY));
    let mut rows = vec![T::default(); down.input * width];
    let planes = planes.chunks_exact(down.input * across.input);
    for (plane, y) in planes.zip(y.chunks_exact_mut(down.output * width)) {
        for (row, best) in plane.chunks_exact(across.input).zip(rows.chunks_exact_mut(width)) {
            phases.split(row);
            best.copy_from_slice(phases.tap(0));
            (1..across.kernel).for_each(|k| raise(best, phases.tap(k)));
        }
        for (o, best) in y.chunks_exact_mut(width).enumerate() {
            best.fill(T::from(f32::NEG_INFINITY));
            down.pixels(o).for_each(|row| raise(best, &rows[row * width..][..width]));
        }
    }
}

#[inline(always)]
fn raise<T: Real>(best: &mut [T], values: &[T]) {
    for (best, &value) in best.iter_mut().zip(values) {
        *best = if stays(*best, value) { *best } else { value };
    }
}

/// Whether the maximum so far remains beside a later value: it is no smaller, or not a number.
#[inline(always)]
fn stays<T: Real>(best: T, value: T) -> bool {
    best >= value || best.is_nan()
}

#[inline(always)]
fn maxima_and_switches<T: Real>(
    planes: &[T],
    down: Axis,
    across: Axis,
    (y, switches): (&mut [T], &mut [u32]),
) {
    let width = across.output;
    let mut phases = Phases::new(across, T::from(f32::NEG_INFINITY));
    let mut rows = vec![T::default(); down.input * width];
    let mut columns = vec![0u32; down.input * width];
    let first: Vec<u32> = (0..width).filter_map(|o| across.pixels(o).next()).map(|at| at as u32).collect();
    let planes = planes.chunks_exact(down.input * across.input);
    let size = down.output * width;
    for ((plane, y), switches) in planes.zip(y.chunks_exact_mut(size)).zip(switches.chunks_exact_mut(size)) {
        let found = rows.chunks_exact_mut(width).zip(columns.chunks_exact_mut(width));
        for ((r, row), (best, at)) in plane.chunks_exact(across.input).enumerate().zip(found) {
            phases.split(row);
            best.fill(T::from(f32::NEG_INFINITY));
            at.iter_mut().zip(&first).for_each(|(at, first)| *at = (r * across.input) as u32 + first);
            for k in 0..across.kernel {
                let start = (r * across.input + k * across.dilation).wrapping_sub(across.before);
                raise_across((best, at), phases.tap(k), start as u32, across.stride as u32);
            }
        }
        for (o, (best, at)) in y.chunks_exact_mut(width).zip(switches.chunks_exact_mut(width)).enumerate() {
            for (t, row) in down.pixels(o).enumerate() {
                let (values, stood) = (&rows[row * width..][..width], &columns[row * width..][..width]);
                if t == 0 {
                    best.copy_from_slice(values);
                    at.copy_from_slice(stood);
                } else {
                    raise_down((best, at), values, stood);
                }
            }
        }
    }
}

/// The windows' maxima and where they stood, against values that stand `stride` apart.
#[inline(always)]
fn raise_across<T: Real>((best, at): (&mut [T], &mut [u32]), values: &[T], start: u32, stride: u32) {
    for (o, ((best, at), &value)) in best.iter_mut().zip(at).zip(values).enumerate() {
        let stays = stays(*best, value);
        *best = if stays { *best } else { value };
        *at = if stays { *at } else { start.wrapping_add(o as u32 * stride) };
    }
}

#[inline(always)]
fn raise_down<T: Real>((best, at): (&mut [T], &mut [u32]), values: &[T], stood: &[u32]) {
    for (((best, at), &value), &stood) in best.iter_mut().zip(at).zip(values).zip(stood) {
        let stays = stays(*best, value);
        *best = if stays { *best } else { value };
        *at = if stays { *at } else { stood };
    }
}
