//! Mean pooling and its adjoint.

use super::Pool;
use super::axis::Axis;
use super::separable::Phases;
use crate::by_type;
use crate::planes::{dims, share};
use crate::real::Real;
use crate::slices::{tensor_of, with_slice};
use candle_core::Tensor;
use pulp::Arch;

/// What a window's mean is divided by where the window reaches beyond the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// The pixels alone.
    Pixels,
    /// Pixels and padding; what a rounded-up window sees beyond the padding never counts.
    Padding,
}

/// The mean of each window, as a sum across each row and then down, divided by what is counted.
///
/// **Shape** x `[n, c, h, w]`; the result is `[n, c, oh, ow]`.
///
/// # Panics
/// If the window does not fit.
pub fn mean_pool(x: &Tensor, pool: &Pool, counted: Counted) -> Tensor {
    let [n, c, h, w] = dims("mean_pool", x);
    let [down, across] = pool.windows("mean_pool", [h, w]);
    let size = down.output * across.output;
    by_type!(x, T => {
        let counts = counts::<T>(down, across, counted);
        let mut y = vec![T::default(); n * c * size];
        with_slice::<T, _>(x, |x| {
            share(&mut y, size, |first, y| {
                let planes = &x[first * h * w..][..y.len() / size * h * w];
                Arch::new().dispatch(#[inline(always)] || means(planes, down, across, &counts, y));
            });
        });
        tensor_of(y, &[n, c, down.output, across.output])
    })
}

/// The adjoint of mean pooling: each value is spread evenly over its window's pixels.
///
/// **Shape** signal `[n, c, oh, ow]`; the result is `[n, c, h, w]`, where `input` is `[h, w]`.
///
/// # Panics
/// If the signal is not of the pooled size.
pub fn mean_pool_gradient(signal: &Tensor, input: [usize; 2], pool: &Pool, counted: Counted) -> Tensor {
    let [n, c, oh, ow] = dims("mean_pool_gradient", signal);
    let [down, across] = pool.windows("mean_pool_gradient", input);
    assert_eq!([oh, ow], [down.output, across.output], "mean_pool_gradient: signal, with input {input:?}");
    let size = input[0] * input[1];
    by_type!(signal, T => {
        let counts = counts::<T>(down, across, counted);
        let mut x = vec![T::default(); n * c * size];
        with_slice::<T, _>(signal, |signal| {
            share(&mut x, size, |first, x| {
                let signal = &signal[first * oh * ow..][..x.len() / size * oh * ow];
                spread(signal, down, across, &counts, x);
            });
        });
        tensor_of(x, &[n, c, input[0], input[1]])
    })
}

/// What each window of a plane is divided by.
fn counts<T: Real>(down: Axis, across: Axis, counted: Counted) -> Vec<T> {
    let count = |axis: Axis, o| match counted {
        Counted::Pixels => axis.pixels(o).count(),
        Counted::Padding => axis.pixels_and_padding(o),
    };
    let row: Vec<usize> = (0..across.output).map(|o| count(across, o)).collect();
    (0..down.output).flat_map(|o| row.iter().map(move |c| T::from((c * count(down, o)) as f32))).collect()
}

#[inline(always)]
fn means<T: Real>(planes: &[T], down: Axis, across: Axis, counts: &[T], y: &mut [T]) {
    let width = across.output;
    let mut phases = Phases::new(across, T::default());
    let mut rows = vec![T::default(); down.input * width];
    let planes = planes.chunks_exact(down.input * across.input);
    for (plane, y) in planes.zip(y.chunks_exact_mut(down.output * width)) {
        for (row, sum) in plane.chunks_exact(across.input).zip(rows.chunks_exact_mut(width)) {
            phases.split(row);
            sum.copy_from_slice(phases.tap(0));
            (1..across.kernel).for_each(|k| add(sum, phases.tap(k)));
        }
        for (o, (sum, counts)) in y.chunks_exact_mut(width).zip(counts.chunks_exact(width)).enumerate() {
            sum.fill(T::default());
            down.pixels(o).for_each(|row| add(sum, &rows[row * width..][..width]));
            sum.iter_mut().zip(counts).for_each(|(sum, &count)| *sum /= count);
        }
    }
}

#[inline(always)]
fn add<T: Real>(sum: &mut [T], terms: &[T]) {
    sum.iter_mut().zip(terms).for_each(|(sum, &term)| *sum += term);
}

fn spread<T: Real>(signal: &[T], down: Axis, across: Axis, counts: &[T], x: &mut [T]) {
    let maps = signal.chunks_exact(down.output * across.output);
    for (signal, x) in maps.zip(x.chunks_exact_mut(down.input * across.input)) {
        for (at, (&s, &count)) in signal.iter().zip(counts).enumerate() {
            let share = s / count;
            for row in down.pixels(at / across.output) {
                across.pixels(at % across.output).for_each(|column| x[row * across.input + column] += share);
            }
        }
    }
}
