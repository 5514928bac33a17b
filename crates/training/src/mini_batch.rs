//! Training in mini-batches: Adam under a cosine schedule, an epoch at a time.

use crate::adam::{Adam, cosine};
use core_net::{Net, Trace, parameter_gradients};
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use tensor::{Tensor, seeded};

/// A loss to minimize, a mini-batch at a time.
pub trait Objective: Sync {
    /// The number of examples.
    fn examples(&self) -> usize;

    /// The input for these examples; noise is drawn from `rng`.
    fn input(&self, examples: &[usize], rng: &mut ChaCha8Rng) -> Tensor;

    /// The mean loss over these examples, and its derivative with respect to some nodes' activations.
    fn loss(&self, net: &Net, trace: &Trace, examples: &[usize]) -> (f64, Vec<(usize, Tensor)>);
}

/// The loss and gradients of a mini-batch: those of a reference to an [`Objective`], or of a loss that takes more than one pass through the net.
pub trait BatchLoss {
    /// The number of examples.
    fn examples(&self) -> usize;

    /// The mean loss over these examples and its gradients; noise is drawn from `rng`.
    fn loss_and_gradients(&mut self, net: &Net, examples: &[usize], rng: &mut ChaCha8Rng)
    -> LossAndGradients;
}

/// A loss, and its derivative with respect to every parameter, in the order of [`Net::parameters`]; `None` where no signal reaches it.
pub type LossAndGradients = (f64, Vec<Option<Tensor>>);

impl<O: Objective> BatchLoss for &O {
    fn examples(&self) -> usize {
        Objective::examples(*self)
    }

    fn loss_and_gradients(
        &mut self,
        net: &Net,
        examples: &[usize],
        rng: &mut ChaCha8Rng,
    ) -> LossAndGradients {
        let trace = net.forward(&self.input(examples, rng));
        let (loss, signals) = self.loss(net, &trace, examples);
        (loss, parameter_gradients(net, &trace, signals))
    }
}

/// Settings of a training in mini-batches.
#[derive(Clone, Debug, Serialize)]
pub struct MiniBatch {
    /// Passes over the examples.
    pub epochs: usize,
    /// Examples a step; a last incomplete batch is left out.
    pub batch: usize,
    /// Adam's first learning rate; it falls by a cosine to `1e-5`.
    pub learning_rate: f64,
    /// λ of each layer with weights, in order: `(λ/2) Σ w²` is added to the mean loss. Biases are free.
    pub weight_decay: Vec<f64>,
}

/// One finished epoch.
#[derive(Clone, Copy, Debug)]
pub struct Epoch {
    /// Counted from 1.
    pub number: usize,
    /// Loss, averaged over the epoch's batches.
    pub loss: f64,
}

/// Training in mini-batches by Adam: an iterator over the epochs.
pub struct Trainer<D> {
    net: Net,
    objective: D,
    settings: MiniBatch,
    states: Vec<Adam>,
    decays: Vec<f32>,
    rng: ChaCha8Rng,
    finished: usize,
}

impl<D: BatchLoss + Send> Trainer<D> {
    /// Starts from the net's parameters. The order of examples and the noise follow from the seed.
    ///
    /// The objective is a reference to an [`Objective`], or a [`BatchLoss`] of its own.
    ///
    /// # Panics
    /// If the settings' weight decays are not one for each layer with weights.
    pub fn new(net: Net, objective: D, settings: MiniBatch, seed: u64) -> Self {
        let states = net.parameters().iter().map(|(_, tensor)| Adam::new(tensor)).collect();
        let decays = decay_of_each_parameter(&net, &settings.weight_decay);
        let rng = seeded(seed, "mini-batches");
        Self { net, objective, settings, states, decays, rng, finished: 0 }
    }

    /// The net after the epochs that are left; `observe` is called after each.
    pub fn finish(mut self, observe: impl FnMut(Epoch)) -> Net {
        self.by_ref().for_each(observe);
        self.net
    }

    /// The net with its current parameters.
    pub fn into_net(self) -> Net {
        self.net
    }

    fn step(&mut self, examples: &[usize], rate: f64) -> f64 {
        let (loss, gradients) = self.objective.loss_and_gradients(&self.net, examples, &mut self.rng);
        let updates = self.states.iter_mut().zip(&gradients).zip(&self.decays);
        for (((state, gradient), &decay), parameter) in updates.zip(self.net.parameters_mut()) {
            if let Some(gradient) = gradient {
                *parameter = state.step(gradient, decay, rate as f32);
            }
        }
        loss
    }

    fn epoch(&mut self) -> Epoch {
        let mut order: Vec<usize> = (0..self.objective.examples()).collect();
        order.shuffle(&mut self.rng);
        let batches: Vec<&[usize]> = order.chunks_exact(self.settings.batch.min(order.len())).collect();
        let mut sum = 0.0;
        for (index, examples) in batches.iter().enumerate() {
            let done = self.finished as f64 + index as f64 / batches.len() as f64;
            sum +=
                self.step(examples, cosine(self.settings.learning_rate, done / self.settings.epochs as f64));
        }
        self.finished += 1;
        Epoch { number: self.finished, loss: sum / batches.len() as f64 }
    }
}

impl<D: BatchLoss + Send> Iterator for Trainer<D> {
    type Item = Epoch;

    fn next(&mut self) -> Option<Epoch> {
        if self.finished == self.settings.epochs {
            return None;
        }
        // On one of rayon's own threads: from outside, every product that is shared would wake the pool and wait for it.
        Some(rayon::scope(|_| self.epoch()))
    }
}

/// λ for weights, 0 for biases.
fn decay_of_each_parameter(net: &Net, weight_decay: &[f64]) -> Vec<f32> {
    let mut layers = weight_decay.iter();
    let decay = |(name, _): &(String, &Tensor)| {
        if name.ends_with("weight") {
            *layers.next().expect("a weight decay for each layer") as f32
        } else {
            0.0
        }
    };
    let decays = net.parameters().iter().map(decay).collect();
    assert_eq!(layers.len(), 0, "a layer for each weight decay");
    decays
}
