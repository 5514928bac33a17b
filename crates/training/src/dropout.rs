//! Dropout: classification with a random part of the activations set to 0.

use crate::injected_batch::mean_cross_entropy;
use crate::mini_batch::{BatchLoss, LossAndGradients};
use core_net::{Net, Trace, all_gradients, parameter_gradients};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use tensor::{DType, Tensor, by_type, gather, tensor_of, with_slice};

/// Mean cross-entropy of the net's logits with the labels, with activations of some nodes set to 0 at random.
///
/// The others are divided by the probability of being kept: the mean is as without dropout, and the trained net is used as it is.
///
/// **Paper** Hinton et al. 2012, *Improving neural networks by preventing co-adaptation of feature detectors*, where the weights are multiplied by that share after training instead.
pub struct Dropout<'a> {
    /// **Shape** `[n, …]`, f32
    pub images: &'a Tensor,
    /// n classes
    pub labels: &'a [usize],
    /// Nodes, lowest first, with the probability that an activation is set to 0; node 0 is the image.
    pub rates: Vec<(usize, f64)>,
}

impl BatchLoss for Dropout<'_> {
    fn examples(&self) -> usize {
        self.labels.len()
    }

    fn loss_and_gradients(
        &mut self,
        net: &Net,
        examples: &[usize],
        rng: &mut ChaCha8Rng,
    ) -> LossAndGradients {
        let images = gather(self.images, examples);
        let labels: Vec<usize> = examples.iter().map(|&i| self.labels[i]).collect();
        let masks = masks(net, &self.rates, (examples.len(), images.dtype()), rng);
        MaskedForward::forward(net, &images, &masks).loss_and_gradients(&labels)
    }
}

/// Masks for some nodes' activations of so many images of this type.
pub(crate) fn masks(
    net: &Net,
    rates: &[(usize, f64)],
    (images, dtype): (usize, DType),
    rng: &mut ChaCha8Rng,
) -> Vec<(usize, Tensor)> {
    let mask = |&(node, rate): &(usize, f64)| {
        let shape = [&[images], &*net.nodes()[node].shape].concat();
        (node, mask(&shape, rate, rng, dtype))
    };
    rates.iter().map(mask).collect()
}

/// 0 where an activation is dropped, `1 / (1 − rate)` where it is kept.
fn mask(shape: &[usize], rate: f64, rng: &mut ChaCha8Rng, dtype: DType) -> Tensor {
    let kept = 1.0 / (1.0 - rate);
    let draw = |_| if rng.random::<f64>() < rate { 0.0 } else { kept };
    let mask: Vec<f64> = (0..shape.iter().product()).map(draw).collect();
    tensor_of(mask, shape).to_dtype(dtype).expect("a cast in memory")
}

/// A forward pass through the pieces into which the masked nodes cut a net.
pub(crate) struct MaskedForward<'a> {
    pieces: Vec<(Net, Trace)>,
    /// Factors of the output of each piece but the last.
    masks: &'a [(usize, Tensor)],
}

impl<'a> MaskedForward<'a> {
    pub fn forward(net: &Net, images: &Tensor, masks: &'a [(usize, Tensor)]) -> Self {
        let mut pieces: Vec<(Net, Trace)> = vec![];
        let (mut from, mut input) = (0, images.clone());
        let cuts = masks.iter().map(|(node, mask)| (*node, Some(mask))).chain([(net.output(), None)]);
        for (node, mask) in cuts {
            let piece = net.above(from).up_to(node - from);
            let trace = piece.forward(&input);
            input = mask.map_or(input, |mask| product(trace.output(), mask));
            pieces.push((piece, trace));
            from = node;
        }
        Self { pieces, masks }
    }

    pub fn logits(&self) -> &Tensor {
        let (_, last) = self.pieces.last().expect("one at least");
        last.output()
    }

    pub fn loss_and_gradients(&self, labels: &[usize]) -> LossAndGradients {
        let (loss, mut gradients, signal) = self.above_the_first(labels, 1.0);
        let (piece, trace) = &self.pieces[0];
        gradients.splice(0..0, parameter_gradients(piece, trace, vec![(piece.output(), signal)]));
        (loss, gradients)
    }

    /// The same of this part of the loss, and the derivative with respect to the images.
    pub fn loss_and_all_gradients(&self, labels: &[usize], part: f64) -> (LossAndGradients, Tensor) {
        let (loss, mut gradients, signal) = self.above_the_first(labels, part);
        let (piece, trace) = &self.pieces[0];
        let (own, arrived) = all_gradients(piece, trace, vec![(piece.output(), signal)]);
        gradients.splice(0..0, own);
        ((loss, gradients), arrived)
    }

    /// The loss, its derivative with respect to the parameters of all pieces but the first, and with respect to that one's output.
    fn above_the_first(&self, labels: &[usize], part: f64) -> (f64, Vec<Option<Tensor>>, Tensor) {
        let (loss, mut signal) = mean_cross_entropy(self.logits(), labels, part);
        let mut gradients = vec![];
        for ((piece, trace), (_, mask)) in self.pieces[1..].iter().zip(self.masks).rev() {
            let (own, arrived) = all_gradients(piece, trace, vec![(piece.output(), signal)]);
            gradients.splice(0..0, own);
            signal = product(&arrived, mask);
        }
        (loss, gradients, signal)
    }
}

/// Unlike candle's own product, one that leaves no threads spinning.
fn product(activations: &Tensor, mask: &Tensor) -> Tensor {
    by_type!(activations, T => with_slice::<T, _>(activations, |a| with_slice::<T, _>(mask, |m| {
        tensor_of(a.iter().zip(m).map(|(&a, &m)| a * m).collect(), activations.dims())
    })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Classification;
    use crate::injected_batch::tests::worst_error;
    use core_net::zoo::fully_connected;
    use tensor::{seeded, to_f64s, uniform};

    const LABELS: [usize; 3] = [1, 0, 3];

    fn case(dtype: DType) -> (Net, Tensor) {
        let net = fully_connected(&[1, 3, 4], &[6, 5, 4], 7).to_dtype(dtype);
        (net, uniform(&mut seeded(8, "images"), &[3, 1, 3, 4], 1.0, dtype))
    }

    #[test]
    fn the_mean_of_what_is_left_is_what_was_there_and_the_right_part_is_missing() {
        let mask = to_f64s(&mask(&[200, 100], 0.3, &mut seeded(1, "mask"), DType::F64));
        let mean = mask.iter().sum::<f64>() / mask.len() as f64;
        let rate = mask.iter().filter(|&&m| m == 0.0).count() as f64 / mask.len() as f64;
        assert!((mean - 1.0).abs() < 0.02 && (rate - 0.3).abs() < 0.015, "{mean} {rate}");
        assert!(mask.iter().all(|&m| m == 0.0 || m == 1.0 / 0.7));
    }

    #[test]
    fn every_parameter_has_its_true_derivative_under_masks_and_a_wrong_one_is_found() {
        let (net, images) = case(DType::F64);
        let masks = masks(&net, &[(0, 0.2), (3, 0.5), (5, 0.4)], (3, DType::F64), &mut seeded(9, "masks"));
        let slope = |net: &Net| MaskedForward::forward(net, &images, &masks).loss_and_gradients(&LABELS);
        let (_, gradients) = slope(&net);
        let error = |factor| worst_error(&net, &gradients, |net| factor * slope(net).0);
        assert!(error(1.0) < 1e-9);
        assert!(error(1.1) > 1e-3);
    }

    #[test]
    fn where_nothing_is_missing_it_is_plain_classification() {
        let (net, images) = case(DType::F32);
        let mut rng = seeded(1, "none");
        let plain = Classification { images: &images, labels: &LABELS };
        let (loss, gradients) = (&plain).loss_and_gradients(&net, &[2, 0], &mut rng);
        for rates in [vec![], vec![(0, 0.0), (3, 0.0)]] {
            let mut dropout = Dropout { images: &images, labels: &LABELS, rates };
            let (same, others) = dropout.loss_and_gradients(&net, &[2, 0], &mut rng);
            assert_eq!(loss, same);
            for (a, b) in gradients.iter().zip(&others) {
                assert_eq!(a.as_ref().map(to_f64s), b.as_ref().map(to_f64s));
            }
        }
    }
}
