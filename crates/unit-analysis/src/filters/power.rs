//! The power spectrum of a plane.

use std::f64::consts::TAU;

/// The discrete Fourier transform of real planes of one size.
pub(super) struct Fourier {
    rows: Roots,
    columns: Roots,
}

/// Cosines and sines of `2π i j / n`, `[n, n]`.
struct Roots {
    n: usize,
    cosines: Vec<f64>,
    sines: Vec<f64>,
}

impl Fourier {
    /// Of planes of this height and width.
    pub fn new([height, width]: [usize; 2]) -> Self {
        Self { rows: Roots::new(height), columns: Roots::new(width) }
    }

    /// `|ŷ(u, v)|²` of the plane y, not normalized.
    ///
    /// **Shape** plane and result `[h, w]`
    pub fn power(&self, plane: &[f64]) -> Vec<f64> {
        let (height, width) = (self.rows.n, self.columns.n);
        let [mut real, mut imaginary] = [(); 2].map(|()| vec![0.0; height * width]);
        let is_empty = |line: &[f64]| line.iter().all(|value| *value == 0.0);
        for (y, line) in plane.chunks_exact(width).enumerate().filter(|(_, line)| !is_empty(line)) {
            let [re, im] = self.line(line);
            for u in 0..height {
                let (cosine, sine) = (self.rows.cosines[u * height + y], self.rows.sines[u * height + y]);
                let places = u * width..(u + 1) * width;
                let sums = real[places.clone()].iter_mut().zip(&mut imaginary[places]);
                for ((real, imaginary), (re, im)) in sums.zip(re.iter().zip(&im)) {
                    *real += re * cosine - im * sine;
                    *imaginary += re * sine + im * cosine;
                }
            }
        }
        real.iter().zip(&imaginary).map(|(re, im)| re * re + im * im).collect()
    }

    /// The transform of one row: real and imaginary parts.
    fn line(&self, line: &[f64]) -> [Vec<f64>; 2] {
        let width = self.columns.n;
        let [mut real, mut imaginary] = [(); 2].map(|()| vec![0.0; width]);
        for (x, &value) in line.iter().enumerate() {
            let roots = x * width..(x + 1) * width;
            let roots = self.columns.cosines[roots.clone()].iter().zip(&self.columns.sines[roots]);
            for ((real, imaginary), (cosine, sine)) in real.iter_mut().zip(&mut imaginary).zip(roots) {
                *real += value * cosine;
                *imaginary += value * sine;
            }
        }
        [real, imaginary]
    }
}

impl Roots {
    fn new(n: usize) -> Self {
        let angle = |index: usize| TAU * (index / n * (index % n) % n) as f64 / n as f64;
        let of = |function: fn(f64) -> f64| (0..n * n).map(|index| function(angle(index))).collect();
        Self { n, cosines: of(f64::cos), sines: of(f64::sin) }
    }
}

/// The frequency of this index of a transform of length n, as a part of the highest, π.
///
/// **Range** `[0, 1]`
pub(super) fn frequency(index: usize, n: usize) -> f64 {
    2.0 * index.min(n - index) as f64 / n as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;
    use tensor::seeded;

    /// The slow twin: the definition.
    fn by_definition(plane: &[f64], [height, width]: [usize; 2]) -> Vec<f64> {
        let at = |index: usize| {
            let (u, v) = (index / width, index % width);
            let (mut re, mut im) = (0.0, 0.0);
            for (place, value) in plane.iter().enumerate() {
                let (y, x) = (place / width, place % width);
                let angle = TAU * ((u * y) as f64 / height as f64 + (v * x) as f64 / width as f64);
                re += value * angle.cos();
                im -= value * angle.sin();
            }
            re * re + im * im
        };
        (0..height * width).map(at).collect()
    }

    #[test]
    fn the_power_is_that_of_the_definition_and_adds_up_to_that_of_the_plane() {
        let mut rng = seeded(1, "plane");
        for size in [[1, 1], [4, 4], [5, 8], [6, 3]] {
            let mut plane: Vec<f64> = (0..size[0] * size[1]).map(|_| rng.random_range(-1.0..1.0)).collect();
            plane[..size[1]].fill(0.0);
            let power = Fourier::new(size).power(&plane);
            for (fast, slow) in power.iter().zip(by_definition(&plane, size)) {
                assert!((fast - slow).abs() < 1e-9, "{fast} {slow}");
            }
            let squares: f64 = plane.iter().map(|value| value * value).sum();
            assert!((power.iter().sum::<f64>() - squares * plane.len() as f64).abs() < 1e-9);
        }
    }

    #[test]
    fn the_highest_frequency_is_in_the_middle() {
        assert_eq!([0, 1, 2, 3, 4, 7].map(|index| frequency(index, 8)), [0.0, 0.25, 0.5, 0.75, 1.0, 0.25]);
    }
}
