//! Local contrast normalization, subtractive then divisive, with its true derivative.

use crate::by_type;
use crate::planes::{dims, share};
use crate::real::{Real, ratio};
use crate::slices::{same_type, tensor_of, with_slice};
use candle_core::Tensor;

/// `v = x − Σ w x`, then `y = v / max(c, σ)` with `σ = √(Σ w v²)`.
///
/// The sums run over a Gaussian window and all channels alike: `Σ w x` is one plane, subtracted from every channel, and σ is one plane too.
/// The weights sum to 1; where the window reaches beyond the image they are scaled so that those inside do.
/// c is the mean of σ over the image, so that its faint places are not blown up; where both are 0, so is y.
/// Nothing keeps an image that is flat but for rounding from being blown up.
///
/// **Paper** Jarrett, Kavukcuoglu, Ranzato & LeCun 2009, §2, as used by Zeiler & Fergus 2013.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ContrastNorm {
    /// Height and width of the window: odd.
    pub size: usize,
    /// Standard deviation of the Gaussian window, in pixels.
    pub deviation: f64,
}

/// The contrast of each pixel to its neighborhood, in units of the neighborhood's deviation.
///
/// **Shape** x `[n, c, h, w]`, and so is the result.
///
/// # Panics
/// If x has another rank, the size is even, or the deviation is not positive.
pub fn contrast_norm(x: &Tensor, norm: &ContrastNorm) -> Tensor {
    let [_, c, h, w] = dims("contrast_norm", x);
    by_type!(x, T => {
        let window = Window::<T>::new(norm, [c, h, w]);
        let mut y = vec![T::default(); x.elem_count()];
        with_slice::<T, _>(x, |x| share(&mut y, c * h * w, |first, y| {
            let images = x[first * c * h * w..].chunks_exact(c * h * w);
            images.zip(y.chunks_exact_mut(c * h * w)).for_each(|(x, y)| window.normalize(x, y));
        }));
        tensor_of(y, x.dims())
    })
}

/// The signal carried back through [`contrast_norm`] at x, including the way of c.
///
/// Where σ is 0 its square root has no slope; the signal through it is taken as 0 there.
///
/// # Panics
/// If shapes or scalar types differ, the size is even, or the deviation is not positive.
pub fn contrast_norm_gradient(signal: &Tensor, x: &Tensor, norm: &ContrastNorm) -> Tensor {
    same_type("contrast_norm_gradient", &[signal, x]);
    assert_eq!(signal.dims(), x.dims(), "contrast_norm_gradient: shapes differ");
    let [_, c, h, w] = dims("contrast_norm_gradient", x);
    by_type!(x, T => {
        let window = Window::<T>::new(norm, [c, h, w]);
        let mut result = vec![T::default(); x.elem_count()];
        with_slice::<T, _>(signal, |signal| with_slice::<T, _>(x, |x| share(&mut result, c * h * w, |first, result| {
            let images = signal[first * c * h * w..].chunks_exact(c * h * w).zip(x[first * c * h * w..].chunks_exact(c * h * w));
            images.zip(result.chunks_exact_mut(c * h * w)).for_each(|((s, x), result)| window.pull_back(s, x, result));
        })));
        tensor_of(result, x.dims())
    })
}

/// The Gaussian window over planes of one size.
struct Window<T> {
    channels: usize,
    width: usize,
    /// One side of the separable window, not normalized.
    gaussian: Vec<T>,
    /// The sum of the weights inside the image, over all channels, at each pixel.
    total: Vec<T>,
}

/// An image halfway: `v`, σ, and `max(c, σ)`.
struct Contrast<T> {
    v: Vec<T>,
    sigma: Vec<T>,
    mean: T,
    divisor: Vec<T>,
}

impl<T: Real> Window<T> {
    fn new(norm: &ContrastNorm, [channels, height, width]: [usize; 3]) -> Self {
        let ContrastNorm { size, deviation } = *norm;
        let fits = size % 2 == 1 && deviation > 0.0;
        assert!(fits, "contrast norm: expected an odd size and a positive deviation, got {norm:?}");
        let weight = |at: usize| (-0.5 * ((at as f64 - (size / 2) as f64) / deviation).powi(2)).exp();
        let gaussian = (0..size).map(|at| T::from_f64(weight(at))).collect();
        let mut window = Self { channels, width, gaussian, total: Vec::new() };
        let all = T::from_f64(channels as f64);
        window.total =
            window.blur(&vec![T::from(1.0f32); height * width]).into_iter().map(|sum| sum * all).collect();
        window
    }

    fn normalize(&self, x: &[T], y: &mut [T]) {
        let contrast = self.contrast(x);
        for (y, v) in self.planes_mut(y).zip(self.planes(&contrast.v)) {
            y.iter_mut().zip(v).zip(&contrast.divisor).for_each(|((y, &v), &d)| *y = ratio(v, d));
        }
    }

    fn contrast(&self, x: &[T]) -> Contrast<T> {
        let local_mean = self.mean(x, |v| v);
        let mut v = x.to_vec();
        self.planes_mut(&mut v).for_each(|plane| subtract(plane, &local_mean));
        let sigma: Vec<T> = self.mean(&v, |v| v * v).into_iter().map(T::sqrt).collect();
        let mean = sum(&sigma) / T::from_f64(sigma.len() as f64);
        let divisor = sigma.iter().map(|&s| if s >= mean { s } else { mean }).collect();
        Contrast { v, sigma, mean, divisor }
    }

    /// `Σ w f(x)`: one plane.
    fn mean(&self, x: &[T], f: impl Fn(T) -> T) -> Vec<T> {
        let mut over_channels = vec![T::default(); self.total.len()];
        for plane in self.planes(x) {
            over_channels.iter_mut().zip(plane).for_each(|(sum, &v)| *sum += f(v));
        }
        let sums = self.blur(&over_channels);
        sums.iter().zip(&self.total).map(|(&sum, &total)| sum / total).collect()
    }

    /// The adjoint of the mean, in one channel; the others are alike.
    fn spread(&self, plane: &[T]) -> Vec<T> {
        let shares: Vec<T> = plane.iter().zip(&self.total).map(|(&s, &total)| s / total).collect();
        self.blur(&shares)
    }

    fn pull_back(&self, signal: &[T], x: &[T], result: &mut [T]) {
        let contrast = self.contrast(x);
        let to_squares = self.spread(&self.signal_of_variance(signal, &contrast));
        let planes = self.planes(signal).zip(self.planes(&contrast.v));
        for (result, (signal, v)) in self.planes_mut(result).zip(planes) {
            for (i, result) in result.iter_mut().enumerate() {
                *result = ratio(signal[i], contrast.divisor[i]) + (v[i] + v[i]) * to_squares[i];
            }
        }
        let mut over_channels = vec![T::default(); self.total.len()];
        for plane in self.planes(result) {
            over_channels.iter_mut().zip(plane).for_each(|(sum, &s)| *sum += s);
        }
        let to_mean = self.spread(&over_channels);
        self.planes_mut(result).for_each(|plane| subtract(plane, &to_mean));
    }

    /// What arrives at σ², through the divisor and through the mean of σ.
    fn signal_of_variance(&self, signal: &[T], contrast: &Contrast<T>) -> Vec<T> {
        let Contrast { v, sigma, mean, divisor } = contrast;
        let mut to_sigma = vec![T::default(); sigma.len()];
        for (s, v) in self.planes(signal).zip(self.planes(v)) {
            for (i, to_sigma) in to_sigma.iter_mut().enumerate() {
                *to_sigma -= ratio(s[i] * v[i], divisor[i] * divisor[i]);
            }
        }
        let faint = |i: usize| sigma[i] < *mean;
        let to_mean = (0..sigma.len()).filter(|&i| faint(i)).fold(T::default(), |sum, i| sum + to_sigma[i]);
        let from_mean = to_mean / T::from_f64(sigma.len() as f64);
        let own = |i: usize| if faint(i) { T::default() } else { to_sigma[i] };
        (0..sigma.len()).map(|i| ratio(own(i) + from_mean, sigma[i] + sigma[i])).collect()
    }

    /// The Gaussian across, then down, with nothing beyond the borders. It is its own adjoint.
    fn blur(&self, plane: &[T]) -> Vec<T> {
        let across = self.blur_along(plane, 1, |at| (at % self.width, self.width));
        self.blur_along(&across, self.width, |at| (at / self.width, plane.len() / self.width))
    }

    /// The Gaussian along one axis; `place` tells an index's place on the axis and the axis' length.
    fn blur_along(&self, plane: &[T], stride: usize, place: impl Fn(usize) -> (usize, usize)) -> Vec<T> {
        let reach = self.gaussian.len() / 2;
        let blurred = (0..plane.len()).map(|at| {
            let (place, length) = place(at);
            let from = place.saturating_sub(reach);
            let to = length.min(place + reach + 1);
            let weights = &self.gaussian[from + reach - place..];
            let values = (from..to).map(|p| plane[at + p * stride - place * stride]);
            weights.iter().zip(values).fold(T::default(), |sum, (&w, v)| sum + w * v)
        });
        blurred.collect()
    }

    fn planes<'a>(&self, image: &'a [T]) -> impl Iterator<Item = &'a [T]> {
        image.chunks_exact(image.len() / self.channels)
    }

    fn planes_mut<'a>(&self, image: &'a mut [T]) -> impl Iterator<Item = &'a mut [T]> {
        image.chunks_exact_mut(image.len() / self.channels)
    }
}

fn subtract<T: Real>(plane: &mut [T], other: &[T]) {
    plane.iter_mut().zip(other).for_each(|(v, &o)| *v -= o);
}

fn sum<T: Real>(plane: &[T]) -> T {
    plane.iter().fold(T::default(), |sum, &v| sum + v)
}
