//! Max pooling with switches: the position of each maximum.

use super::Pool;
use super::axis::Axis;
use super::max::stays;
use super::phases::Phases;
use crate::by_type;
use crate::device::{self, done, is_elsewhere};
use crate::planes::{dims, share_pair};
use crate::real::Real;
use crate::slices::{tensor_of, with_slice};
use candle_core::Tensor;
use pulp::Arch;

/// The largest value of each window and its switch, its position in the plane. Ties take the first in row-major order.
///
/// **Shape** x `[n, c, h, w]`; both results are `[n, c, oh, ow]`, the switches of type u32.
/// **Range/units** a switch is `row · w + column` in the plane without its padding.
/// **Paper** Zeiler & Fergus 2013, §2.1.
///
/// # Panics
/// If the window does not fit.
pub fn max_pool_with_switches(x: &Tensor, pool: &Pool) -> (Tensor, Tensor) {
    let [n, c, h, w] = dims("max_pool_with_switches", x);
    let axes = pool.windows("max_pool_with_switches", [h, w]);
    let [oh, ow] = axes.map(|axis| axis.output);
    if is_elsewhere(&[x]) {
        return done("max_pool_with_switches", device::max_pool_with_switches(x, pool, [oh, ow]));
    }
    by_type!(x, T => {
        let (mut y, mut switches) = (vec![T::default(); n * c * oh * ow], vec![0u32; n * c * oh * ow]);
        with_slice::<T, _>(x, |x| share_pair((&mut y, &mut switches), oh * ow, |first, y, switches| {
            let mut buffers = SwitchBuffers::new(axes);
            let planes = x[first * h * w..].chunks_exact(h * w);
            let results = y.chunks_exact_mut(oh * ow).zip(switches.chunks_exact_mut(oh * ow));
            Arch::new().dispatch(#[inline(always)] || for (x, (y, switches)) in planes.zip(results) {
                buffers.find_switches(x, y, switches);
            });
        }));
        (tensor_of(y, &[n, c, oh, ow]), tensor_of(switches, &[n, c, oh, ow]))
    })
}

/// Buffers for the maxima of one plane after the other.
///
/// A place is an offset in the plane from the window's first tap; where that tap lies in the padding, it may be one that no pixel has.
struct SwitchBuffers<T> {
    phases: Phases<T>,
    rows: Maxima<T>,
    windows: Maxima<T>,
    /// The place of each window's first pixel, for windows of nothing but −∞.
    first: Vec<u32>,
    /// The switch that place 0 of each window stands for, modulo 2³².
    origin: Vec<u32>,
}

struct Maxima<T> {
    values: Vec<T>,
    places: Vec<u32>,
}

impl<T: Real> Maxima<T> {
    fn new(size: usize) -> Self {
        Self { values: vec![T::from(f32::NEG_INFINITY); size], places: vec![0; size] }
    }
}

impl<T: Real> SwitchBuffers<T> {
    fn new([down, across]: [Axis; 2]) -> Self {
        let phases = Phases::new([down, across], T::from(f32::NEG_INFINITY));
        let rows = Maxima::new(down.stride * phases.height * phases.width);
        let size = (down.output - 1) * phases.width + across.output;
        let each = |place: &dyn Fn(usize, usize) -> usize| {
            let at = |i: usize| place(i / phases.width, (i % phases.width).min(across.output - 1)) as u32;
            (0..size).map(at).collect()
        };
        let first_tap =
            |axis: Axis, o| axis.first_pixel(o).expect("every window sees a pixel") * axis.dilation;
        let first = each(&|i, j| first_tap(down, i) * across.input + first_tap(across, j));
        let origin = each(&|i, j| {
            let row = (i * down.stride).wrapping_sub(down.before);
            row.wrapping_mul(across.input).wrapping_add(j * across.stride).wrapping_sub(across.before)
        });
        Self { phases, rows, windows: Maxima::new(size), first, origin }
    }

    #[inline(always)]
    fn find_switches(&mut self, plane: &[T], y: &mut [T], switches: &mut [u32]) {
        self.phases.split(plane);
        self.maxima_across();
        self.maxima_down();
        let (width, output) = (self.phases.width, self.phases.across.output);
        let windows = self.windows.values.chunks(width).zip(self.windows.places.chunks(width));
        let results = y.chunks_exact_mut(output).zip(switches.chunks_exact_mut(output));
        for (((values, places), origin), (y, switches)) in windows.zip(self.origin.chunks(width)).zip(results)
        {
            y.copy_from_slice(&values[..output]);
            for ((switch, &place), &origin) in switches.iter_mut().zip(places).zip(origin) {
                *switch = origin.wrapping_add(place);
            }
        }
    }

    #[inline(always)]
    fn maxima_across(&mut self) {
        let Self { phases, rows, .. } = self;
        let (size, run) = (phases.height * phases.width, phases.run());
        for phase in 0..phases.down.stride {
            let values = &mut rows.values[phase * size..][..run];
            let places = &mut rows.places[phase * size..][..run];
            values.copy_from_slice(phases.tap(phase, 0));
            places.fill(0);
            for k in 1..phases.across.kernel {
                let place = (k * phases.across.dilation) as u32;
                raise_across(values, places, phases.tap(phase, k), place);
            }
        }
    }

    #[inline(always)]
    fn maxima_down(&mut self) {
        let Self { phases, rows, windows, first, .. } = self;
        let size = windows.values.len();
        windows.values.fill(T::from(f32::NEG_INFINITY));
        windows.places.copy_from_slice(first);
        for k in 0..phases.down.kernel {
            let (phase, place) = phases.down.tap(k);
            let from = (phase * phases.height + place) * phases.width;
            let stood = &rows.places[from..from + size];
            let row = (k * phases.down.dilation * phases.across.input) as u32;
            let values = &rows.values[from..from + size];
            raise_down(&mut windows.values, &mut windows.places, (values, stood), row);
        }
    }
}

/// Raises maxima to later values where these are larger; those stood at `place`.
#[inline(always)]
fn raise_across<T: Real>(best: &mut [T], places: &mut [u32], values: &[T], place: u32) {
    for ((best, at), &value) in best.iter_mut().zip(places).zip(values) {
        let stays = stays(*best, value);
        *best = if stays { *best } else { value };
        *at = if stays { *at } else { place };
    }
}

/// Raises maxima to later values where these are larger; those stood `row` after the places given.
#[inline(always)]
fn raise_down<T: Real>(best: &mut [T], places: &mut [u32], (values, stood): (&[T], &[u32]), row: u32) {
    for (((best, at), &value), &stood) in best.iter_mut().zip(places).zip(values).zip(stood) {
        let stays = stays(*best, value);
        *best = if stays { *best } else { value };
        *at = if stays { *at } else { stood + row };
    }
}
