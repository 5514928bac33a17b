//! Outputs without a trace: what no later node reads is freed at once.

use crate::net::Net;
use tensor::{Tensor, argmax};

impl Net {
    /// The class of each image: the index of its largest output; ties take the first.
    ///
    /// # Panics
    /// As [`Net::forward`].
    pub fn predict(&self, images: &Tensor) -> Vec<usize> {
        let n = images.dims()[0];
        let part = |from: usize| images.narrow(0, from, PART.min(n - from)).expect("within the batch");
        (0..n).step_by(PART).flat_map(|from| argmax(self.forward(&part(from)).output())).collect()
    }
}

/// Images that `predict` computes at a time, so that a data set's activations need not fit into memory at once.
const PART: usize = 1000;
