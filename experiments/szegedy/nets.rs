//! The nets of Tables 1 to 4 by the paper's names, and a convolutional one.

use super::recipes::Recipe;
use super::regularized_training::{Regularization, RegularizedTraining};
use anyhow::Result;
use core_net::{Net, zoo};
use datasets::LabeledDigits;
use lab::{Run, Size};
use rayon::prelude::*;

/// A net of the paper: its name, the widths of its layers, how it is trained.
#[derive(Clone, Copy, Debug)]
pub struct NetDesign {
    /// As the tables call it.
    pub name: &'static str,
    /// Its place in its table: nets of one table begin and go on differently, even where their names differ by a prime.
    number: u64,
    widths: &'static [usize],
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Softmax { weight_decay: f64 },
    Sigmoid,
    Autoencoder,
    Convolutional,
    Regularized(Regularization),
}

/// A small convolutional net, which the paper's experiments on MNIST do not have.
pub const LENET: NetDesign = NetDesign { name: "LeNet", number: 6, widths: &[], kind: Kind::Convolutional };

/// The nets of Tables 1 and 2.
pub const TABLE1: [NetDesign; 6] = [
    NetDesign { name: "FC10(1e-4)", number: 0, widths: &[10], kind: Kind::Softmax { weight_decay: 1e-4 } },
    NetDesign { name: "FC10(1e-2)", number: 1, widths: &[10], kind: Kind::Softmax { weight_decay: 1e-2 } },
    NetDesign { name: "FC10(1)", number: 2, widths: &[10], kind: Kind::Softmax { weight_decay: 1.0 } },
    NetDesign { name: "FC100-100-10", number: 3, widths: &[100, 100, 10], kind: Kind::Sigmoid },
    NetDesign { name: "FC200-200-10", number: 4, widths: &[200, 200, 10], kind: Kind::Sigmoid },
    NetDesign { name: "AE400-10", number: 5, widths: &[400, 10], kind: Kind::Autoencoder },
];

/// The nets of Tables 3 and 4: the first two are trained on P1, the last on P2.
pub const TABLE3: [NetDesign; 3] = [
    NetDesign { name: "FC100-100-10", number: 0, widths: &[100, 100, 10], kind: Kind::Sigmoid },
    NetDesign { name: "FC123-456-10", number: 1, widths: &[123, 456, 10], kind: Kind::Sigmoid },
    NetDesign { name: "FC100-100-10'", number: 2, widths: &[100, 100, 10], kind: Kind::Sigmoid },
];

/// FC100-100-10 by the four trainings of §4.2's end, each from the same first weights.
pub const REGULARIZED: [NetDesign; 4] = [
    regularized("FC100-100-10 with per-layer pools", Regularization::LayerPools),
    regularized("FC100-100-10 weight decay only", Regularization::Nothing),
    regularized("FC100-100-10 dropout", Regularization::Dropout),
    regularized("FC100-100-10 with an input pool", Regularization::InputPool),
];

const fn regularized(name: &'static str, regularization: Regularization) -> NetDesign {
    NetDesign { name, number: 3, widths: &[100, 100, 10], kind: Kind::Regularized(regularization) }
}

/// The digits, training and test; at smoke size the first few.
///
/// # Errors
/// As [`Run::mnist`].
pub fn digits(run: &Run) -> Result<[LabeledDigits; 2]> {
    let mnist = run.mnist()?;
    let part = |set: &LabeledDigits, smoke: usize| {
        let n = if run.size() == Size::Smoke { smoke } else { set.len() };
        set.select(&(0..n).collect::<Vec<_>>())
    };
    Ok([part(&mnist.train, 2000), part(&mnist.test, 500)])
}

/// P1 and P2, two disjoint halves of the images by the seed.
pub fn halves(set: &LabeledDigits, seed: u64) -> [LabeledDigits; 2] {
    datasets::halves(set.len(), seed).map(|index| set.select(&index))
}

/// Number of misclassified images of the set.
pub fn errors(net: &Net, set: &LabeledDigits) -> usize {
    adversarial::misclassified(net, &set.images, &set.labels)
}

/// Each net trained on its images, or taken from the checkpoints; `part` names the images, and the nets' seeds follow from `seed`.
///
/// # Errors
/// As [`Run::net`].
pub fn train_all(
    run: &Run,
    nets: &[NetDesign],
    data: &[(&str, &LabeledDigits)],
    seed: u64,
) -> Result<Vec<Net>> {
    run.stage("train");
    let train = |(net, (part, images)): (&NetDesign, &(&str, &LabeledDigits))| {
        let seed = seed.wrapping_mul(100).wrapping_add(net.number);
        let untrained = match net.kind {
            Kind::Convolutional => zoo::untrained("lenet", 10, [28, 28], seed),
            _ => zoo::fully_connected(&[1, 28, 28], net.widths, seed),
        };
        let recipe = match net.kind {
            Kind::Softmax { weight_decay } => Recipe::softmax(run.size(), weight_decay),
            Kind::Sigmoid => Recipe::sigmoid(run.size()),
            Kind::Autoencoder => Recipe::autoencoder(run.size()),
            Kind::Convolutional => Recipe::convolutional(run.size()),
            Kind::Regularized(regularization) => {
                Recipe::Regularized(RegularizedTraining::new(&untrained, regularization, run.size()))
            }
        };
        let settings = (&recipe, part, images.len(), seed);
        run.net(net.name, &settings, untrained, |untrained, file| {
            let progress = run.progress(&format!("train {}", net.name), recipe.steps());
            Ok(recipe.train(untrained, images, seed, &progress, file.monitor(&progress)))
        })
    };
    nets.par_iter().zip(data).map(train).collect()
}
