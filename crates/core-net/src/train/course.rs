//! Training by the recipe of Zeiler & Fergus 2013, §3, an epoch at a time.

use super::dropout::{Masked, masks};
use super::loader::in_order;
use super::momentum::{Momentum, Pace};
use super::plateau::Plateau;
use super::portions::{Portions, waist};
use crate::net::Net;
use crate::op::Op;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::time::Instant;
use tensor::{Tensor, seeded};

/// Settings of a training by the paper's recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// Passes over the examples at most.
    pub epochs: usize,
    /// Examples a step; a last incomplete batch is left out.
    pub batch: usize,
    /// The first learning rate.
    pub learning_rate: f64,
    /// When it falls.
    pub plateau: Plateau,
    /// What is left of the velocity of the step before.
    pub momentum: f64,
    /// λ of `(λ/2) Σ w²`, which is added to the mean loss; biases are free.
    pub weight_decay: f64,
    /// The probability that an activation is missing at a dropout node.
    pub dropout: f64,
    /// The root mean square that no filter of a convolution exceeds.
    pub filter_radius: f64,
}

/// One finished epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Passed {
    /// The learning rate.
    pub rate: f64,
    /// The loss, averaged over the epoch's batches as they came.
    pub loss: f64,
    /// The share of examples misread as they came, changed at random and with activations missing.
    pub training_error: f64,
    /// What the caller found after it.
    pub validation_error: f64,
    /// What learning took, in seconds on the clock; the caller's validation is not counted.
    pub seconds: f64,
}

/// What an epoch's batches made of it.
#[derive(Clone, Copy, Debug)]
pub struct Lesson {
    /// The mean loss.
    pub loss: f64,
    /// The share of examples misread.
    pub error: f64,
    /// Seconds on the clock.
    pub seconds: f64,
}

/// A training under way. After each epoch the caller measures the validation error and says it.
///
/// All that is random in an epoch follows from the seed and the epoch's number:
/// a training that is read back from its file goes on to the same weights, to the last bit.
pub struct Course {
    pub(super) net: Net,
    pub(super) recipe: Recipe,
    pub(super) seed: u64,
    pub(super) moving: Vec<Momentum>,
    pub(super) passed: Vec<Passed>,
}

impl Course {
    /// Begins at the net's present parameters.
    pub fn new(net: Net, recipe: Recipe, seed: u64) -> Self {
        let moving = net.parameters().iter().map(|(_, parameter)| Momentum::new(parameter)).collect();
        Self { net, recipe, seed, moving, passed: vec![] }
    }

    /// The finished epochs: the learning curve.
    pub fn passed(&self) -> &[Passed] {
        &self.passed
    }

    /// The net with its present parameters.
    pub fn net(&self) -> &Net {
        &self.net
    }

    /// The learning rate of the next epoch; none when the training is over.
    pub fn rate(&self) -> Option<f64> {
        let errors: Vec<f64> = self.passed.iter().map(|epoch| epoch.validation_error).collect();
        let share = self.recipe.plateau.share(&errors)?;
        (self.passed.len() < self.recipe.epochs).then_some(share * self.recipe.learning_rate)
    }

    /// Steps over all examples once, in random order.
    ///
    /// `load` makes the images `[n, …]` and labels of some examples, on threads of its own, ahead of their use;
    /// `report` is told how many examples were learned from, batch after batch.
    ///
    /// # Errors
    /// The first of `load`; the parameters are then those of a part of the epoch.
    ///
    /// # Panics
    /// If the training is over, or there are fewer examples than one batch takes.
    pub fn epoch<E: Send>(
        &mut self,
        examples: usize,
        load: impl Fn(&[usize], &mut ChaCha8Rng) -> Result<(Tensor, Vec<usize>), E> + Sync,
        report: impl Fn(usize) + Sync,
    ) -> Result<Lesson, E> {
        let start = Instant::now();
        let rate = self.rate().expect("epoch: the training is over");
        assert!(examples >= self.recipe.batch, "epoch: expected a batch of examples, got {examples}");
        let stream = |purpose: &str| self.stream(purpose);
        let mut order: Vec<usize> = (0..examples).collect();
        order.shuffle(&mut stream("order"));
        let batches: Vec<&[usize]> = order.chunks_exact(self.recipe.batch).collect();
        let loads: Vec<ChaCha8Rng> = (0..batches.len()).map(|i| stream(&format!("batch {i}"))).collect();
        let mut missing = stream("missing activations");
        let load = |index: usize| load(batches[index], &mut loads[index].clone());
        let (mut loss, mut misread) = (0.0, 0);
        // On one of rayon's own threads: from outside, every product that is shared would wake the pool and wait for it.
        rayon::scope(|_| {
            in_order(batches.len(), rayon::current_num_threads(), load, |_, (images, labels)| {
                let (own, wrong) = self.step(&images, &labels, rate, &mut missing);
                loss += own;
                misread += wrong;
                report(labels.len());
            })
        })?;
        let seen = batches.len() * self.recipe.batch;
        Ok(Lesson {
            loss: loss / batches.len() as f64,
            error: misread as f64 / seen as f64,
            seconds: start.elapsed().as_secs_f64(),
        })
    }

    /// Ends an epoch with the validation error that was found after it.
    ///
    /// # Panics
    /// If the training is over.
    pub fn validated(&mut self, lesson: Lesson, validation_error: f64) {
        let rate = self.rate().expect("validated: the training is over");
        let Lesson { loss, error: training_error, seconds } = lesson;
        self.passed.push(Passed { rate, loss, training_error, validation_error, seconds });
    }

    fn stream(&self, purpose: &str) -> ChaCha8Rng {
        seeded(self.seed, &format!("{purpose} of epoch {}", self.passed.len() + 1))
    }

    /// Learns from one batch; its mean loss, and how many it misread.
    fn step(&mut self, images: &Tensor, labels: &[usize], rate: f64, rng: &mut ChaCha8Rng) -> (f64, usize) {
        let waist = waist(&self.net);
        let (lower, upper) = (self.net.up_to(waist), self.net.above(waist));
        let portions = Portions::forward(&lower, images);
        let maps = portions.output();
        let masks = masks(&upper, &self.missing(&upper), &maps, rng);
        let masked = Masked::forward(&upper, &maps, &masks);
        let read = tensor::argmax(masked.logits());
        let ((loss, own), signal) = masked.slope_to_input(labels);
        let gradients: Vec<_> = portions.gradients(&signal).into_iter().chain(own).collect();
        let [rate, momentum, decay] =
            [rate, self.recipe.momentum, self.recipe.weight_decay].map(|setting| setting as f32);
        let decays: Vec<f32> =
            self.net.parameters().iter().map(|(name, _)| weights_only(name, decay)).collect();
        for ((moving, gradient), decay) in self.moving.iter_mut().zip(gradients).zip(decays) {
            moving.step(&gradient.expect("a signal reaches every parameter"), Pace { rate, momentum, decay });
            moving.renormalize(self.recipe.filter_radius);
        }
        for (moving, parameter) in self.moving.iter().zip(self.net.parameters_mut()) {
            *parameter = moving.parameter();
        }
        (loss, read.iter().zip(labels).filter(|(read, label)| read != label).count())
    }

    /// The dropout nodes, each with the probability that an activation is missing.
    fn missing(&self, net: &Net) -> Vec<(usize, f64)> {
        let drops = |index: &usize| matches!(net.nodes[*index].op, Op::Dropout);
        (0..net.nodes.len()).filter(drops).map(|index| (index, self.recipe.dropout)).collect()
    }
}

fn weights_only(name: &str, decay: f32) -> f32 {
    if name.ends_with("weight") { decay } else { 0.0 }
}
