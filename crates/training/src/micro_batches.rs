//! Forward and backward passes of a few images at a time, so that feature maps stay in the cache.

use crate::injected_batch::sum_of_gradients;
use core_net::{Net, Op, Trace, parameter_gradients};
use rayon::prelude::*;
use tensor::Tensor;

/// Images at a time. A map of 24 × 56 × 56 scalars of so many takes 2.4 MB.
const IMAGES: usize = 8;

/// The last node below the first dense layer or dropout that all nodes above it read from, or nodes above it.
pub(crate) fn bottleneck_node(net: &Net) -> usize {
    let is_above = |op: &Op| matches!(op, Op::Linear(_) | Op::Dropout);
    let first = net.nodes().iter().position(|node| is_above(&node.op)).unwrap_or(net.nodes().len());
    let is_bottleneck = |&node: &usize| {
        net.nodes()[node + 1..].iter().all(|above| above.inputs.iter().all(|&input| input >= node))
    };
    (0..first).rev().find(is_bottleneck).expect("the input at least")
}

/// A forward pass through a net in micro-batches.
pub(crate) struct MicroBatches<'a> {
    net: &'a Net,
    traces: Vec<Trace>,
}

impl<'a> MicroBatches<'a> {
    pub fn forward(net: &'a Net, images: &Tensor) -> Self {
        let n = images.dims()[0];
        let part = |from: usize| images.narrow(0, from, IMAGES.min(n - from)).expect("within the batch");
        let starts: Vec<usize> = (0..n).step_by(IMAGES).collect();
        let traces = starts.into_par_iter().map(|from| net.forward_for_training(&part(from))).collect();
        Self { net, traces }
    }

    /// The last node's activation of all images.
    pub fn output(&self) -> Tensor {
        let outputs: Vec<&Tensor> = self.traces.iter().map(Trace::output).collect();
        Tensor::cat(&outputs, 0).expect("micro_batches of one shape")
    }

    /// The derivative with respect to every parameter: the micro_batches' sums, added up from the first to the last.
    pub fn gradients(&self, signal: &Tensor) -> Vec<Option<Tensor>> {
        let of = |(number, trace): (usize, &Trace)| {
            let images = trace.output().dims()[0];
            let signal = signal.narrow(0, number * IMAGES, images).expect("within the batch");
            parameter_gradients(self.net, trace, vec![(self.net.output(), signal)])
        };
        let parts: Vec<Vec<Option<Tensor>>> = self.traces.par_iter().enumerate().map(of).collect();
        parts.into_iter().reduce(sum_of_gradients).expect("a micro-batch")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training_run::tests::small_net;
    use core_net::zoo;
    use tensor::{DType, seeded, to_f64s, uniform};

    #[test]
    fn portions_add_up_to_the_gradients_of_the_whole_batch() {
        let net = small_net(5).to_dtype(DType::F64);
        let net = net.up_to(bottleneck_node(&net));
        let images = uniform(&mut seeded(2, "images"), &[2 * IMAGES + 3, 3, 56, 56], 1.0, DType::F64);
        let trace = net.forward(&images);
        let signal = uniform(&mut seeded(3, "signal"), trace.output().dims(), 1.0, DType::F64);
        let whole = parameter_gradients(&net, &trace, vec![(net.output(), signal.clone())]);
        let micro_batches = MicroBatches::forward(&net, &images);
        assert_eq!(to_f64s(&micro_batches.output()), to_f64s(trace.output()));
        for (whole, parts) in whole.iter().zip(micro_batches.gradients(&signal)) {
            let [whole, parts] = [whole.as_ref(), parts.as_ref()].map(|g| to_f64s(g.expect("reached")));
            let largest = whole.iter().map(|g| g.abs()).fold(0.0, f64::max);
            assert!(whole.iter().zip(parts).all(|(a, b)| (a - b).abs() < 1e-12 * largest.max(1.0)));
        }
    }

    #[test]
    fn the_waist_lies_below_the_dense_layers_and_dropout() {
        let name = |net: &Net| net.nodes()[bottleneck_node(net)].name.clone();
        assert_eq!(name(&zoo::by_name("zfnet-64", 10, None).expect("in the zoo")), "flatten");
        assert_eq!(name(&zoo::by_name("squeezenet1_1", 10, None).expect("in the zoo")), "fire9");
        assert_eq!(name(&zoo::fully_connected(&[1, 2, 2], &[3, 2], 1)), "flatten");
    }
}
