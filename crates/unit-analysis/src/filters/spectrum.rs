//! Frequency content of filters.

use super::power::{Fourier, frequency};
use tensor::{Tensor, to_f64s};

/// A third of the frequencies from 0 to the highest that pixels can show, π radians a pixel.
///
/// Unlike the paper, which names bands without their bounds. A frequency in both directions is as high as its length, up to √2 π.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Band {
    /// Below π/3: six pixels or more from crest to crest, and plain color.
    Low,
    /// From π/3 to 2π/3: down to three pixels.
    Middle,
    /// Above 2π/3.
    High,
}

/// The power of one filter, added over its channels, by frequency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spectrum {
    /// The parts of the power in the low, the middle and the high band; of a filter of zeros, 0.
    pub shares: [f64; 3],
    /// The frequency of the largest power, as a part of π.
    ///
    /// **Range** 0 to √2
    pub peak: f64,
}

/// Minimum number of frequencies along each axis; filters are padded with zeros.
const GRID: usize = 64;

/// The spectrum of each filter.
///
/// **Shape** weight `[filters, channels, h, w]`
///
/// **Paper** Zeiler & Fergus 2013, §4.1: "a mix of extremely high and low frequency information, with little coverage of the mid frequencies".
///
/// # Panics
/// If the weight has another rank.
pub fn spectra(weight: &Tensor) -> Vec<Spectrum> {
    let &[_, _, height, width] = weight.dims() else {
        panic!("spectra: expected filters [n, c, h, w], got {:?}", weight.dims())
    };
    let filter: usize = weight.dims()[1..].iter().product();
    let side = GRID.max(2 * height.max(width));
    let fourier = Fourier::new([side; 2]);
    let spectrum = |filter: &[f64]| {
        let mut power = vec![0.0; side * side];
        for channel in filter.chunks_exact(height * width) {
            let of_channel = fourier.power(&padded(channel, width, side));
            power.iter_mut().zip(of_channel).for_each(|(sum, part)| *sum += part);
        }
        Spectrum::from_power(&power, side)
    };
    to_f64s(weight).chunks_exact(filter).map(spectrum).collect()
}

/// The plane in the corner of a square of zeros.
fn padded(plane: &[f64], width: usize, side: usize) -> Vec<f64> {
    let mut square = vec![0.0; side * side];
    for (line, onto) in plane.chunks_exact(width).zip(square.chunks_exact_mut(side)) {
        onto[..width].copy_from_slice(line);
    }
    square
}

impl Band {
    /// The band of this frequency, as a part of π.
    pub fn from_frequency(frequency: f64) -> Band {
        match frequency {
            f if f < 1.0 / 3.0 => Band::Low,
            f if f <= 2.0 / 3.0 => Band::Middle,
            _ => Band::High,
        }
    }
}

impl Spectrum {
    /// The flat spectrum of a filter of a single pixel: the bands' shares of the plane.
    pub fn even() -> Spectrum {
        Spectrum::from_power(&vec![1.0; GRID * GRID], GRID)
    }

    /// The band of the largest power.
    pub fn band(&self) -> Band {
        Band::from_frequency(self.peak)
    }

    /// **Shape** power `[side, side]`
    fn from_power(power: &[f64], side: usize) -> Spectrum {
        let mut shares = [0.0; 3];
        let (mut peak, mut strongest) = (0.0, 0.0);
        for (index, &power) in power.iter().enumerate() {
            let length = f64::hypot(frequency(index / side, side), frequency(index % side, side));
            shares[Band::from_frequency(length) as usize] += power;
            if power > strongest {
                (peak, strongest) = (length, power);
            }
        }
        let whole = shares.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        Spectrum { shares: shares.map(|share| share / whole), peak }
    }
}
