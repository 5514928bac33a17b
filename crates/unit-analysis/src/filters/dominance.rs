//! Dominance: how evenly a layer's weight is spread over its filters.

use tensor::{Tensor, to_f64s};

/// The root mean squares of a layer's filters.
///
/// **Paper** Zeiler & Fergus 2013, §3: "a few of them dominate. To combat this, we renormalize each filter in the convolutional layers whose RMS value exceeds a fixed radius of 10⁻¹ to this fixed radius."
#[derive(Clone, Debug, PartialEq)]
pub struct Dominance {
    /// Of each filter.
    pub rms: Vec<f64>,
}

/// Distance to the radius, relatively, up to which a filter counts as limited by it.
const NEAR: f64 = 1e-3;

impl Dominance {
    /// **Shape** weight `[filters, …]`
    pub fn from_weight(weight: &Tensor) -> Self {
        let scalars: usize = weight.dims()[1..].iter().product();
        let rms = |filter: &[f64]| (filter.iter().map(|w| w * w).sum::<f64>() / scalars as f64).sqrt();
        Self { rms: to_f64s(weight).chunks_exact(scalars).map(rms).collect() }
    }

    /// The effective number of filters: all where all are equal, 1 where only one is not 0.
    ///
    /// **Range** 0, of zeros alone, to the number of filters: the participation ratio `(Σ s)² / Σ s²` of the squares s.
    pub fn carriers(&self) -> f64 {
        let squares: Vec<f64> = self.rms.iter().map(|rms| rms * rms).collect();
        let [sum, of_squares] = [1, 2].map(|power| squares.iter().map(|s| s.powi(power)).sum::<f64>());
        if of_squares > 0.0 { sum * sum / of_squares } else { 0.0 }
    }

    /// Number of filters whose root mean square exceeds the median filter's by this factor.
    pub fn dominating(&self, times: f64) -> usize {
        let limit = times * median(&self.rms);
        self.rms.iter().filter(|rms| **rms > limit).count()
    }

    /// Number of filters that a radius limits: those that reach it to within a thousandth.
    pub fn limited_by(&self, radius: f64) -> usize {
        self.rms.iter().filter(|rms| **rms >= (1.0 - NEAR) * radius).count()
    }
}

/// The value in the middle, of an even number the lower one; 0 of none.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or(0.0)
}
