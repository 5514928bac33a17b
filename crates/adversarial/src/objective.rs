//! The net as a function of images: loss, gradient and class of many points at once.

use core_net::{Net, gradient, pull_back};
use tensor::{DType, Tensor, cross_entropy, tensor_of, to_f64s};

/// Logits, loss, gradient and margin of each of several points.
pub(crate) struct Evaluation {
    /// Row-major `[points, classes]`.
    pub(crate) logits: Vec<f64>,
    pub(crate) losses: Vec<f64>,
    /// Row-major `[points, pixels]`.
    pub(crate) gradients: Vec<f64>,
    /// The target's logit minus the largest other one: positive where the net predicts the target,
    /// −∞ where a logit is not a number.
    pub(crate) margins: Vec<f64>,
}

/// Cross-entropy of the net, which computes in `dtype`, at these points with the targets.
pub(crate) fn evaluate(net: &Net, points: &[&[f64]], targets: &[usize], dtype: DType) -> Evaluation {
    let cast = |tensor: &Tensor, dtype| tensor.to_dtype(dtype).expect("a cast in memory");
    let trace = net.forward(&cast(&batch(net, points), dtype));
    let outputs = cast(trace.output(), DType::F64);
    let (losses, signal) = cross_entropy(&outputs, targets);
    let logits = to_f64s(&outputs);
    let margins = margins(&logits, targets);
    let gradients = to_f64s(&pull_back(net, &trace, net.output(), cast(&signal, dtype), gradient));
    Evaluation { logits, losses, gradients, margins }
}

fn margins(logits: &[f64], targets: &[usize]) -> Vec<f64> {
    let margin = |(row, &target): (&[f64], &usize)| {
        if row.iter().any(|logit| logit.is_nan()) {
            return f64::NEG_INFINITY;
        }
        let others = row.iter().enumerate().filter(|(class, _)| *class != target).map(|(_, &logit)| logit);
        row[target] - others.fold(f64::NEG_INFINITY, f64::max)
    };
    logits.chunks_exact(logits.len() / targets.len()).zip(targets).map(margin).collect()
}

/// The points as a batch of images.
pub(crate) fn batch(net: &Net, points: &[&[f64]]) -> Tensor {
    let shape = [&[points.len()], &net.nodes()[0].shape[..]].concat();
    tensor_of(points.concat(), &shape)
}
