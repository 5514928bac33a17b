//! How far pooling can stretch a change.

use super::matrix::matrix_norm;
use tensor::{PaddingInMean, Pool, mean_pool, tensor_of, to_f64s};

/// The smallest Lipschitz constant of max pooling a map of this size: the root of the most windows that see one pixel.
///
/// A window's maximum moves by no more than the pixel in it that moves most.
/// The squares of these moves, added over the windows, count each pixel at most as often as windows see it;
/// and a map that is 0 but for that pixel attains it.
///
/// Unlike the paper, which calls max pooling contractive: it is where windows do not overlap.
pub(super) fn max_pool_norm(pool: &Pool, input: [usize; 2]) -> f64 {
    let [down, across] = [0, 1].map(|axis| most_windows(pool, axis, input));
    ((down * across) as f64).sqrt()
}

/// The most windows along an axis that see one place of it.
fn most_windows(pool: &Pool, axis: usize, input: [usize; 2]) -> usize {
    let output = pool.output_size(input).expect("checked when the net was built")[axis];
    let mut windows = vec![0; input[axis]];
    for start in (0..output).map(|window| window * pool.stride[axis]) {
        for tap in (0..pool.kernel[axis]).map(|tap| start + tap * pool.dilation[axis]) {
            let place = tap.checked_sub(pool.padding[axis]).filter(|&place| place < input[axis]);
            place.into_iter().for_each(|place| windows[place] += 1);
        }
    }
    windows.into_iter().max().unwrap_or(0)
}

/// The operator norm of mean pooling a map of this size.
///
/// Rows and columns are pooled one after the other, so it is the product of the norms of two small matrices.
pub(super) fn mean_pool_norm(pool: &Pool, counted: PaddingInMean, input: [usize; 2]) -> f64 {
    [0, 1].into_iter().map(|axis| axis_norm(pool, counted, axis, input[axis])).product()
}

/// The norm along one axis of length n, from the pooled unit vectors.
fn axis_norm(pool: &Pool, counted: PaddingInMean, axis: usize, n: usize) -> f64 {
    let along = Pool {
        kernel: [pool.kernel[axis], 1],
        stride: [pool.stride[axis], 1],
        padding: [pool.padding[axis], 0, pool.padding[axis + 2], 0],
        dilation: [pool.dilation[axis], 1],
        rounding: pool.rounding,
    };
    let mut identity = vec![0.0; n * n];
    identity.iter_mut().step_by(n + 1).for_each(|diagonal| *diagonal = 1.0);
    let pooled = mean_pool(&tensor_of::<f64>(identity, &[n, 1, n, 1]), &along, counted);
    matrix_norm(&to_f64s(&pooled), n, pooled.dims()[2]).upper_bound
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn max_pooling_contracts_only_where_windows_do_not_overlap() {
        assert_eq!(max_pool_norm(&Pool::square(2, 2), [8, 8]), 1.0);
        assert_eq!(max_pool_norm(&Pool::square(3, 2), [7, 7]), 2.0);
        assert_eq!(max_pool_norm(&Pool::square(3, 2), [3, 7]), f64::sqrt(2.0));
        assert_eq!(max_pool_norm(&Pool::square(3, 1), [9, 9]), 3.0);
    }
}
