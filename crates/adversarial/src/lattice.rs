//! Adversarial images that survive rounding: the last step of a search, on the lattice of 8-bit pixels.
//!
//! A small distortion moves most pixels by less than half a level, and rounding removes it.
//! For a linear net the cheapest change in whole levels is a rounded multiple of the slope: the k-th level of a pixel costs
//! 2k − 1 and gains |slope|, so that all levels with |slope| ≥ τ (2k − 1) are taken, which is `round(slope / 2τ)`.
//! The distortion found is rounded in the same way, at the smallest scale at which it survives;
//! then the net is linearized where that ends, and the multiple of its slope is tried that is just large enough.

use crate::criterion::Criterion;
use crate::distortion::root_mean_square;
use crate::min_distortion::lanes;
use crate::objective::{logit_slopes, logits_of};
use core_net::Net;
use tensor::DType;

/// The largest level of a pixel.
const WHITE: f64 = 255.0;
/// Scales of the distortion that are tried in ascending order.
const SCALES: [f64; 12] = [1.0, 1.15, 1.3, 1.5, 1.75, 2.0, 2.5, 3.2, 4.5, 7.0, 14.0, 40.0];
/// Bisections between the first scale that survives and the last that does not.
const BISECTIONS: usize = 3;
/// Linearizations after that.
const ROUNDS: usize = 4;
/// Shares by which the linearization's gain is exceeded, in ascending order.
const EXCESS: [f64; 6] = [0.0, 0.04, 0.1, 0.2, 0.4, 0.8];
/// The margin that must be left, as a share of the largest logit: another order of sums must not undo it.
const MARGIN: f64 = 1e-4;

/// An adversarial image of 8-bit pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct LatticePoint {
    /// The pixels' levels.
    pub levels: Vec<u8>,
    /// `√(Σ r² / n)` to the image before the attack.
    pub distortion: f64,
}

/// An adversarial image whose pixels are whole multiples of 1/255, as near to the original as was found.
///
/// None where no scale of the distortion survived rounding. No search could try all corners: it is not the nearest one.
///
/// **Shape** both images flattened, pixels in `[0, 1]`; the net takes one image of that many pixels.
///
/// Unlike the paper, which says nothing of rounding.
///
/// # Panics
/// If the shapes do not fit, or the criterion's class is none of the net's.
pub fn nearest_lattice_point(
    net: &Net,
    original: &[f64],
    adversarial: &[f64],
    criterion: Criterion,
    dtype: DType,
) -> Option<LatticePoint> {
    let r: Vec<f64> = adversarial.iter().zip(original).map(|(x, x0)| x - x0).collect();
    let search = LatticeSearch { net: net.to_dtype(dtype), original, criterion, dtype };
    let mut best = search.at_smallest_scale(&r)?;
    for _ in 0..ROUNDS {
        match search.relinearized(&best) {
            Some(next) if next.distortion < best.distortion => best = next,
            _ => break,
        }
    }
    Some(best)
}

struct LatticeSearch<'a> {
    net: Net,
    original: &'a [f64],
    criterion: Criterion,
    dtype: DType,
}

impl LatticeSearch<'_> {
    /// The distortion, rounded at the smallest scale that was found to survive.
    fn at_smallest_scale(&self, r: &[f64]) -> Option<LatticePoint> {
        let group = lanes(r.len()).min(4);
        let mut below = 0.0;
        let mut found = None;
        for scales in SCALES.chunks(group) {
            let points: Vec<LatticePoint> = scales.iter().map(|scale| self.rounded(r, *scale)).collect();
            let survives = self.survive(&points);
            if let Some(first) = survives.iter().position(|survives| *survives) {
                below = if first > 0 { scales[first - 1] } else { below };
                found = Some((scales[first], points.into_iter().nth(first)?));
                break;
            }
            below = *scales.last()?;
        }
        let (mut above, mut best) = found?;
        for _ in 0..BISECTIONS {
            if below < SCALES[0] {
                break;
            }
            let middle = 0.5 * (below + above);
            let point = self.rounded(r, middle);
            if self.survive(std::slice::from_ref(&point))[0] {
                (above, best) = (middle, point);
            } else {
                below = middle;
            }
        }
        Some(best)
    }

    /// The nearest lattice point by the linearization at this one, where it survives.
    fn relinearized(&self, at: &LatticePoint) -> Option<LatticePoint> {
        let x = pixels(&at.levels);
        let pair = |_: usize, logits: &[f64]| self.criterion.pair(logits);
        let answer = logit_slopes(&self.net, &[&x], pair, self.dtype).pop()?;
        let back: f64 = answer.slope.iter().zip(&x).zip(self.original).map(|((s, x), x0)| s * (x - x0)).sum();
        let needed = back - self.criterion.margin(&answer.logits) + least_margin(&answer.logits);
        EXCESS.iter().find_map(|excess| {
            let point = self.with_gain(&answer.slope, needed * (1.0 + excess))?;
            let is_nearer = point.distortion < at.distortion;
            (is_nearer && self.survive(std::slice::from_ref(&point))[0]).then_some(point)
        })
    }

    /// The smallest multiple of the slope whose rounded sum with the image has this gain.
    fn with_gain(&self, slope: &[f64], gain: f64) -> Option<LatticePoint> {
        let steepest = slope.iter().fold(0.0f64, |most, s| most.max(s.abs()));
        if !(steepest > 0.0 && steepest.is_finite() && gain.is_finite()) {
            return None;
        }
        let gain_of = |point: &LatticePoint| -> f64 {
            let change =
                point.levels.iter().zip(self.original).map(|(&level, x0)| f64::from(level) / WHITE - x0);
            slope.iter().zip(change).map(|(s, change)| s * change).sum()
        };
        // From less than a level of the steepest pixel to all pixels at their bounds.
        let (mut low, mut high) = ((0.1 / WHITE / steepest).ln(), (1e6 / steepest).ln());
        if gain_of(&self.rounded(slope, high.exp())) < gain {
            return None;
        }
        for _ in 0..40 {
            let middle = 0.5 * (low + high);
            let reaches = gain_of(&self.rounded(slope, middle.exp())) >= gain;
            *(if reaches { &mut high } else { &mut low }) = middle;
        }
        let point = self.rounded(slope, high.exp());
        let surplus = gain_of(&point) - gain;
        Some(self.without_surplus(point.levels, slope, surplus))
    }

    /// The levels that gain least for what they cost are taken back, as far as the surplus lets.
    fn without_surplus(&self, mut levels: Vec<u8>, slope: &[f64], mut surplus: f64) -> LatticePoint {
        let steps = |pixel: usize, levels: &[u8]| f64::from(levels[pixel]) - self.original[pixel] * WHITE;
        let worth = |pixel: usize| slope[pixel].abs() / (2.0 * steps(pixel, &levels).abs() - 1.0);
        let mut order: Vec<usize> = (0..levels.len()).filter(|&p| steps(p, &levels).abs() > 0.5).collect();
        order.sort_by(|&a, &b| worth(a).total_cmp(&worth(b)));
        for pixel in order {
            let gain = slope[pixel].abs() / WHITE;
            if gain > surplus {
                continue;
            }
            surplus -= gain;
            levels[pixel] = if steps(pixel, &levels) > 0.0 { levels[pixel] - 1 } else { levels[pixel] + 1 };
        }
        let distortion = root_mean_square(&pixels(&levels), self.original);
        LatticePoint { levels, distortion }
    }

    /// The image plus a multiple of a change, rounded.
    fn rounded(&self, change: &[f64], scale: f64) -> LatticePoint {
        let level = |(x0, r): (&f64, &f64)| ((x0 + scale * r) * WHITE).round().clamp(0.0, WHITE) as u8;
        let levels: Vec<u8> = self.original.iter().zip(change).map(level).collect();
        let distortion = root_mean_square(&pixels(&levels), self.original);
        LatticePoint { levels, distortion }
    }

    fn survive(&self, points: &[LatticePoint]) -> Vec<bool> {
        let points: Vec<Vec<f64>> = points.iter().map(|point| pixels(&point.levels)).collect();
        let points: Vec<&[f64]> = points.iter().map(Vec::as_slice).collect();
        let logits = logits_of(&self.net, &points, self.dtype);
        logits.iter().map(|logits| self.criterion.margin(logits) > least_margin(logits)).collect()
    }
}

fn least_margin(logits: &[f64]) -> f64 {
    MARGIN * logits.iter().fold(0.0, |most: f64, logit| most.max(logit.abs()))
}

fn pixels(levels: &[u8]) -> Vec<f64> {
    levels.iter().map(|&level| f64::from(level) / WHITE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_net::Builder;
    use tensor::tensor_of;

    /// Two classes, logits 0 and `weights · x + bias`.
    fn plane(weights: &[f64], bias: f64) -> Net {
        let n = weights.len();
        let rows = [vec![0.0; n], weights.to_vec()].concat();
        let bias = tensor_of(vec![0.0, bias], &[2]);
        Builder::new(&[n]).linear("fc", tensor_of(rows, &[2, n]), bias).build().unwrap()
    }

    #[test]
    fn of_few_pixels_the_point_is_the_nearest_of_all_that_are_adversarial() {
        // From (100, 100, 100) the plane 3x + 2y + z = 7.3 levels away: the cheapest whole changes by hand.
        let weights = [3.0, 2.0, 1.0];
        let original = [100.0 / 255.0; 3];
        let at: f64 = weights.iter().zip(&original).map(|(w, x)| w * x).sum();
        let net = plane(&weights, -at - 7.3 / 255.0);
        let squares: f64 = weights.iter().map(|w| w * w).sum();
        let nearest: Vec<f64> =
            weights.iter().zip(&original).map(|(w, x)| x + w * 7.4 / 255.0 / squares).collect();
        let found =
            nearest_lattice_point(&net, &original, &nearest, Criterion::Targeted(1), DType::F64).unwrap();
        let mut least = i32::MAX;
        for x in 0..5 {
            for y in 0..5 {
                for z in 0..8 {
                    if f64::from(3 * x + 2 * y + z) > 7.3 {
                        least = least.min(x * x + y * y + z * z);
                    }
                }
            }
        }
        let expected = f64::from(least).sqrt() / 255.0 / 3f64.sqrt();
        assert!((found.distortion - expected).abs() < 1e-12, "{found:?}, {expected}");
    }

    #[test]
    fn a_boundary_beyond_the_box_has_no_point() {
        let net = plane(&[1.0, 1.0], -3.0);
        let found =
            nearest_lattice_point(&net, &[0.2, 0.4], &[0.9, 1.0], Criterion::Misclassified(0), DType::F64);
        assert_eq!(found, None);
    }
}
