//! The net as a function of images: loss, gradient and class of many points at once.

use core_net::{Net, gradient, pull_back};
use tensor::{DType, Tensor, cross_entropy, tensor_of, to_f64s};

/// The net at one point.
pub(crate) struct Evaluation {
    pub(crate) logits: Vec<f64>,
    pub(crate) loss: f64,
    pub(crate) gradient: Vec<f64>,
    /// The target's logit minus the largest other one: positive where the net predicts the target,
    /// −∞ where a logit is not a number.
    pub(crate) margin: f64,
}

/// Cross-entropy of the net, which computes in `dtype`, at each of these points with its target.
pub(crate) fn evaluate(net: &Net, points: &[&[f64]], targets: &[usize], dtype: DType) -> Vec<Evaluation> {
    let cast = |tensor: &Tensor, dtype| tensor.to_dtype(dtype).expect("a cast in memory");
    let trace = net.forward(&cast(&batch(net, points), dtype));
    let outputs = cast(trace.output(), DType::F64);
    let (losses, signal) = cross_entropy(&outputs, targets);
    let logits = to_f64s(&outputs);
    let gradients = to_f64s(&pull_back(net, &trace, net.output(), cast(&signal, dtype), gradient));
    let [classes, pixels] = [&logits, &gradients].map(|rows| rows.len() / points.len());
    let evaluation = |point: usize| {
        let logits = &logits[point * classes..(point + 1) * classes];
        Evaluation {
            logits: logits.to_vec(),
            loss: losses[point],
            gradient: gradients[point * pixels..(point + 1) * pixels].to_vec(),
            margin: margin(logits, targets[point]),
        }
    };
    (0..points.len()).map(evaluation).collect()
}

fn margin(logits: &[f64], target: usize) -> f64 {
    if logits.iter().any(|logit| logit.is_nan()) {
        return f64::NEG_INFINITY;
    }
    let others = logits.iter().enumerate().filter(|(class, _)| *class != target).map(|(_, &logit)| logit);
    logits[target] - others.fold(f64::NEG_INFINITY, f64::max)
}

/// The points as a batch of images.
pub(crate) fn batch(net: &Net, points: &[&[f64]]) -> Tensor {
    let shape = [&[points.len()], &net.nodes()[0].shape[..]].concat();
    tensor_of(points.concat(), &shape)
}

/// Logits at a point, and the slope of the difference of two of them.
pub(crate) struct LogitSlope {
    pub(crate) logits: Vec<f64>,
    pub(crate) slope: Vec<f64>,
}

/// The net, computing in `dtype`, at each of these points: its logits, and the slope of the first logit that
/// `pair` chooses for a point minus the second.
pub(crate) fn logit_slopes(
    net: &Net,
    points: &[&[f64]],
    pair: impl Fn(usize, &[f64]) -> [usize; 2],
    dtype: DType,
) -> Vec<LogitSlope> {
    let cast = |tensor: &Tensor, dtype| tensor.to_dtype(dtype).expect("a cast in memory");
    let trace = net.forward(&cast(&batch(net, points), dtype));
    let outputs = cast(trace.output(), DType::F64);
    let logits = to_f64s(&outputs);
    let classes = logits.len() / points.len();
    let mut signal = vec![0.0; logits.len()];
    for (point, logits) in logits.chunks_exact(classes).enumerate() {
        let [plus, minus] = pair(point, logits);
        signal[point * classes + plus] += 1.0;
        signal[point * classes + minus] -= 1.0;
    }
    let signal = cast(&tensor_of(signal, outputs.dims()), dtype);
    let slopes = to_f64s(&pull_back(net, &trace, net.output(), signal, gradient));
    let each = logits.chunks_exact(classes).zip(slopes.chunks_exact(slopes.len() / points.len()));
    each.map(|(logits, slope)| LogitSlope { logits: logits.to_vec(), slope: slope.to_vec() }).collect()
}

/// The logits at each of these points.
pub(crate) fn logits_of(net: &Net, points: &[&[f64]], dtype: DType) -> Vec<Vec<f64>> {
    let output = net.output_of(&batch(net, points).to_dtype(dtype).expect("a cast in memory"));
    let logits = to_f64s(&output.to_dtype(DType::F64).expect("a cast in memory"));
    logits.chunks_exact(logits.len() / points.len()).map(<[f64]>::to_vec).collect()
}

/// The class with the largest logit, the first of equal ones; none where a logit is not a number.
pub(crate) fn predicted(logits: &[f64]) -> Option<usize> {
    let larger = |a: usize, b: usize| if logits[b] > logits[a] { b } else { a };
    let is_number = !logits.is_empty() && logits.iter().all(|logit| !logit.is_nan());
    is_number.then(|| (1..logits.len()).fold(0, larger))
}
