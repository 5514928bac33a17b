//! How a net's outputs become scores of classes.

use crate::builder::Builder;
use crate::net::Net;
use crate::operations::{ElementWise, Linear, Op, Reshape, Statistic};
use crate::shape::{Misfit, misfit};
use std::fmt::{self, Display, Formatter};
use tensor::{DType, Tensor, sigmoid, softmax, tensor_of, to_f64s};

/// What the numbers of an output are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Probabilities of classes that exclude each other, taken as they are.
    Softmax,
    /// Logits of classes that exclude each other, or logarithms of their probabilities: a softmax makes probabilities of them.
    Logits,
    /// Probabilities of classes that are independent, taken as they are; one number p means the two classes 1 − p and p.
    Sigmoid,
    /// Logits of classes that are independent: a sigmoid makes probabilities of them; one number means two classes, as above.
    BinaryLogits,
    /// Numbers that are no scores of classes: a regression, an embedding, feature maps.
    Plain,
}

/// How the output of a net is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scores {
    reading: Reading,
    /// How many numbers an output has.
    outputs: usize,
    /// The node whose activation is the logits, where there is one.
    logits: Option<usize>,
}

/// What stands at the end of a net, below what only moves its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// A softmax over the classes, at this node where its input is the logits.
    Softmax(Option<usize>),
    /// A softmax over the channels of maps: at each place the probabilities of the classes.
    SoftmaxMaps,
    /// A sigmoid, at this node where its input is the logits; or what has the range of one.
    Sigmoid(Option<usize>),
    /// Probabilities that something else was done with: no logits are known, and no classes.
    Changed,
    /// Anything else.
    Open,
}

impl Scores {
    /// The reading that the graph tells.
    ///
    /// What only moves numbers (Identity, Cast, Dropout, Flatten, Reshape, Squeeze, Transpose) is looked through.
    /// So are rectifiers, limits and means over places of probabilities.
    /// Below it, a softmax over one axis means [`Reading::Softmax`], a sigmoid, or limits within 0 and 1, [`Reading::Sigmoid`];
    /// several numbers in one row are [`Reading::Logits`] otherwise.
    /// One number that is no sigmoid, maps, a tanh, and probabilities that are scaled, summed or joined are [`Reading::Plain`].
    pub fn from_graph(net: &Net) -> Scores {
        let ending = ending(net, net.output());
        let reading = match ending {
            _ if !is_row(net) => Reading::Plain,
            Ending::Sigmoid(_) => Reading::Sigmoid,
            // A softmax over one number is always 1.
            Ending::Softmax(_) | Ending::Open if outputs(net) == 1 => Reading::Plain,
            Ending::Softmax(_) => Reading::Softmax,
            Ending::SoftmaxMaps | Ending::Changed => Reading::Plain,
            Ending::Open => Reading::Logits,
        };
        Scores::with_ending(net, reading, ending)
    }

    /// This reading, whatever the graph tells.
    ///
    /// # Errors
    /// If the output is no row of numbers, and the reading needs one.
    pub fn with_reading(net: &Net, reading: Reading) -> Result<Scores, Misfit> {
        if !is_row(net) && reading != Reading::Plain {
            let shape = &net.nodes()[net.output()].shape;
            return misfit("an output of one number for each class", format!("shape {shape:?}"));
        }
        if matches!(reading, Reading::Logits | Reading::Softmax) && outputs(net) == 1 {
            return misfit("two numbers or more for classes of which one is true", "one");
        }
        Ok(Scores::with_ending(net, reading, ending(net, net.output())))
    }

    fn with_ending(net: &Net, reading: Reading, ending: Ending) -> Scores {
        let logits = match (reading, ending) {
            (Reading::Softmax, Ending::Softmax(node)) | (Reading::Sigmoid, Ending::Sigmoid(node)) => {
                node.map(|node| net.nodes()[node].inputs[0])
            }
            (Reading::Logits | Reading::BinaryLogits, _) => Some(net.output()),
            _ => None,
        };
        Scores { reading, outputs: outputs(net), logits }
    }

    /// What the numbers are.
    pub fn reading(&self) -> Reading {
        self.reading
    }

    /// Whether an output is one number: then the logit of class 0 says nothing, and log-odds stand for both.
    pub fn are_one_number(&self) -> bool {
        self.outputs == 1
    }

    /// How many classes the net tells apart, or tells independently; `None` where its numbers are no scores of classes.
    pub fn classes(&self) -> Option<usize> {
        match self.reading {
            Reading::Plain => None,
            Reading::Sigmoid | Reading::BinaryLogits if self.outputs == 1 => Some(2),
            _ => Some(self.outputs),
        }
    }

    /// Whether exactly one of the classes is true, so that one of them is the net's answer.
    pub fn are_exclusive(&self) -> bool {
        match self.reading {
            Reading::Softmax | Reading::Logits => true,
            Reading::Sigmoid | Reading::BinaryLogits => self.outputs == 1,
            Reading::Plain => false,
        }
    }

    /// The probability of every class for each image, or the numbers themselves where they are no scores of classes.
    ///
    /// **Shape** output `[n, …]`, of the net; the result is `[n, classes]`, in f64.
    ///
    /// # Panics
    /// If the output is not a batch.
    pub fn probabilities(&self, output: &Tensor) -> Tensor {
        let rows =
            output.reshape((output.dims()[0], self.outputs)).and_then(|rows| rows.to_dtype(DType::F64));
        let rows = rows.expect("a batch, cast in memory");
        match self.reading {
            Reading::Softmax | Reading::Plain => rows,
            Reading::Logits => softmax(&rows),
            Reading::Sigmoid => self.both(rows),
            Reading::BinaryLogits => self.both(sigmoid(&rows)),
        }
    }

    /// Of one number p, 1 − p and p.
    fn both(&self, rows: Tensor) -> Tensor {
        if self.outputs > 1 {
            return rows;
        }
        let both: Vec<f64> = to_f64s(&rows).into_iter().flat_map(|p| [1.0 - p, p]).collect();
        tensor_of(both, &[rows.dims()[0], 2])
    }

    /// The node whose activation is the logits, where they are known.
    pub fn logits_node(&self) -> Option<usize> {
        self.logits
    }

    /// The net up to its logits, one for each class: of exclusive classes their softmax is the probabilities,
    /// of independent ones their sigmoid. One sigmoid of z has the logits 0 and z.
    ///
    /// `None` where no logits are known.
    pub fn logits(&self, net: &Net) -> Option<Net> {
        let node = self.logits?;
        let mut builder = Builder::on(net.up_to(node));
        if net.nodes()[node].shape.len() != 1 {
            builder = builder.node(&net.unused_name("logits"), Reshape(vec![self.outputs]));
        }
        if self.outputs == 1 {
            let dtype = net.parameters().first().map_or(DType::F32, |(_, tensor)| tensor.dtype());
            let numbers = |values: Vec<f64>, shape: &[usize]| {
                tensor_of(values, shape).to_dtype(dtype).expect("a cast in memory")
            };
            let both = Linear { weight: numbers(vec![0.0, 1.0], &[2, 1]), bias: numbers(vec![0.0; 2], &[2]) };
            builder = builder.node(&net.unused_name("both"), both);
        }
        Some(builder.build().expect("a row of numbers, and names that are free"))
    }
}

/// `logits of 1000 classes (a softmax is applied)`
impl Display for Scores {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        let count = self.outputs;
        match self.reading {
            Reading::Softmax => write!(f, "probabilities of {count} classes (softmax)"),
            Reading::Logits => write!(f, "logits of {count} classes (a softmax is applied)"),
            Reading::Sigmoid if count == 1 => {
                f.write_str("one probability p (sigmoid): class 0 is 1 - p, class 1 is p")
            }
            Reading::Sigmoid => write!(f, "{count} independent probabilities (sigmoids)"),
            Reading::BinaryLogits if count == 1 => {
                f.write_str("one logit (a sigmoid is applied): class 0 is 1 - p, class 1 is p")
            }
            Reading::BinaryLogits => {
                write!(f, "logits of {count} independent classes (sigmoids are applied)")
            }
            Reading::Plain if count == 1 => f.write_str("one plain number"),
            Reading::Plain => write!(f, "{count} plain numbers"),
        }
    }
}

impl Net {
    /// The probability of every class for each image, from the net's output as [`Scores::from_graph`] reads it.
    ///
    /// # Panics
    /// As [`Scores::probabilities`].
    pub fn probabilities(&self, output: &Tensor) -> Tensor {
        Scores::from_graph(self).probabilities(output)
    }
}

fn outputs(net: &Net) -> usize {
    net.nodes()[net.output()].shape.iter().product()
}

/// Whether the output is one row of numbers: all its sides but one are 1.
fn is_row(net: &Net) -> bool {
    net.nodes()[net.output()].shape.iter().filter(|&&side| side > 1).count() <= 1
}

fn ending(net: &Net, node: usize) -> Ending {
    let computed = &net.nodes()[node];
    let below = |input: &usize| ending(net, *input);
    match &computed.op {
        Op::Identity | Op::Dropout | Op::Flatten | Op::Reshape(_) | Op::Transpose(_) => {
            match below(&computed.inputs[0]) {
                // In another order or shape, nobody knows which are the classes.
                Ending::SoftmaxMaps => Ending::Changed,
                ending => ending,
            }
        }
        Op::Softmax => match computed.shape[..] {
            [_, ref places @ ..] if places.iter().all(|&side| side == 1) => Ending::Softmax(Some(node)),
            _ => Ending::SoftmaxMaps,
        },
        Op::ElementWise(function) => of_function(node, *function, || below(&computed.inputs[0])),
        Op::GlobalMeanPool => mean(below(&computed.inputs[0])),
        Op::Pool(pooling) => match (pooling.statistic, below(&computed.inputs[0])) {
            (Statistic::Mean(_), ending) => mean(ending),
            (Statistic::Max, Ending::Sigmoid(_)) => Ending::Sigmoid(None),
            (_, Ending::Open) => Ending::Open,
            _ => Ending::Changed,
        },
        Op::Affine(_) | Op::Concat | Op::Add => {
            let is_open = |input: &usize| below(input) == Ending::Open;
            if computed.inputs.iter().all(is_open) { Ending::Open } else { Ending::Changed }
        }
        _ => Ending::Open,
    }
}

/// What a function of each number leaves of what is below.
fn of_function(node: usize, function: ElementWise, below: impl Fn() -> Ending) -> Ending {
    match function {
        ElementWise::Sigmoid => Ending::Sigmoid(Some(node)),
        ElementWise::Tanh => Ending::Changed,
        ElementWise::Relu => below(),
        ElementWise::Clip { low, high } => match below() {
            // Within 0 and 1, as a hard sigmoid is.
            Ending::Open if low >= 0.0 && high <= 1.0 => Ending::Sigmoid(None),
            Ending::Open => Ending::Open,
            ending if low <= LIMIT && high >= 1.0 - LIMIT => ending,
            _ => Ending::Changed,
        },
        ElementWise::LeakyRelu { .. } => match below() {
            Ending::Open => Ending::Open,
            _ => Ending::Changed,
        },
    }
}

/// Limits so near 0 and 1 only keep logarithms of probabilities finite.
const LIMIT: f64 = 1e-2;

/// What the mean over places leaves: of probabilities, probabilities whose logits are not known.
fn mean(below: Ending) -> Ending {
    match below {
        Ending::Softmax(_) | Ending::SoftmaxMaps => Ending::Softmax(None),
        Ending::Sigmoid(_) => Ending::Sigmoid(None),
        ending => ending,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::{Affine, Pooling};
    use tensor::{Pool, argmax, to_f64s};

    fn near(found: &Tensor, expected: &[f64]) {
        let found = to_f64s(found);
        let close =
            found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12);
        assert!(close, "{found:?}, expected {expected:?}");
    }

    /// What the net says of an image by its own reading, and by the softmax or the sigmoid of its logits.
    fn check(builder: Builder, image: &[f64], reading: Reading, expected: &[f64]) {
        let net = builder.build().expect("it fits");
        let scores = Scores::from_graph(&net);
        assert_eq!(scores.reading(), reading, "{net:?}");
        let image = tensor_of(image.to_vec(), &[&[1], &net.nodes()[0].shape[..]].concat());
        near(&scores.probabilities(net.forward(&image).output()), expected);
        let Some(logits) = scores.logits(&net) else { return };
        let logits = logits.to_dtype(DType::F64).forward(&image).output().clone();
        assert_eq!(logits.dims(), [1, expected.len()]);
        near(&if scores.are_exclusive() { softmax(&logits) } else { sigmoid(&logits) }, expected);
        if scores.are_exclusive() {
            assert_eq!(argmax(&logits), argmax(&tensor_of(expected.to_vec(), &[1, expected.len()])));
        }
    }

    fn start(shape: &[usize]) -> Builder {
        Builder::new(shape)
    }

    const X: [f64; 3] = [0.0, std::f64::consts::LN_2, 1.609_437_912_434_100_3];
    const P: [f64; 3] = [0.125, 0.25, 0.625];

    #[test]
    fn logits_a_softmax_and_its_logarithm_say_the_same_behind_what_only_moves_numbers() {
        let softmax = || start(&[3, 1, 1]).node("softmax", Op::Softmax);
        check(start(&[3, 1, 1]).identity("logits"), &X, Reading::Logits, &P);
        check(start(&[3]).node("log", Op::LogSoftmax), &X, Reading::Logits, &P);
        check(softmax(), &X, Reading::Softmax, &P);
        check(softmax().flatten("row").identity("cast"), &X, Reading::Softmax, &P);
        check(softmax().node("row", Reshape(vec![1, 3])), &X, Reading::Softmax, &P);
        check(softmax().node("drop", Op::Dropout).node("row", Reshape(vec![3])), &X, Reading::Softmax, &P);
    }

    #[test]
    fn one_sigmoid_is_two_classes_and_several_are_independent() {
        let z = [1.098_612_288_668_109_8];
        check(start(&[1]).sigmoid("p"), &z, Reading::Sigmoid, &[0.25, 0.75]);
        check(
            start(&[1, 1, 1]).sigmoid("p").flatten("row").identity("cast"),
            &z,
            Reading::Sigmoid,
            &[0.25, 0.75],
        );
        check(start(&[3]).sigmoid("p"), &[0.0, z[0], -z[0]], Reading::Sigmoid, &[0.5, 0.75, 0.25]);
        check(start(&[1]).sigmoid("p").node("scalar", Reshape(vec![])), &z, Reading::Sigmoid, &[0.25, 0.75]);
        let scalar = start(&[1]).node("scalar", Reshape(vec![])).sigmoid("p");
        check(scalar, &z, Reading::Sigmoid, &[0.25, 0.75]);
        let net = start(&[1]).identity("z").build().expect("it fits");
        let scores = Scores::with_reading(&net, Reading::BinaryLogits).expect("one number");
        assert_eq!((scores.classes(), scores.are_exclusive()), (Some(2), true));
        near(&scores.probabilities(&tensor_of(z.to_vec(), &[1, 1])), &[0.25, 0.75]);
    }

    #[test]
    fn what_is_no_score_of_classes_is_left_as_it_is() {
        check(start(&[1]).identity("y"), &[-3.5], Reading::Plain, &[-3.5]);
        check(start(&[2]).node("y", ElementWise::Tanh), &[0.0, 0.0], Reading::Plain, &[0.0, 0.0]);
        check(
            start(&[2, 1, 2]).identity("maps"),
            &[1.0, 2.0, 3.0, 4.0],
            Reading::Plain,
            &[1.0, 2.0, 3.0, 4.0],
        );
        let percent = Affine { scale: tensor_of(vec![100.0; 2], &[2]), shift: tensor_of(vec![0.0; 2], &[2]) };
        let net = || start(&[2]).node("p", Op::Softmax);
        check(net().node("percent", percent), &[0.0, 0.0], Reading::Plain, &[50.0, 50.0]);
        check(net().add("twice", &["p", "p"]), &[0.0, 0.0], Reading::Plain, &[1.0, 1.0]);
        // A softmax of two maps over their channels, in one row: four numbers that sum to 2.
        check(start(&[2, 1, 2]).node("p", Op::Softmax).flatten("row"), &[0.0; 4], Reading::Plain, &[0.5; 4]);
    }

    #[test]
    fn limits_and_means_of_probabilities_are_probabilities() {
        let z = 1.098_612_288_668_109_8;
        let clip = |low, high| ElementWise::Clip { low, high };
        let sigmoids = || start(&[2]).sigmoid("p");
        check(sigmoids().node("y", clip(1e-7, 1.0 - 1e-7)), &[z, -z], Reading::Sigmoid, &[0.75, 0.25]);
        check(sigmoids().relu("y"), &[z, -z], Reading::Sigmoid, &[0.75, 0.25]);
        check(start(&[2]).node("hard", clip(0.0, 1.0)), &[0.3, 7.0], Reading::Sigmoid, &[0.3, 1.0]);
        check(start(&[2]).node("six", clip(0.0, 6.0)), &[0.0, 0.0], Reading::Logits, &[0.5, 0.5]);
        let maps = || start(&[2, 1, 2]).sigmoid("p");
        check(maps().global_mean_pool("y"), &[0.0, z, -z, 0.0], Reading::Sigmoid, &[0.625, 0.375]);
        let pool = Pool { kernel: [1, 2], ..Pool::square(2, 2) };
        let both = Pooling { pool, statistic: Statistic::Max };
        check(maps().node("y", both), &[0.0, z, -z, 0.0], Reading::Sigmoid, &[0.75, 0.5]);
        let softmax = start(&[2, 1, 2]).node("p", Op::Softmax).global_mean_pool("y");
        check(softmax, &[z, 0.0, 0.0, 0.0], Reading::Softmax, &[0.625, 0.375]);
        check(start(&[1]).node("p", Op::Softmax), &[3.0], Reading::Plain, &[1.0]);
    }

    #[test]
    fn a_reading_that_the_output_cannot_have_is_refused() {
        let maps = start(&[2, 3, 3]).identity("maps").build().expect("it fits");
        assert!(Scores::with_reading(&maps, Reading::Softmax).is_err());
        assert!(Scores::with_reading(&maps, Reading::Plain).is_ok());
        let one = start(&[1]).identity("y").build().expect("it fits");
        assert!(Scores::with_reading(&one, Reading::Logits).is_err());
    }
}
