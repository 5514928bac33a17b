//! Mini-batches loaded ahead of their use, on threads of their own.

use std::sync::mpsc::sync_channel;
use std::thread;

/// Batches that one thread may load ahead.
const AHEAD: usize = 2;

/// Loads batches 0, 1, …, `count − 1` on `threads` threads and passes each to `train`, in this order.
///
/// # Errors
/// The first error of `load`; no later batch is passed on.
pub(crate) fn in_order<B: Send, E: Send>(
    count: usize,
    threads: usize,
    load: impl Fn(usize) -> Result<B, E> + Sync,
    mut train: impl FnMut(usize, B),
) -> Result<(), E> {
    let load = &load;
    thread::scope(|scope| {
        let loaders: Vec<_> = (0..threads.max(1))
            .map(|first| {
                let (give, take) = sync_channel(AHEAD);
                scope.spawn(move || {
                    // A batch that nobody takes means that an earlier one failed.
                    (first..count).step_by(threads.max(1)).all(|index| give.send(load(index)).is_ok())
                });
                take
            })
            .collect();
        for index in 0..count {
            let batch = loaders[index % loaders.len()].recv().expect("a loader that has not panicked");
            train(index, batch?);
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_come_in_their_order_whatever_the_number_of_threads() {
        for threads in [1, 2, 3, 40] {
            let mut seen = vec![];
            let load = |index: usize| {
                thread::sleep(std::time::Duration::from_micros(300 * (7 * index as u64 % 5)));
                Ok::<_, ()>(index * index)
            };
            in_order(20, threads, load, |index, batch| seen.push((index, batch))).unwrap();
            assert_eq!(seen, (0..20).map(|index| (index, index * index)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_batch_that_fails_ends_it_after_those_before_it() {
        let mut seen = 0;
        let load = |index| if index < 7 { Ok(index) } else { Err(format!("batch {index}")) };
        let error = in_order(1000, 3, load, |_, _| seen += 1).unwrap_err();
        assert_eq!((error.as_str(), seen), ("batch 7", 7));
    }
}
