//! Training recipes of the nets: the paper's settings where it gives them, ours elsewhere.

use super::regularized_training::RegularizedTraining;
use core_net::{Builder, Net, zoo};
use datasets::LabeledDigits;
use lab::{Progress, Size};
use serde::Serialize;
use training::{
    Classification, Displacement, FitMonitor, MiniBatch, Scale, SoftmaxRegression, SparseAutoencoder, Trainer,
};

/// The paper's λ for the layers of a sigmoid net is 1e-5, 1e-5, 1e-6 (Table 1).
///
/// Unlike the paper, six times that: nets trained on one half of the training images then make fewer errors on the other half
/// than with the literal λ, for each of three seeds; the test set had no part in the choice.
const SIGMOID_DECAYS: [f64; 3] = [6e-5, 6e-5, 6e-6];

/// λ of the softmax on the autoencoder's code (Table 1).
const AUTOENCODER_SOFTMAX_DECAY: f64 = 1e-6;

/// A way to train a net; with the untrained net, the images and the seed it determines the weights.
#[derive(Clone, Debug, Serialize)]
pub(super) enum Recipe {
    Softmax(SoftmaxRegression),
    MiniBatch(MiniBatch),
    Autoencoder(Autoencoder),
    #[serde(rename = "Hardening")]
    Regularized(RegularizedTraining),
}

/// The code is trained first, without labels; then a softmax on it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Autoencoder {
    code: MiniBatch,
    sparsity: f64,
    sparsity_weight: f64,
    displacement: Displacement,
    softmax: SoftmaxRegression,
}

impl Recipe {
    /// FC10(λ): full-batch L-BFGS.
    pub(super) fn softmax(size: Size, weight_decay: f64) -> Self {
        let max_iterations = if size == Size::Smoke { 30 } else { 400 };
        let scale = Scale::AsIs;
        Self::Softmax(SoftmaxRegression { weight_decay, max_iterations, f_tolerance: 1e-9, scale })
    }

    /// Sigmoid nets: mini-batches.
    pub(super) fn sigmoid(size: Size) -> Self {
        let epochs = if size == Size::Smoke { 10 } else { 30 };
        Self::MiniBatch(MiniBatch {
            epochs,
            batch: 100,
            learning_rate: 5e-3,
            weight_decay: SIGMOID_DECAYS.into(),
        })
    }

    /// LeNet.
    pub(super) fn convolutional(size: Size) -> Self {
        let epochs = if size == Size::Smoke { 3 } else { 8 };
        Self::MiniBatch(MiniBatch { epochs, batch: 100, learning_rate: 2e-3, weight_decay: vec![1e-5; 5] })
    }

    /// AE400-10, of which the paper gives only the name.
    ///
    /// Unlike the paper, which does not speak of it, the encoder sees displaced images and the decoder restores them undisplaced:
    /// a classifier on the code of an ordinary autoencoder has far more errors than the paper's.
    pub(super) fn autoencoder(size: Size) -> Self {
        let (epochs, max_iterations) = if size == Size::Smoke { (5, 30) } else { (8, 300) };
        Self::Autoencoder(Autoencoder {
            code: MiniBatch { epochs, batch: 100, learning_rate: 3e-3, weight_decay: vec![5e-3, 5e-3] },
            sparsity: 0.1,
            sparsity_weight: 0.1,
            displacement: Displacement { degrees: 15.0, scale: 0.16, shear: 0.24, pixels: 2.0 },
            softmax: SoftmaxRegression {
                weight_decay: AUTOENCODER_SOFTMAX_DECAY,
                max_iterations,
                f_tolerance: 1e-7,
                scale: Scale::Standardized,
            },
        })
    }

    /// Steps of progress that the training reports at most: an epoch, or an iteration of L-BFGS, is one.
    pub(super) fn steps(&self) -> usize {
        match self {
            Recipe::Softmax(recipe) => recipe.max_iterations,
            Recipe::MiniBatch(recipe) => recipe.epochs,
            Recipe::Autoencoder(recipe) => recipe.code.epochs + recipe.softmax.max_iterations,
            Recipe::Regularized(recipe) => recipe.epochs(),
        }
    }

    /// The trained net.
    pub(super) fn train(
        &self,
        untrained: Net,
        data: &LabeledDigits,
        seed: u64,
        progress: &Progress,
        monitor: FitMonitor,
    ) -> Net {
        match self {
            Recipe::Softmax(recipe) => on_top(untrained.up_to(1), "fc1", data, recipe, monitor),
            Recipe::MiniBatch(recipe) => {
                let objective = Classification { images: &data.images, labels: &data.labels };
                Trainer::new(untrained, &objective, recipe.clone(), seed).finish(|_| progress.inc(1))
            }
            Recipe::Autoencoder(recipe) => {
                let encoder = recipe.encoder(&untrained, data, seed, progress);
                on_top(encoder, "fc2", data, &recipe.softmax, monitor)
            }
            Recipe::Regularized(recipe) => recipe.train(untrained, data, seed, progress),
        }
    }
}

impl Autoencoder {
    /// The first layer of a net that has learned to restore images.
    fn encoder(&self, untrained: &Net, data: &LabeledDigits, seed: u64, progress: &Progress) -> Net {
        let code = untrained.index_of("sigmoid1").expect("the code's layer");
        let image = &untrained.nodes()[0].shape;
        let widths = [untrained.nodes()[code].shape[0], image.iter().product()];
        let objective = SparseAutoencoder {
            images: &data.images,
            code,
            sparsity: self.sparsity,
            sparsity_weight: self.sparsity_weight,
            displacement: self.displacement,
        };
        let net = zoo::fully_connected(image, &widths, seed);
        Trainer::new(net, &objective, self.code.clone(), seed).finish(|_| progress.inc(1)).up_to(code)
    }
}

/// The net with a softmax regression on its output.
fn on_top(
    below: Net,
    name: &str,
    data: &LabeledDigits,
    recipe: &SoftmaxRegression,
    monitor: FitMonitor,
) -> Net {
    let fit = recipe.fit_monitored(below.forward(&data.images).output(), &data.labels, 10, monitor);
    Builder::on(below).linear(name, fit.weight, fit.bias).build().expect("fitted to the net's output")
}
