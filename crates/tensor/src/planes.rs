//! Batches of images plane by plane: the sizes, and large results shared among rayon's threads.

use candle_core::Tensor;
use rayon::prelude::*;

/// Fewer results than this are not worth a second thread.
const WORTH_A_THREAD: usize = 1 << 16;

/// Blocks each thread gets, so that a late thread leaves work to the others.
const BLOCKS_A_THREAD: usize = 4;

/// The sizes n, c, h, w of a batch of images.
///
/// # Panics
/// If the tensor has another rank.
pub(crate) fn dims(operation: &str, x: &Tensor) -> [usize; 4] {
    let [n, c, h, w] = x.dims() else { panic!("{operation}: expected [n, c, h, w], got {:?}", x.dims()) };
    [*n, *c, *h, *w]
}

/// Calls `fill` for blocks of whole planes of `plane` results, each with the index of its first plane.
/// A plane's results may depend on its index alone.
pub(crate) fn share<T: Send>(results: &mut [T], plane: usize, fill: impl Fn(usize, &mut [T]) + Sync) {
    match planes_in_a_block(results.len(), plane) {
        None => fill(0, results),
        Some(planes) => results
            .par_chunks_mut(planes * plane)
            .enumerate()
            .for_each(|(block, results)| fill(block * planes, results)),
    }
}

/// [`share`] for two results of each plane, of one size.
pub(crate) fn share_pair<T: Send, U: Send>(
    (first, second): (&mut [T], &mut [U]),
    plane: usize,
    fill: impl Fn(usize, &mut [T], &mut [U]) + Sync,
) {
    assert_eq!(first.len(), second.len(), "two results of each plane");
    match planes_in_a_block(first.len(), plane) {
        None => fill(0, first, second),
        Some(planes) => first
            .par_chunks_mut(planes * plane)
            .zip(second.par_chunks_mut(planes * plane))
            .enumerate()
            .for_each(|(block, (first, second))| fill(block * planes, first, second)),
    }
}

/// `None` where one thread does it all.
fn planes_in_a_block(results: usize, plane: usize) -> Option<usize> {
    let threads = rayon::current_num_threads();
    let alone = threads == 1 || plane == 0 || results < 2 * WORTH_A_THREAD;
    (!alone).then(|| {
        let least = WORTH_A_THREAD.div_ceil(plane);
        (results / plane).div_ceil(threads * BLOCKS_A_THREAD).max(least)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::ThreadPoolBuilder;

    const PLANE: usize = 7;
    const PLANES: usize = WORTH_A_THREAD;

    /// Every result's own number, and twice that, by this number of threads.
    fn filled(threads: usize) -> [Vec<usize>; 2] {
        let mut results = [vec![0; PLANE * PLANES], vec![0; PLANE * PLANES]];
        let [first, second] = &mut results;
        let fill = |from: usize, first: &mut [usize], second: &mut [usize]| {
            for (at, (first, second)) in first.iter_mut().zip(second).enumerate() {
                let number = from * PLANE + at;
                (*first, *second) = (number, 2 * number);
            }
        };
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| share_pair((first, second), PLANE, fill));
        results
    }

    #[test]
    fn planes_that_threads_share_are_filled_where_they_lie() {
        let expected: Vec<usize> = (0..PLANE * PLANES).collect();
        let doubled: Vec<usize> = expected.iter().map(|number| 2 * number).collect();
        for threads in [1, 2, 5] {
            assert!(filled(threads) == [expected.clone(), doubled.clone()], "{threads} threads");
        }
    }
}
