//! Tasks on rayon's threads.

use rayon::prelude::*;

/// Computes all parts, each with the memory of the thread that it runs on.
pub(crate) fn run<P: Send, Scratch: Default>(
    threads: usize,
    parts: Vec<P>,
    compute: impl Fn(P, &mut Scratch) + Sync + Send,
) {
    if threads == 1 {
        let mut scratch = Scratch::default();
        parts.into_iter().for_each(|part| compute(part, &mut scratch));
    } else {
        parts.into_par_iter().for_each_init(Scratch::default, |scratch, part| compute(part, scratch));
    }
}
