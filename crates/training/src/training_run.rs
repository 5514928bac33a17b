//! A training run by the recipe of Zeiler & Fergus 2013, §3, an epoch at a time.

use crate::dropout::{MaskedForward, masks};
use crate::loader::in_order;
use crate::micro_batches::{MicroBatches, bottleneck_node};
use crate::momentum::{StepSettings, renormalized, step};
use crate::plateau::Plateau;
use crate::process_group::{ProcessGroup, Share, SingleProcess, summed};
use core_net::{Net, Op};
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::time::Instant;
use tensor::{DType, Tensor, seeded};

/// Settings of a training run by the paper's recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// Maximum number of passes over the examples.
    pub epochs: usize,
    /// Examples a step; a last incomplete batch is left out.
    pub batch: usize,
    /// The first learning rate.
    pub learning_rate: f64,
    /// When the learning rate is lowered.
    pub plateau: Plateau,
    /// Share of the last step's velocity that is kept.
    pub momentum: f64,
    /// λ of `(λ/2) Σ w²`, which is added to the mean loss; biases are free.
    pub weight_decay: f64,
    /// Probability that an activation of a dropout node is set to 0.
    pub dropout: f64,
    /// Largest root mean square of a convolution's filter.
    pub filter_radius: f64,
}

impl Recipe {
    /// The recipe of Zeiler & Fergus (2013), §3, for a number of epochs.
    ///
    /// Unlike the paper, the rate is lowered at the latest after 70 and 90 % of the epochs, and weights decay.
    pub fn zeiler_fergus(epochs: usize, batch: usize) -> Self {
        Self {
            epochs,
            batch,
            learning_rate: 0.01,
            plateau: Plateau { patience: 5, factor: 0.1, latest: vec![epochs * 7 / 10, epochs * 9 / 10] },
            momentum: 0.9,
            weight_decay: 5e-4,
            dropout: 0.5,
            filter_radius: 0.1,
        }
    }
}

/// One finished epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EpochRecord {
    /// The learning rate.
    pub rate: f64,
    /// Loss, averaged over the epoch's batches.
    pub loss: f64,
    /// Share of training examples misclassified, with random crops and dropout.
    pub training_error: f64,
    /// Validation error after the epoch.
    pub validation_error: f64,
    /// Seconds of training, without validation.
    pub seconds: f64,
}

/// Training statistics of one epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EpochStatistics {
    /// The mean loss.
    pub loss: f64,
    /// Share of examples misclassified.
    pub error: f64,
    /// Seconds of training.
    pub seconds: f64,
}

/// A training run; after each epoch the caller measures the validation error and reports it.
///
/// All that is random in an epoch follows from the seed and the epoch's number:
/// a run that is resumed from its file ends at the same weights, to the last bit.
pub struct TrainingRun {
    pub(crate) net: Net,
    pub(crate) recipe: Recipe,
    pub(crate) seed: u64,
    /// The velocity of each parameter.
    pub(crate) velocities: Vec<Vec<f32>>,
    pub(crate) epochs: Vec<EpochRecord>,
}

impl TrainingRun {
    /// A run that starts from the net's parameters.
    pub fn new(net: Net, recipe: Recipe, seed: u64) -> Self {
        let still = |(_, parameter): &(String, &Tensor)| vec![0.0; parameter.elem_count()];
        let velocities = net.parameters().iter().map(still).collect();
        Self { net, recipe, seed, velocities, epochs: vec![] }
    }

    /// The finished epochs: the learning curve.
    pub fn epochs(&self) -> &[EpochRecord] {
        &self.epochs
    }

    /// The net with its current parameters.
    pub fn net(&self) -> &Net {
        &self.net
    }

    /// The learning rate of the next epoch; `None` when the run has ended.
    pub fn rate(&self) -> Option<f64> {
        let errors: Vec<f64> = self.epochs.iter().map(|epoch| epoch.validation_error).collect();
        let share = self.recipe.plateau.share(&errors)?;
        (self.epochs.len() < self.recipe.epochs).then_some(share * self.recipe.learning_rate)
    }

    /// Trains on all examples once, in random order.
    ///
    /// `load` returns the images `[n, …]` and labels of some examples; it runs ahead, on threads of its own.
    /// `report` is called with the number of examples of each batch.
    ///
    /// # Errors
    /// The first error of `load`; the parameters are then those within the epoch.
    ///
    /// # Panics
    /// If the run has ended, or there are fewer examples than a batch has.
    pub fn epoch<E: Send>(
        &mut self,
        examples: usize,
        load: impl Fn(&[usize], &mut ChaCha8Rng) -> Result<(Tensor, Vec<usize>), E> + Sync,
        report: impl Fn(usize) + Sync,
    ) -> Result<EpochStatistics, E> {
        self.epoch_among(&SingleProcess, examples, |share, rng| load(share.own(), rng), report)
    }

    /// [`epoch`](Self::epoch) in one of several processes: each computes the gradient of its share of every batch, and all step by the sum.
    ///
    /// `load` returns the images and labels of this process's share; for the examples before them it must draw the random numbers that their images take,
    /// so that every image is changed as in a training by one process.
    /// The weights are those of one process but for the order of summation, and they depend on the number of processes by no more than that;
    /// every process has the same.
    ///
    /// # Errors
    /// The first error of `load` in this process; the other processes then wait for its share of the sum forever.
    ///
    /// # Panics
    /// As [`epoch`](Self::epoch), or if there are more processes than examples in a batch.
    pub fn epoch_among<E: Send>(
        &mut self,
        group: &dyn ProcessGroup,
        examples: usize,
        load: impl Fn(Share, &mut ChaCha8Rng) -> Result<(Tensor, Vec<usize>), E> + Sync,
        report: impl Fn(usize) + Sync,
    ) -> Result<EpochStatistics, E> {
        let start = Instant::now();
        let rate = self.rate().expect("epoch: the training is over");
        assert!(examples >= self.recipe.batch, "epoch: expected a batch of examples, got {examples}");
        let stream = |purpose: &str| self.stream(purpose);
        let mut order: Vec<usize> = (0..examples).collect();
        order.shuffle(&mut stream("order"));
        let batches: Vec<&[usize]> = order.chunks_exact(self.recipe.batch).collect();
        let loads: Vec<ChaCha8Rng> = (0..batches.len()).map(|i| stream(&format!("batch {i}"))).collect();
        let mut dropout = stream("missing activations");
        let load = |index: usize| load(Share::new(group, batches[index]), &mut loads[index].clone());
        let mut totals = [0.0, 0.0];
        // On one of rayon's own threads: from outside, every product that is shared would wake the pool and wait for it.
        rayon::scope(|_| {
            in_order(batches.len(), rayon::current_num_threads(), load, |index, (images, labels)| {
                let share = Share::new(group, batches[index]);
                let (loss, wrong) = self.step(group, &share, (&images, &labels), rate, &mut dropout);
                totals[0] += loss;
                totals[1] += wrong as f64;
                report(batches[index].len());
            })
        })?;
        group.all_reduce_f64(&mut totals);
        let [loss, misclassified] = totals;
        Ok(EpochStatistics {
            loss: loss / batches.len() as f64,
            error: misclassified / (batches.len() * self.recipe.batch) as f64,
            seconds: start.elapsed().as_secs_f64(),
        })
    }

    /// Records an epoch with the validation error after it.
    ///
    /// # Panics
    /// If the run has ended.
    pub fn validated(&mut self, statistics: EpochStatistics, validation_error: f64) {
        let rate = self.rate().expect("validated: the training is over");
        let EpochStatistics { loss, error: training_error, seconds } = statistics;
        self.epochs.push(EpochRecord { rate, loss, training_error, validation_error, seconds });
    }

    fn stream(&self, purpose: &str) -> ChaCha8Rng {
        seeded(self.seed, &format!("{purpose} of epoch {}", self.epochs.len() + 1))
    }

    /// Trains on one batch; returns this process's part of the mean loss and how many examples of its share were misclassified.
    fn step(
        &mut self,
        group: &dyn ProcessGroup,
        share: &Share,
        (images, labels): (&Tensor, &[usize]),
        rate: f64,
        rng: &mut ChaCha8Rng,
    ) -> (f64, usize) {
        let bottleneck = bottleneck_node(&self.net);
        let (lower, upper) = (self.net.up_to(bottleneck), self.net.above(bottleneck));
        let micro_batches = MicroBatches::forward(&lower, images);
        let masks = masks(&upper, &self.dropout_rates(&upper), (share.batch().len(), DType::F32), rng);
        let masks: Vec<_> = masks.into_iter().map(|(node, mask)| (node, share.rows(&mask))).collect();
        let masked = MaskedForward::forward(&upper, &micro_batches.output(), &masks);
        let predicted = tensor::argmax(masked.logits());
        let ((loss, above), signal) = masked.loss_and_all_gradients(labels, share.part());
        let gradients = micro_batches.gradients(&signal).into_iter().chain(above);
        let gradients = gradients.map(|gradient| gradient.expect("a signal reaches every parameter"));
        self.descend(&summed(group, gradients.collect()), rate);
        (loss, predicted.iter().zip(labels).filter(|(class, label)| class != label).count())
    }

    /// One step along these gradients, one for each parameter.
    fn descend(&mut self, gradients: &[Tensor], rate: f64) {
        let [rate, momentum, decay] =
            [rate, self.recipe.momentum, self.recipe.weight_decay].map(|setting| setting as f32);
        let settings = |(name, _): &(String, &Tensor)| {
            let decay = if name.ends_with("weight") { decay } else { 0.0 };
            StepSettings { rate, momentum, decay }
        };
        let settings: Vec<StepSettings> = self.net.parameters().iter().map(settings).collect();
        let moving = self.velocities.iter_mut().zip(gradients).zip(settings);
        for (((velocity, gradient), settings), parameter) in moving.zip(self.net.parameters_mut()) {
            let after = step(parameter, velocity, gradient, settings);
            *parameter = renormalized(after, parameter.dims(), self.recipe.filter_radius);
        }
    }

    /// The dropout nodes with their rates.
    fn dropout_rates(&self, net: &Net) -> Vec<(usize, f64)> {
        let drops = |index: &usize| matches!(net.nodes()[*index].op, Op::Dropout);
        (0..net.nodes().len()).filter(drops).map(|index| (index, self.recipe.dropout)).collect()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{BatchLoss, Classification};
    use core_net::zoo::{Ablation, Family, Initial, Pixels, Widths};
    use std::convert::Infallible;
    use tensor::{DType, gather, to_f64s, uniform};

    const EXAMPLES: usize = 20;

    pub(crate) fn small_net(classes: usize) -> Net {
        let widths = Widths { maps: [4, 6, 4, 4, 4], units: [8, 8] };
        let design = Ablation { family: Family::AlexNet, pixels: Pixels::Small, widths };
        design.net(classes, Initial::Gaussian { seed: 1 }).expect("it fits")
    }

    fn net() -> Net {
        small_net(4)
    }

    pub(crate) fn recipe() -> Recipe {
        Recipe {
            epochs: 3,
            batch: 10,
            learning_rate: 0.01,
            plateau: Plateau { patience: 5, factor: 0.1, latest: vec![2] },
            momentum: 0.9,
            weight_decay: 1e-3,
            dropout: 0.5,
            filter_radius: 0.2,
        }
    }

    fn examples() -> (Tensor, Vec<usize>) {
        let images = uniform(&mut seeded(2, "images"), &[EXAMPLES, 3, 56, 56], 1.0, DType::F32);
        (images, (0..EXAMPLES).map(|i| i % 4).collect())
    }

    /// One epoch with some validation error.
    fn pass(run: &mut TrainingRun) {
        let (images, labels) = examples();
        let load = |some: &[usize], _: &mut ChaCha8Rng| {
            Ok::<_, Infallible>((gather(&images, some), some.iter().map(|&i| labels[i]).collect()))
        };
        let Ok(statistics) = run.epoch(EXAMPLES, load, |_| ());
        run.validated(statistics, 1.0 / (run.epochs().len() + 1) as f64);
    }

    fn parameters(net: &Net) -> Vec<Vec<f64>> {
        net.parameters().into_iter().map(|(_, parameter)| to_f64s(parameter)).collect()
    }

    fn written(run: &TrainingRun, name: &str) -> std::path::PathBuf {
        let path = std::env::temp_dir().join(format!("{name}-{}.safetensors", std::process::id()));
        std::fs::write(&path, run.to_safetensors()).expect("a temporary file");
        path
    }

    #[test]
    fn a_training_that_goes_on_from_its_file_ends_in_the_same_bits_whatever_the_threads() {
        let on = |threads: usize, work: &(dyn Fn() -> TrainingRun + Sync)| {
            rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads").install(work)
        };
        let through = on(2, &|| {
            let mut run = TrainingRun::new(net(), recipe(), 7);
            (0..3).for_each(|_| pass(&mut run));
            run
        });
        let in_parts = on(1, &|| {
            let mut run = TrainingRun::new(net(), recipe(), 7);
            for epoch in 0..3 {
                pass(&mut run);
                let path = written(&run, &format!("run-{epoch}"));
                run = TrainingRun::resumed(net(), recipe(), 7, &path).expect("its own file");
                std::fs::remove_file(path).expect("it was written");
            }
            run
        });
        assert_eq!(parameters(through.net()), parameters(in_parts.net()));
        assert_eq!((through.rate(), in_parts.rate()), (None, None));
        let rates: Vec<f64> = in_parts.epochs().iter().map(|epoch| epoch.rate).collect();
        assert_eq!(rates, [0.01, 0.01, 0.001]);
    }

    #[test]
    fn the_first_step_descends_the_gradient_of_plain_classification() {
        let recipe =
            Recipe { batch: EXAMPLES, dropout: 0.0, weight_decay: 0.0, filter_radius: 1e3, ..recipe() };
        let mut run = TrainingRun::new(net(), recipe, 7);
        pass(&mut run);
        let (images, labels) = examples();
        let mut objective = &Classification { images: &images, labels: &labels };
        let all: Vec<usize> = (0..EXAMPLES).collect();
        let (loss, gradients) = objective.loss_and_gradients(&net(), &all, &mut seeded(1, "none"));
        assert!((run.epochs()[0].loss - loss).abs() < 1e-5);
        for ((before, after), gradient) in parameters(&net()).iter().zip(parameters(run.net())).zip(gradients)
        {
            let gradient = to_f64s(&gradient.expect("reached"));
            let largest = gradient.iter().map(|g| g.abs()).fold(0.0, f64::max);
            for ((before, after), gradient) in before.iter().zip(after).zip(gradient) {
                assert!((before - 0.01 * gradient - after).abs() < 1e-6 + 1e-5 * largest);
            }
        }
    }

    #[test]
    fn no_filter_of_a_trained_net_exceeds_the_radius() {
        let mut run = TrainingRun::new(net(), recipe(), 7);
        pass(&mut run);
        let (_, first) = run.net().parameters()[0];
        for filter in to_f64s(first).chunks_exact(3 * 7 * 7) {
            let square = filter.iter().map(|w| w * w).sum::<f64>() / filter.len() as f64;
            assert!(square.sqrt() < 0.2 * (1.0 + 1e-5));
        }
    }

    #[test]
    fn a_file_of_another_net_recipe_or_seed_is_refused_by_name() {
        let mut run = TrainingRun::new(net(), recipe(), 7);
        pass(&mut run);
        let path = written(&run, "run-refused");
        let refused = |net: Net, recipe: Recipe, seed: u64| {
            let error = TrainingRun::resumed(net, recipe, seed, &path).err().expect("another training");
            error.to_string()
        };
        let other = core_net::zoo::by_name("zfnet-64", 4, None).expect("in the zoo");
        let error = refused(other, recipe(), 7);
        assert!(error.contains("expected conv1.weight [24, 3, 5, 5], found [4, 3, 7, 7] F32"), "{error}");
        assert!(refused(net(), Recipe { momentum: 0.8, ..recipe() }, 7).contains("a training of recipe"));
        assert!(
            refused(net(), recipe(), 8).contains("expected a training of seed 8, found a training of seed 7")
        );
        std::fs::write(&path, net().to_safetensors()).expect("written before");
        assert!(refused(net(), recipe(), 7).contains("found: no training in its metadata"));
        std::fs::write(&path, b"cut off").expect("written before");
        assert!(refused(net(), recipe(), 7).contains("expected safetensors, found"));
        std::fs::remove_file(path).expect("it was written");
    }

    #[test]
    fn an_image_that_cannot_be_loaded_ends_the_epoch_with_its_error() {
        let mut run = TrainingRun::new(net(), recipe(), 7);
        let load = |_: &[usize], _: &mut ChaCha8Rng| Err("b.jpeg: truncated");
        assert_eq!(run.epoch(EXAMPLES, load, |_| ()).err(), Some("b.jpeg: truncated"));
        assert!(run.epochs().is_empty());
    }
}
