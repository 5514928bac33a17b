//! Data-parallel training: processes that each compute the gradient of a share of every batch.

use std::ops::Range;
use tensor::{Tensor, tensor_of, with_slice};

/// The processes that train one net together, seen from one of them.
pub trait ProcessGroup: Sync {
    /// Number of this process, counted from 0.
    fn rank(&self) -> usize;

    /// Number of processes.
    fn size(&self) -> usize;

    /// Replaces values by their sums over all processes, the same bits in each.
    fn all_reduce(&self, values: &mut [f32]);

    /// [`all_reduce`](Self::all_reduce) in f64.
    fn all_reduce_f64(&self, values: &mut [f64]);
}

/// A single process.
#[derive(Clone, Copy, Debug)]
pub struct SingleProcess;

impl ProcessGroup for SingleProcess {
    fn rank(&self) -> usize {
        0
    }

    fn size(&self) -> usize {
        1
    }

    fn all_reduce(&self, _: &mut [f32]) {}

    fn all_reduce_f64(&self, _: &mut [f64]) {}
}

/// A batch, and one process's share of its examples.
#[derive(Clone, Debug)]
pub struct Share<'a> {
    batch: &'a [usize],
    own: Range<usize>,
}

impl<'a> Share<'a> {
    /// Contiguous shares that differ by one example at most.
    ///
    /// # Panics
    /// If there are more processes than examples.
    pub fn new(group: &dyn ProcessGroup, batch: &'a [usize]) -> Self {
        let (rank, size, n) = (group.rank(), group.size(), batch.len());
        assert!(size <= n, "a batch of {n} examples: expected no more processes than that, got {size}");
        Self { batch, own: rank * n / size..(rank + 1) * n / size }
    }

    /// All examples of the batch.
    pub fn batch(&self) -> &'a [usize] {
        self.batch
    }

    /// The examples of this process.
    pub fn own(&self) -> &'a [usize] {
        &self.batch[self.own.clone()]
    }

    /// Number of examples of the batch before them.
    pub fn before(&self) -> usize {
        self.own.start
    }

    /// The share of the batch: what a mean over this process's examples counts in the mean over all.
    pub(crate) fn part(&self) -> f64 {
        self.own.len() as f64 / self.batch.len() as f64
    }

    /// This process's rows of a tensor with a row for each example of the batch.
    pub(crate) fn rows(&self, all: &Tensor) -> Tensor {
        all.narrow(0, self.own.start, self.own.len()).expect("a row for each example")
    }
}

/// The tensors' sums over all processes, in one message.
pub(crate) fn summed(group: &dyn ProcessGroup, tensors: Vec<Tensor>) -> Vec<Tensor> {
    if group.size() == 1 {
        return tensors;
    }
    let mut values = Vec::with_capacity(tensors.iter().map(Tensor::elem_count).sum());
    tensors.iter().for_each(|tensor| with_slice::<f32, _>(tensor, |part| values.extend_from_slice(part)));
    group.all_reduce(&mut values);
    let mut rest = &values[..];
    let mut next = |tensor: &Tensor| {
        let (own, after) = rest.split_at(tensor.elem_count());
        rest = after;
        tensor_of(own.to_vec(), tensor.dims())
    };
    tensors.iter().map(&mut next).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TrainingRun;
    use crate::training_run::tests::{recipe, small_net};
    use std::convert::Infallible;
    use std::sync::{Barrier, Mutex};
    use std::thread;
    use tensor::{DType, gather, seeded, to_f64s, uniform};

    const EXAMPLES: usize = 21;

    /// What the threads of a test share, each of which stands for a process.
    struct Meeting {
        barrier: Barrier,
        values: Mutex<Vec<Vec<f64>>>,
    }

    struct Thread<'a> {
        rank: usize,
        size: usize,
        meeting: &'a Meeting,
    }

    impl Thread<'_> {
        /// Sums in the order of the ranks.
        fn meet(&self, own: Vec<f64>) -> Vec<f64> {
            self.meeting.values.lock().expect("alive")[self.rank] = own;
            self.meeting.barrier.wait();
            let all = self.meeting.values.lock().expect("alive").clone();
            self.meeting.barrier.wait();
            let add = |sum: Vec<f64>, more: Vec<f64>| sum.iter().zip(more).map(|(a, b)| a + b).collect();
            all.into_iter().reduce(add).expect("a process")
        }
    }

    impl ProcessGroup for Thread<'_> {
        fn rank(&self) -> usize {
            self.rank
        }

        fn size(&self) -> usize {
            self.size
        }

        fn all_reduce(&self, values: &mut [f32]) {
            let sums = self.meet(values.iter().map(|&value| f64::from(value)).collect());
            values.iter_mut().zip(sums).for_each(|(value, sum)| *value = sum as f32);
        }

        fn all_reduce_f64(&self, values: &mut [f64]) {
            let sums = self.meet(values.to_vec());
            values.copy_from_slice(&sums);
        }
    }

    fn run() -> TrainingRun {
        TrainingRun::new(small_net(4), recipe(), 7)
    }

    fn learned(group: &dyn ProcessGroup) -> TrainingRun {
        let images = uniform(&mut seeded(2, "images"), &[EXAMPLES, 3, 56, 56], 1.0, DType::F32);
        let mut run = run();
        for _ in 0..2 {
            let load = |share: Share, _: &mut _| {
                let labels = share.own().iter().map(|&i| i % 4).collect();
                Ok::<_, Infallible>((gather(&images, share.own()), labels))
            };
            let Ok(statistics) = run.epoch_among(group, EXAMPLES, load, |_| ());
            run.validated(statistics, 0.5);
        }
        run
    }

    fn together(size: usize) -> Vec<TrainingRun> {
        let meeting = Meeting { barrier: Barrier::new(size), values: Mutex::new(vec![vec![]; size]) };
        let member = |rank| Thread { rank, size, meeting: &meeting };
        thread::scope(|scope| {
            let start = |member: Thread<'_>| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
                pool.install(|| learned(&member))
            };
            let running: Vec<_> =
                (0..size).map(member).map(|member| scope.spawn(move || start(member))).collect();
            running.into_iter().map(|each| each.join().expect("it ends")).collect()
        })
    }

    fn parameters(run: &TrainingRun) -> Vec<f64> {
        run.net().parameters().into_iter().flat_map(|(_, parameter)| to_f64s(parameter)).collect()
    }

    #[test]
    fn processes_learn_what_one_learns_but_for_rounding_and_all_the_same() {
        let alone = learned(&SingleProcess);
        let moved = parameters(&alone).into_iter().zip(parameters(&run())).map(|(a, b)| (a - b).abs());
        assert!(moved.fold(0.0, f64::max) > 1e-3);
        for size in [2, 3] {
            let all = together(size);
            for one in &all {
                assert_eq!(parameters(one), parameters(&all[0]), "{size} processes");
                assert_eq!(one.epochs().len(), 2);
                for (found, expected) in one.epochs().iter().zip(alone.epochs()) {
                    assert!((found.loss - expected.loss).abs() < 1e-5, "{found:?} {expected:?}");
                    assert_eq!(found.training_error, expected.training_error);
                }
            }
            let distances =
                parameters(&all[0]).into_iter().zip(parameters(&alone)).map(|(a, b)| (a - b).abs());
            assert!(distances.fold(0.0, f64::max) < 1e-5, "{size} processes");
        }
    }

    #[test]
    fn shares_cover_a_batch_once() {
        let meeting = Meeting { barrier: Barrier::new(1), values: Mutex::default() };
        let batch: Vec<usize> = (0..13).rev().collect();
        for size in 1..=13 {
            let share = |rank| Share::new(&Thread { rank, size, meeting: &meeting }, &batch);
            let all: Vec<usize> = (0..size).flat_map(|rank| share(rank).own().to_vec()).collect();
            assert_eq!(all, batch);
            let parts: f64 = (0..size).map(|rank| share(rank).part()).sum();
            assert!((parts - 1.0).abs() < 1e-12);
            assert!((0..size).all(|rank| batch[share(rank).before()..].starts_with(share(rank).own())));
        }
    }
}
