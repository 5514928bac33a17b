//! Classification under the cross-entropy.

use crate::mini_batch::Objective;
use core_net::Net;
use core_net::Trace;
use rand_chacha::ChaCha8Rng;
use tensor::{Tensor, cross_entropy, gather};

/// Mean cross-entropy of the net's logits with the labels.
pub struct Classification<'a> {
    /// **Shape** `[n, …]`, f32
    pub images: &'a Tensor,
    /// n classes
    pub labels: &'a [usize],
}

impl Objective for Classification<'_> {
    fn examples(&self) -> usize {
        self.labels.len()
    }

    fn input(&self, examples: &[usize], _: &mut ChaCha8Rng) -> Tensor {
        gather(self.images, examples)
    }

    fn loss(&self, net: &Net, trace: &Trace, examples: &[usize]) -> (f64, Vec<(usize, Tensor)>) {
        let labels: Vec<usize> = examples.iter().map(|&i| self.labels[i]).collect();
        let (losses, signal) = cross_entropy(trace.output(), &labels);
        let share = 1.0 / examples.len() as f64;
        let signal = (signal * share).expect("a product in memory");
        (losses.iter().sum::<f64>() * share, vec![(net.output(), signal)])
    }
}
