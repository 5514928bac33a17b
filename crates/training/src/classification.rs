//! Classification under the cross-entropy.

use crate::injected_batch::mean_cross_entropy;
use crate::mini_batch::Objective;
use core_net::{Net, Trace};
use rand_chacha::ChaCha8Rng;
use tensor::{Tensor, gather};

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
        let (loss, signal) = mean_cross_entropy(trace.output(), &labels, 1.0);
        (loss, vec![(net.output(), signal)])
    }
}
