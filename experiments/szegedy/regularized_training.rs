//! The four trainings of FC100-100-10 that §4.2 compares at its end.

use adversarial::ProjectedGradientAscent;
use core_net::Net;
use datasets::LabeledDigits;
use lab::{Progress, Size};
use serde::Serialize;
use training::{Classification, Dropout, InjectionPoint, MiniBatch, PoolSettings, Pools, Trainer};

/// Regularization beside weight decay.
#[derive(Clone, Copy, Debug)]
pub(super) enum Regularization {
    Nothing,
    Dropout,
    /// A pool of adversarial images.
    InputPool,
    /// A pool of adversarial examples for the output of every layer: the image, and both hidden layers.
    LayerPools,
}

/// Passes over the training images; the paper does not say how many. As many for each of the four trainings.
const EPOCHS: usize = 150;

/// Dropout rates of the image and of both hidden layers.
const DROPOUT_RATES: [(&str, f64); 3] = [("input", 0.1), ("sigmoid1", 0.1), ("sigmoid2", 0.1)];

/// The paper says of its pools only that a random subset is continuously replaced.
const POOL: PoolSettings = PoolSettings { size: 1000, replaced: 100, drawn: 100 };

/// A pool at the output of a layer: the node, the pool's share of the loss, the distortion of its examples.
type PoolAt = (&'static str, f64, f64);

const INPUT_POOL: [PoolAt; 1] = [("input", 0.5, 0.04)];
const LAYER_POOLS: [PoolAt; 3] = [("input", 0.3, 0.03), ("sigmoid1", 0.2, 0.02), ("sigmoid2", 0.2, 0.02)];

/// A training with all its settings.
#[derive(Clone, Debug, Serialize)]
pub(super) struct RegularizedTraining {
    mini_batch: MiniBatch,
    method: Method,
}

#[derive(Clone, Debug, Serialize)]
enum Method {
    Plain,
    /// Nodes and their dropout rates.
    Dropout(Vec<(usize, f64)>),
    Pools(PoolSettings, Vec<InjectionPoint<ProjectedGradientAscent>>),
}

impl RegularizedTraining {
    /// Settings for this net.
    ///
    /// Weight decay, dropout, and the pools' sizes, shares and distortions were chosen by the errors on the last
    /// 10,000 training images of nets trained on the others; the test set had no part in the choice.
    pub(super) fn new(net: &Net, regularization: Regularization, size: Size) -> Self {
        let node = |name: &str| net.index_of(name).expect("a layer of the net");
        let point = |&(name, share, size): &PoolAt| InjectionPoint {
            node: node(name),
            share,
            generator: ProjectedGradientAscent { size, steps: 1 },
        };
        let pools = |pools: &[PoolAt]| Method::Pools(POOL, pools.iter().map(point).collect());
        let (weight_decay, method) = match regularization {
            Regularization::Nothing => (6e-5, Method::Plain),
            Regularization::Dropout => (
                1e-5,
                Method::Dropout(DROPOUT_RATES.iter().map(|&(name, share)| (node(name), share)).collect()),
            ),
            Regularization::InputPool => (3e-5, pools(&INPUT_POOL)),
            Regularization::LayerPools => (1e-5, pools(&LAYER_POOLS)),
        };
        let mini_batch = MiniBatch {
            epochs: if size == Size::Smoke { 10 } else { EPOCHS },
            batch: 100,
            learning_rate: 5e-3,
            // As in Table 1, the last layer's is a tenth of the others'.
            weight_decay: vec![weight_decay, weight_decay, 0.1 * weight_decay],
        };
        Self { mini_batch, method }
    }

    pub(super) fn epochs(&self) -> usize {
        self.mini_batch.epochs
    }

    /// The trained net.
    pub(super) fn train(&self, net: Net, data: &LabeledDigits, seed: u64, progress: &Progress) -> Net {
        let (LabeledDigits { images, labels }, settings) = (data, self.mini_batch.clone());
        match &self.method {
            Method::Plain => Trainer::new(net, &Classification { images, labels }, settings, seed)
                .finish(|_| progress.inc(1)),
            Method::Dropout(rates) => {
                let dropout = Dropout { images, labels, rates: rates.clone() };
                Trainer::new(net, dropout, settings, seed).finish(|_| progress.inc(1))
            }
            Method::Pools(pool, points) => {
                let pools = Pools::new(&net, (images, labels), *pool, points.clone());
                Trainer::new(net, pools, settings, seed).finish(|_| progress.inc(1))
            }
        }
    }
}
