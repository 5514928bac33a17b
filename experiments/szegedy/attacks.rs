//! Attacks on the images of an experiment, and their distortions.

use super::warnings::warn;
use adversarial::diagnosis::Evidence;
use adversarial::{Attack, Outcome, min_distortion, random_targets};
use core_net::Net;
use datasets::LabeledDigits;
use lab::{Run, Size, Table};
use rand::seq::index::sample;
use tensor::{DType, Tensor, seeded, tensor_of};

/// Images that are attacked, by a recorded seed, each with a random wrong target.
pub struct AttackedImages {
    /// The images with their labels.
    pub labeled: LabeledDigits,
    /// The target class of each.
    pub targets: Vec<usize>,
    seed: u64,
}

/// The paper's rates imply 256 images.
const IMAGES: usize = 256;

impl AttackedImages {
    /// Images of the set at random, as many as the run's size and limit ask for.
    pub fn draw(run: &Run, set: &LabeledDigits, seed: u64) -> Self {
        let wanted = run.limit().unwrap_or(if run.size() == Size::Smoke { 8 } else { IMAGES });
        let index = sample(&mut seeded(seed, "images attacked"), set.len(), wanted.min(set.len()));
        let labeled = set.select(&index.into_vec());
        let targets = random_targets(&labeled.labels, 10, seed);
        Self { labeled, targets, seed }
    }

    /// The smallest distortions of all images for one net, with warnings in the manifest about misleading results.
    pub fn attack(&self, run: &Run, name: &str, net: &Net) -> Vec<Outcome> {
        run.stage(&format!("attack {name}"));
        let attack = Attack::default();
        let outcomes = self.in_blocks(run, &format!("attack {name}"), |images, targets, _| {
            min_distortion(net, images, targets, &attack)
        });
        self.warn(run, name, net, &self.labeled.images, &outcomes);
        outcomes
    }

    /// The smallest distortions of the images' activations at a node with which the layers above predict the targets.
    ///
    /// # Panics
    /// If the net has no such node.
    pub fn attack_at(&self, run: &Run, name: &str, net: &Net, node: &str) -> Vec<Outcome> {
        let index = net.index_of(node).expect("a node of the net");
        let activations = net.activations_of(&self.labeled.images, &[index]).remove(0);
        let above = net.above(index);
        let outcomes = min_distortion(&above, &activations, &self.targets, &Attack::default());
        self.warn(run, &format!("{name} at {node}"), &above, &activations, &outcomes);
        outcomes
    }

    fn warn(&self, run: &Run, name: &str, net: &Net, images: &Tensor, outcomes: &[Outcome]) {
        let (labels, targets) = (Some(&self.labeled.labels[..]), &self.targets[..]);
        let evidence = Evidence { net, attack: &Attack::default(), images, labels, targets, outcomes };
        warn(run, &format!("{name}, seed {}", self.seed), &evidence);
    }

    /// The outcomes moved to the nearest point of the targets' regions.
    pub fn refine(&self, run: &Run, name: &str, net: &Net, found: &[Outcome]) -> Vec<Outcome> {
        run.stage(&format!("refine {name}"));
        self.in_blocks(run, &format!("refine {name}"), |images, targets, from| {
            adversarial::refine(net, images, targets, &found[from..from + targets.len()])
        })
    }

    /// Calls `work` for one block of images and targets after the other, with the number of images before it.
    fn in_blocks(
        &self,
        run: &Run,
        what: &str,
        work: impl Fn(&Tensor, &[usize], usize) -> Vec<Outcome>,
    ) -> Vec<Outcome> {
        let progress = run.progress(what, self.targets.len());
        let mut outcomes = Vec::new();
        for targets in self.targets.chunks(run.batch(IMAGES)) {
            let from = outcomes.len();
            let images = self.labeled.images.narrow(0, from, targets.len()).expect("within the images");
            outcomes.extend(work(&images, targets, from));
            progress.inc(targets.len());
        }
        outcomes
    }

    /// The images as they were, f64.
    pub fn originals(&self) -> Tensor {
        self.labeled.images.to_dtype(DType::F64).expect("a cast in memory")
    }

    /// The distorted images of all outcomes as a batch, f64.
    pub fn distorted(&self, outcomes: &[Outcome]) -> Tensor {
        let pixels = outcomes.iter().flat_map(|outcome| outcome.attempt().image.iter().copied()).collect();
        tensor_of::<f64>(pixels, self.labeled.images.dims())
    }
}

/// Records the average distortion of the outcomes that reached their targets, and how many did not.
pub fn record_distortion(table: &mut Table, row: &str, column: &str, outcomes: &[Outcome]) {
    let reached: Vec<f64> =
        outcomes.iter().filter(|o| o.is_found()).map(|o| o.attempt().distortion).collect();
    if reached.is_empty() {
        return table.not_run(row, column, "no image reached its target");
    }
    table.mean(row, column, &reached);
    if reached.len() < outcomes.len() {
        let missed = outcomes.len() - reached.len();
        table.note(
            row,
            column,
            &format!("{missed} of {} images did not reach their targets and are left out", outcomes.len()),
        );
    }
}
