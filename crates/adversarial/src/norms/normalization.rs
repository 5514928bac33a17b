//! How far response normalization can stretch a change.

use tensor::ResponseNorm;

/// A Lipschitz constant of response normalization over this many channels; infinite where there is none.
///
/// With `d_i = κ + α/n Σ_{j∈S(i)} a_j²` the derivative of `a_i d_i^−β` is
/// `J_ij = d_i^−β δ_ij − 2β α/n a_i a_j d_i^(−β−1)` for j in the window S(i), and 0 elsewhere. It splits in two:
///
/// - The diagonal is `d_i^−β (1 − 2β t)` with `t = α/n a_i² / d_i` in `[0, 1)`, so at most `κ^−β max(1, 2β − 1)`.
/// - The rest of row i has the length `2β α/n |a_i| √(Σ_{j≠i} a_j²) d_i^(−β−1)`.
///   As `2pq ≤ p² + q²` it is at most `β (d_i − κ) d_i^(−β−1)`, which is largest at `d_i = κ (β + 1) / β`: `κ^−β (β / (β + 1))^(β+1)`.
///   A channel stands in the windows of at most n − 1 others, and of no more than there are;
///   so the norm of this part is at most the root of that number times the length of a row.
///
/// Unlike the paper, whose bound `κ^−β` is for one sum over everything, where the derivative is symmetric:
/// windows that slide have another sum for each channel.
/// Where a window sees no other channel, or all see all, the paper's bound is kept (with `max(1, 2β − 1)` for a β above 1).
pub(super) fn response_norm_bound(norm: &ResponseNorm, channels: usize) -> f64 {
    let ResponseNorm { size, alpha, beta, kappa } = *norm;
    if alpha == 0.0 && kappa > 0.0 {
        return kappa.powf(-beta);
    }
    if alpha < 0.0 || beta < 0.0 || kappa <= 0.0 {
        return f64::INFINITY;
    }
    let all_see_all = (size - 1) / 2 >= channels - 1;
    let others = if all_see_all { 0 } else { size.min(channels) - 1 };
    let beside = (others as f64).sqrt() * (beta / (beta + 1.0)).powf(beta + 1.0);
    kappa.powf(-beta) * ((2.0 * beta - 1.0).max(1.0) + beside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::norms::matrix::matrix_norm;
    use tensor::{DType, response_norm_gradient, seeded, tensor_of, to_f64s, uniform};

    /// The norm of the derivative at a point of this size.
    fn slope(norm: &ResponseNorm, channels: usize, size: f64, seed: u64) -> f64 {
        let shape = [channels, channels, 1, 1];
        let mut identity = vec![0.0; channels * channels];
        identity.iter_mut().step_by(channels + 1).for_each(|diagonal| *diagonal = 1.0);
        let point = uniform(&mut seeded(seed, "point"), &[1, channels, 1, 1], size, DType::F64);
        let points = point.broadcast_as(&shape[..]).and_then(|points| points.contiguous()).expect("a batch");
        let jacobian = response_norm_gradient(&tensor_of(identity, &shape), &points, norm);
        matrix_norm(&to_f64s(&jacobian), channels, channels).norm
    }

    #[test]
    fn no_slope_exceeds_the_bound_and_none_is_far_below() {
        for (size, beta, kappa) in
            [(5, 0.75, 2.0), (3, 1.0, 0.5), (1, 0.75, 1.0), (2, 0.5, 1.0), (21, 1.7, 1.0), (6, 3.0, 2.0)]
        {
            let norm = ResponseNorm { size, alpha: 2.0, beta, kappa };
            let bound = response_norm_bound(&norm, 8);
            let each = (0..300).map(|seed| slope(&norm, 8, 0.1 * 1.02f64.powi(seed), seed as u64));
            let steepest = each.fold(0.0, f64::max);
            assert!(steepest <= bound && steepest > 0.1 * bound, "{norm:?}: {steepest} of {bound}");
        }
    }

    #[test]
    fn what_divides_by_nothing_has_no_bound() {
        let norm = ResponseNorm { size: 5, alpha: 1.0, beta: 0.75, kappa: 0.0 };
        assert_eq!(response_norm_bound(&norm, 8), f64::INFINITY);
    }
}
