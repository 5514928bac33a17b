//! ZCA whitening: the symmetric linear map that makes patches' pixels uncorrelated.

use tensor::{View, matmul};

/// `P = (C + εI)^(−1/2)` of the patches' covariance C, about their mean.
#[derive(Clone, Debug)]
pub(crate) struct Whitening {
    /// **Shape** `[d, d]`, symmetric
    pub transform: Vec<f64>,
    /// ε
    added: f64,
}

/// Rounds of the iteration: each takes the smallest eigenvalue up by a factor of about 9/4 until it is near 1.
const MOST_ROUNDS: usize = 60;

/// How near to the identity `A P²` must come.
const TOLERANCE: f64 = 1e-9;

impl Whitening {
    /// The map for patches of this covariance; `epsilon` is a share of the mean variance.
    ///
    /// The root is found by the coupled iteration of Newton and Schulz, which needs products alone:
    /// `Y ← Y T, Z ← T Z` with `T = (3I − Z Y) / 2` takes Y to the root of what it began at and Z to its inverse.
    ///
    /// **Shape** covariance `[d, d]`
    ///
    /// **Paper** Higham 2008, *Functions of Matrices*, §6.7
    pub fn from_covariance(covariance: &[f64], d: usize, epsilon: f64) -> Self {
        let mean_variance = (0..d).map(|i| covariance[i * d + i]).sum::<f64>() / d as f64;
        let mut y = covariance.to_vec();
        let added = (epsilon * mean_variance).max(f64::MIN_POSITIVE);
        (0..d).for_each(|i| y[i * d + i] += added);
        let scale = y.iter().map(|v| v * v).sum::<f64>().sqrt();
        y.iter_mut().for_each(|v| *v /= scale);
        let mut z = identity(d);
        for _ in 0..MOST_ROUNDS {
            let mut t = product(&z, &y, d);
            let off = t.iter().zip(identity(d)).map(|(t, i)| (t - i).abs()).fold(0.0, f64::max);
            if off < TOLERANCE {
                break;
            }
            t.iter_mut().zip(identity(d)).for_each(|(t, i)| *t = 1.5 * i - 0.5 * *t);
            (y, z) = (product(&y, &t, d), product(&t, &z, d));
        }
        z.iter_mut().for_each(|v| *v /= scale.sqrt());
        Self { transform: z, added }
    }

    /// The whitened patches' covariance, `P C P = I − ε P²`: near 1 where there was variance, near 0 where there was none.
    ///
    /// **Shape** `[d, d]`, symmetric
    pub fn whitened_covariance(&self) -> Vec<f64> {
        let d = self.transform.len().isqrt();
        let squared = product(&self.transform, &self.transform, d);
        identity(d).iter().zip(squared).map(|(i, p)| i - self.added * p).collect()
    }
}

fn identity(d: usize) -> Vec<f64> {
    (0..d * d).map(|i| f64::from(u8::from(i / d == i % d))).collect()
}

fn product(a: &[f64], b: &[f64], d: usize) -> Vec<f64> {
    matmul(View::new(a, d, d), View::new(b, d, d))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::{DType, seeded, to_f64s, uniform};

    #[test]
    fn whitened_patches_have_the_identity_as_covariance() {
        let d = 12;
        let a = to_f64s(&uniform(&mut seeded(1, "mixing"), &[d, d], 1.0, DType::F64));
        let covariance = matmul(View::new(&a, d, d), View::new(&a, d, d).transposed());
        let p = Whitening::from_covariance(&covariance, d, 0.0).transform;
        let whitened = product(&product(&p, &covariance, d), &p, d);
        let off = whitened.iter().zip(identity(d)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(off < 1e-6, "{off}");
    }

    #[test]
    fn epsilon_keeps_directions_without_variance_from_being_blown_up() {
        let covariance = [4.0, 0.0, 0.0, 0.0];
        let p = Whitening::from_covariance(&covariance, 2, 0.5).transform;
        let expected = [1.0 / 5f64.sqrt(), 0.0, 0.0, 1.0];
        assert!(p.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{p:?}");
        let left = Whitening::from_covariance(&covariance, 2, 0.5).whitened_covariance();
        assert!(left.iter().zip([0.8, 0.0, 0.0, 0.0]).all(|(a, b)| (a - b).abs() < 1e-6), "{left:?}");
    }
}
