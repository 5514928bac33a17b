//! Local response normalization across channels, with its true derivative.

use crate::by_type;
use crate::planes::{dims, share};
use crate::real::Real;
use crate::slices::{same_type, tensor_of, with_slice};
use candle_core::Tensor;
use pulp::Arch;
use std::ops::Range;

/// `b = a / (κ + α/size · Σ a²)^β`, the sum over neighboring channels at the same pixel; channels beyond the ends are 0.
///
/// **Paper** Krizhevsky, Sutskever & Hinton 2012, §3.3, whose α is `alpha / size` here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ResponseNorm {
    /// Channels in a sum: `size / 2` before the channel itself and `(size − 1) / 2` after it.
    pub size: usize,
    /// α, the weight of the mean square.
    pub alpha: f64,
    /// β, the exponent.
    pub beta: f64,
    /// κ, the constant that keeps the divisor away from 0.
    pub kappa: f64,
}

/// The responses, each divided by a power of its neighbors' energy.
///
/// **Shape** x `[n, c, h, w]`, and so is the result.
///
/// # Panics
/// If x has another rank, or the size is 0.
pub fn response_norm(x: &Tensor, norm: &ResponseNorm) -> Tensor {
    let [_, c, h, w] = dims("response_norm", x);
    assert!(norm.size > 0, "response_norm: {norm:?}");
    by_type!(x, T => {
        let mut y = vec![T::default(); x.elem_count()];
        with_slice::<T, _>(x, |x| share(&mut y, h * w, |first, y| {
            let stack = Stack { scalars: x, channels: c, plane: h * w };
            Arch::new().dispatch(#[inline(always)] || normalize(stack, norm, first, y));
        }));
        tensor_of(y, x.dims())
    })
}

/// The signal carried back through [`response_norm`] at x.
///
/// With `d = κ + α/size · Σ a²` it is `s_j d_j^−β − 2αβ/size · a_j Σ_i s_i a_i d_i^(−β−1)`, over the i whose sum holds j.
///
/// # Panics
/// If shapes or scalar types differ, or the size is 0.
pub fn response_norm_gradient(signal: &Tensor, x: &Tensor, norm: &ResponseNorm) -> Tensor {
    same_type("response_norm_gradient", &[signal, x]);
    assert_eq!(signal.dims(), x.dims(), "response_norm_gradient: shapes differ");
    let [_, c, h, w] = dims("response_norm_gradient", x);
    assert!(norm.size > 0, "response_norm_gradient: {norm:?}");
    by_type!(x, T => {
        let image = c * h * w;
        let mut result = vec![T::default(); x.elem_count()];
        with_slice::<T, _>(signal, |signal| with_slice::<T, _>(x, |x| share(&mut result, image, |first, result| {
            let (mut direct, mut mutual) = (vec![T::default(); image], vec![T::default(); image]);
            let images = x[first * image..].chunks_exact(image).zip(signal[first * image..].chunks_exact(image));
            Arch::new().dispatch(#[inline(always)] || for ((x, signal), result) in images.zip(result.chunks_exact_mut(image)) {
                let x = Stack::new(x, c);
                terms(x, Stack::new(signal, c), norm, (&mut direct, &mut mutual));
                gather(x, (Stack::new(&direct, c), Stack::new(&mutual, c)), norm, result);
            });
        })));
        tensor_of(result, x.dims())
    })
}

/// The planes of a batch, one after the other.
#[derive(Clone, Copy)]
struct Stack<'a, T> {
    scalars: &'a [T],
    channels: usize,
    plane: usize,
}

impl<'a, T> Stack<'a, T> {
    /// The planes of one image.
    fn new(scalars: &'a [T], channels: usize) -> Self {
        Self { scalars, channels, plane: scalars.len() / channels }
    }

    #[inline(always)]
    fn plane(&self, index: usize) -> &'a [T] {
        &self.scalars[index * self.plane..][..self.plane]
    }

    /// The planes of the same image from `before` channels before this one to `after` channels after it.
    fn neighbors(&self, index: usize, before: usize, after: usize) -> Range<usize> {
        let (channel, image) = (index % self.channels, index - index % self.channels);
        image + channel.saturating_sub(before)..image + self.channels.min(channel + after + 1)
    }
}

impl ResponseNorm {
    fn before(&self) -> usize {
        self.size / 2
    }

    fn after(&self) -> usize {
        (self.size - 1) / 2
    }

    /// `κ + α/size · Σ a²` over the channels around plane `index`.
    #[inline(always)]
    fn energy<T: Real>(&self, x: Stack<T>, index: usize, energy: &mut [T]) {
        let (kappa, weight) = (T::from_f64(self.kappa), T::from_f64(self.alpha / self.size as f64));
        energy.fill(T::default());
        for neighbor in x.neighbors(index, self.before(), self.after()) {
            energy.iter_mut().zip(x.plane(neighbor)).for_each(|(sum, &a)| *sum += a * a);
        }
        energy.iter_mut().for_each(|sum| *sum = kappa + weight * *sum);
    }
}

#[inline(always)]
fn normalize<T: Real>(x: Stack<T>, norm: &ResponseNorm, first: usize, y: &mut [T]) {
    for (index, y) in (first..).zip(y.chunks_exact_mut(x.plane)) {
        norm.energy(x, index, y);
        damp(y, norm.beta);
        y.iter_mut().zip(x.plane(index)).for_each(|(y, &a)| *y = a * *y);
    }
}

/// Each energy to the power of −β.
#[inline(always)]
fn damp<T: Real>(energies: &mut [T], beta: f64) {
    let one = T::from(1.0f32);
    if beta == 0.75 {
        // A cube of the fourth root takes two square roots, which fill registers; a power does not.
        energies.iter_mut().for_each(|d| *d = one / (d.sqrt() * d.sqrt().sqrt()));
    } else {
        let exponent = T::from_f64(-beta);
        energies.iter_mut().for_each(|d| *d = d.powf(exponent));
    }
}

/// `s d^−β` and `s a d^(−β−1)` of each pixel.
#[inline(always)]
fn terms<T: Real>(
    x: Stack<T>,
    signal: Stack<T>,
    norm: &ResponseNorm,
    (direct, mutual): (&mut [T], &mut [T]),
) {
    let planes = direct.chunks_exact_mut(x.plane).zip(mutual.chunks_exact_mut(x.plane));
    for (index, (direct, mutual)) in planes.enumerate() {
        norm.energy(x, index, mutual);
        direct.copy_from_slice(mutual);
        damp(direct, norm.beta);
        let pixels = x.plane(index).iter().zip(signal.plane(index));
        for ((direct, mutual), (&a, &s)) in direct.iter_mut().zip(mutual).zip(pixels) {
            *direct *= s;
            *mutual = *direct * a / *mutual;
        }
    }
}

#[inline(always)]
fn gather<T: Real>(
    x: Stack<T>,
    (direct, mutual): (Stack<T>, Stack<T>),
    norm: &ResponseNorm,
    result: &mut [T],
) {
    let weight = T::from_f64(2.0 * norm.alpha * norm.beta / norm.size as f64);
    for (index, result) in result.chunks_exact_mut(x.plane).enumerate() {
        result.fill(T::default());
        for neighbor in mutual.neighbors(index, norm.after(), norm.before()) {
            result.iter_mut().zip(mutual.plane(neighbor)).for_each(|(sum, &term)| *sum += term);
        }
        let pixels = direct.plane(index).iter().zip(x.plane(index));
        result.iter_mut().zip(pixels).for_each(|(sum, (&direct, &a))| *sum = direct - weight * a * *sum);
    }
}
