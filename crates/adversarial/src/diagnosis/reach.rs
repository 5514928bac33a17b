//! Targets that no search reached, and those of them that are provably unreachable.

use super::observations::{AttackObservations, Ending};
use super::warning::{Symptom, Warning};
use core_net::operations::{Affine, Linear};
use core_net::{Net, Op};
use std::collections::BTreeMap;
use tensor::{DType, Tensor, to_f64s};

/// Warnings of targets that are provably out of reach, and of those that no search reached although all had a gradient.
pub(super) fn out_of_reach(net: &Net, observations: &[AttackObservations]) -> Vec<Warning> {
    let mut endings = BTreeMap::<usize, Vec<Ending>>::new();
    observations.iter().for_each(|seen| endings.entry(seen.target).or_default().push(seen.ending));
    endings.retain(|_, endings| !endings.contains(&Ending::ReachedTarget));
    let (mut dominated, mut classes) = (Vec::new(), Vec::new());
    let [mut aim_at_dominated, mut aim_at_others, mut penalized] = [0; 3];
    for (class, endings) in endings {
        if let Some(other) = always_before(net, class) {
            dominated.push([class, other]);
            aim_at_dominated += endings.len();
        } else if !endings.contains(&Ending::NoGradient) {
            classes.push(class);
            aim_at_others += endings.len();
            penalized += endings.iter().filter(|ending| **ending == Ending::Penalized).count();
        }
    }
    let symptoms = [
        (aim_at_dominated, Symptom::UnreachableTarget { dominated }),
        (aim_at_others, Symptom::UnreachedTarget { classes, penalized }),
    ];
    let warning = |(images, symptom)| Warning { symptom, images, of: observations.len() };
    symptoms.into_iter().filter(|(images, _)| *images > 0).map(warning).collect()
}

/// A class whose logit always exceeds this one's, by the last dense layer's weights and the range of its input.
fn always_before(net: &Net, class: usize) -> Option<usize> {
    let layer = &net.nodes()[same_order(net, net.output())];
    let Op::Linear(Linear { weight, bias }) = &layer.op else { return None };
    let (weights, biases) = (scalars(weight), scalars(bias));
    let row = |class: usize| weights.chunks_exact(weight.dims()[1]).nth(class).expect("a row for each class");
    let [low, high] = range(net, layer.inputs[0]);
    let min_margin = |other: usize| {
        let slopes = row(other).iter().zip(row(class)).map(|(a, b)| a - b).filter(|slope| *slope != 0.0);
        let least = slopes.map(|slope| if slope > 0.0 { slope * low } else { slope * high });
        least.sum::<f64>() + biases[other] - biases[class]
    };
    (0..biases.len()).find(|&other| other != class && min_margin(other) > 0.0)
}

/// The node below this one whose largest value is at the same class.
fn same_order(net: &Net, node: usize) -> usize {
    match net.nodes()[node].op {
        Op::Flatten | Op::Reshape(_) | Op::Dropout | Op::Identity | Op::Softmax | Op::LogSoftmax => {
            same_order(net, net.nodes()[node].inputs[0])
        }
        _ => node,
    }
}

/// The range of all activations of a node, as far as its operation bounds it.
fn range(net: &Net, node: usize) -> [f64; 2] {
    let below = || range(net, net.nodes()[node].inputs[0]);
    match &net.nodes()[node].op {
        Op::Input | Op::Softmax => [0.0, 1.0],
        Op::ElementWise(function) => function.range(below()),
        Op::Affine(Affine { scale, shift }) => moved(below(), &scalars(scale), &scalars(shift)),
        Op::Flatten | Op::Reshape(_) | Op::Transpose(_) | Op::Dropout | Op::Identity => below(),
        _ => [f64::NEG_INFINITY, f64::INFINITY],
    }
}

/// The range of `scale · x + shift` over all channels.
fn moved([low, high]: [f64; 2], scale: &[f64], shift: &[f64]) -> [f64; 2] {
    if !low.is_finite() || !high.is_finite() {
        return [f64::NEG_INFINITY, f64::INFINITY];
    }
    let ends = scale.iter().zip(shift).flat_map(|(scale, shift)| [scale * low + shift, scale * high + shift]);
    ends.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], end| [low.min(end), high.max(end)])
}

fn scalars(tensor: &Tensor) -> Vec<f64> {
    to_f64s(&tensor.to_dtype(DType::F64).expect("a cast in memory"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_net::{Builder, ElementWise};
    use tensor::tensor_of;

    /// Two inputs through this to three logits.
    fn classifier(below: impl Fn(Builder) -> Builder, weights: [f64; 6], biases: [f64; 3]) -> Net {
        let [weight, bias] = [tensor_of(weights.to_vec(), &[3, 2]), tensor_of(biases.to_vec(), &[3])];
        let net = below(Builder::new(&[2])).linear("logits", weight, bias);
        net.node("log", Op::LogSoftmax).identity("output").build().expect("it fits")
    }

    fn clipped(low: f64) -> impl Fn(Builder) -> Builder {
        move |net| net.node("clip", ElementWise::Clip { low, high: 2.0 })
    }

    fn each(net: &Net) -> [Option<usize>; 3] {
        [0, 1, 2].map(|class| always_before(net, class))
    }

    #[test]
    fn of_equal_rows_the_smaller_bias_never_has_the_larger_logit() {
        let (weights, biases) = ([1.0, -2.0, 1.0, -2.0, 0.0, 0.5], [0.0, 0.1, 0.0]);
        let unbounded = |net: Builder| net.node("unbounded", ElementWise::LeakyRelu { slope: 0.1 });
        assert_eq!(each(&classifier(unbounded, weights, biases)), [Some(1), None, None]);
        assert_eq!(each(&classifier(unbounded, weights, [0.0; 3])), [None; 3]);
    }

    #[test]
    fn a_margin_must_be_positive_over_the_whole_range_of_the_input() {
        // The second logit exceeds the first by 1 + x + y; the third does not always exceed another.
        let (weights, biases) = ([0.0, 0.0, 1.0, 1.0, 5.0, -5.0], [0.0, 1.0, 0.0]);
        assert_eq!(each(&classifier(|net| net, weights, biases))[0], Some(1));
        assert_eq!(each(&classifier(|net| net.relu("relu"), weights, biases))[0], Some(1));
        assert_eq!(each(&classifier(|net| net.sigmoid("sigmoid"), weights, biases))[0], Some(1));
        assert_eq!(each(&classifier(|net| net.node("tanh", ElementWise::Tanh), weights, biases)), [None; 3]);
        assert_eq!(each(&classifier(clipped(-0.4), weights, biases))[0], Some(1));
        assert_eq!(each(&classifier(clipped(-0.6), weights, biases)), [None; 3]);
        let shifted = |shift: f64| {
            let tensors = [tensor_of(vec![-1.0, 0.1], &[2]), tensor_of(vec![shift, 0.0], &[2])];
            move |net: Builder| net.affine("affine", tensors[0].clone(), tensors[1].clone())
        };
        assert_eq!(each(&classifier(shifted(0.6), weights, biases))[0], Some(1));
        assert_eq!(each(&classifier(shifted(0.4), weights, biases)), [None; 3]);
        let unbounded = |net: Builder| net.node("unbounded", ElementWise::LeakyRelu { slope: 0.1 });
        assert_eq!(each(&classifier(unbounded, weights, biases)), [None; 3]);
    }
}
