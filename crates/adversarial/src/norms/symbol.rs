//! The matrices A(ξ) into which the Fourier transform cuts a convolution of a grid without borders.

use std::f64::consts::TAU;
use tensor::{Conv, Tensor, View, matmul, to_f64s};

/// One group of a convolution's filters on a grid whose ends meet.
#[derive(Clone, Debug)]
pub(super) struct Symbol {
    /// **Shape** `[filters · channels, kernel elements]`
    weight: Vec<f64>,
    filters: usize,
    channels: usize,
    kernel: [usize; 2],
    dilation: [usize; 2],
    stride: [usize; 2],
    /// Rows and columns: multiples of the stride.
    grid: [usize; 2],
}

/// A(ξ) of one frequency as a real matrix: `[Re −Im; Im Re]`, which has its singular values, each twice.
pub(super) struct Frequency {
    pub scalars: Vec<f64>,
    pub rows: usize,
    pub columns: usize,
}

impl Frequency {
    /// The Frobenius norm of A(ξ), rounded up: each of its scalars stands here twice.
    pub fn frobenius(&self) -> f64 {
        let squares: f64 = self.scalars.iter().map(|s| s * s).sum();
        (0.5 * squares).sqrt() * (1.0 + 1e-9)
    }
}

impl Symbol {
    /// The symbol of each group of filters, on a grid of which the stride divides both sides.
    ///
    /// **Shape** weight `[filters, channels / groups, rows, columns]`.
    pub fn of_groups(weight: &Tensor, conv: &Conv, grid: [usize; 2]) -> Vec<Symbol> {
        let (filters, channels, rows, columns) = weight.dims4().expect("a convolution's weight");
        let scalars = to_f64s(weight);
        let symbol = |weight: &[f64]| Symbol {
            weight: weight.to_vec(),
            filters: filters / conv.groups,
            channels,
            kernel: [rows, columns],
            dilation: conv.dilation,
            stride: conv.stride,
            grid,
        };
        scalars.chunks_exact(scalars.len() / conv.groups).map(symbol).collect()
    }

    /// One frequency ξ of each pair that differ by their sign: the filters are real, so both have the same singular values.
    ///
    /// Along an axis on which the filter has one element, all frequencies are alike, and the first stands for them.
    pub fn frequencies(&self) -> Vec<[usize; 2]> {
        let [rows, columns] =
            [0, 1].map(|axis| if self.kernel[axis] == 1 { 1 } else { self.grid[axis] / self.stride[axis] });
        let all = (0..rows).flat_map(|row| (0..columns).map(move |column| [row, column]));
        all.filter(|&[row, column]| [row, column] <= [(rows - row) % rows, (columns - column) % columns])
            .collect()
    }

    /// A(ξ): a row for each filter, and columns for each channel at each frequency that the stride lays upon ξ.
    ///
    /// The element at filter d, channel c and alias l is `ŵ_{d,c}(ξ + l · grid / stride) / √(stride · stride)`,
    /// with the transform of the filter in a corner of the grid, without a factor of its own.
    pub fn at(&self, frequency: [usize; 2]) -> Frequency {
        let aliases = self.stride[0] * self.stride[1];
        let phases = self.phases(frequency);
        let elements = self.kernel[0] * self.kernel[1];
        let pairs = self.filters * self.channels;
        let transformed =
            matmul(View::new(&self.weight, pairs, elements), View::new(&phases, elements, 2 * aliases));
        let (rows, half) = (self.filters, self.channels * aliases);
        let mut scalars = vec![0.0; 4 * rows * half];
        for (pair, both) in transformed.chunks_exact(2 * aliases).enumerate() {
            let (row, column) = (pair / self.channels, pair % self.channels * aliases);
            let (real, imaginary) = both.split_at(aliases);
            for alias in 0..aliases {
                let (top, bottom) =
                    (row * 2 * half + column + alias, (rows + row) * 2 * half + column + alias);
                scalars[top] = real[alias];
                scalars[top + half] = -imaginary[alias];
                scalars[bottom] = imaginary[alias];
                scalars[bottom + half] = real[alias];
            }
        }
        Frequency { scalars, rows: 2 * rows, columns: 2 * half }
    }

    /// `exp(2πi (ξ + l · grid / stride) · place / grid) / √(stride · stride)` for each filter element and alias l: real parts, then imaginary parts.
    fn phases(&self, frequency: [usize; 2]) -> Vec<f64> {
        let [rows, columns] = self.kernel;
        let elements = (0..rows).flat_map(|y| (0..columns).map(move |x| [y, x]));
        let aliases: Vec<[usize; 2]> =
            (0..self.stride[0]).flat_map(|l| (0..self.stride[1]).map(move |m| [l, m])).collect();
        let scale = 1.0 / ((self.stride[0] * self.stride[1]) as f64).sqrt();
        let angle = |element: [usize; 2], alias: [usize; 2]| {
            let turns = [0, 1].map(|axis| {
                let frequency = frequency[axis] + alias[axis] * self.grid[axis] / self.stride[axis];
                // Whole turns are left out while the numbers are whole.
                let part = frequency * self.dilation[axis] * element[axis] % self.grid[axis];
                part as f64 / self.grid[axis] as f64
            });
            TAU * (turns[0] + turns[1])
        };
        let row = |element: [usize; 2]| {
            let angles: Vec<f64> = aliases.iter().map(|&alias| angle(element, alias)).collect();
            let scaled =
                |part: fn(f64) -> f64| angles.iter().map(|&angle| scale * part(angle)).collect::<Vec<f64>>();
            [scaled(f64::cos), scaled(f64::sin)].concat()
        };
        elements.flat_map(row).collect()
    }
}
