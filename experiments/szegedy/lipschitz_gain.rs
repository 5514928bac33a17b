//! How far a net is seen to move when its image moves by 1.

use adversarial::norms::{Gain, Perturbations, largest_gain};
use anyhow::{Result, ensure};
use core_net::Net;
use lab::{Run, Size, Table};
use rayon::prelude::*;
use tensor::{Tensor, seeded};

/// How images of one kind are changed.
#[derive(Clone, Copy, Debug)]
pub struct PerturbationCounts {
    /// How many, unless the run has a limit or is small.
    pub images: usize,
    /// Of each change, as a share of the image's.
    pub lengths: &'static [f64],
    /// Random ones of each length.
    pub random: usize,
    /// TopStimuli ones of each length.
    pub adversarial_steps: usize,
}

impl PerturbationCounts {
    /// The first images of a set of so many.
    pub fn images(&self, run: &Run, set: usize) -> Vec<usize> {
        let wanted = if run.size() == Size::Smoke { 4 } else { self.images };
        (0..run.limit().unwrap_or(wanted).min(set)).collect()
    }

    /// As many of each image as said here; at smoke size one of either kind and each length.
    pub fn perturbations(&self, run: &Run) -> Perturbations {
        let smoke = run.size() == Size::Smoke;
        let [random, steps] = if smoke { [1, 1] } else { [self.random, self.adversarial_steps] };
        Perturbations { lengths: self.lengths.to_vec(), random, steps }
    }
}

/// The largest gain of a net over batches of images in its scalar type, `n` images in all.
///
/// Every image draws its changes from a stream of its own, so neither the batches nor the threads matter.
///
/// # Errors
/// When a batch cannot be had.
pub fn lipschitz_gain(
    run: &Run,
    (name, net): (&str, &Net),
    (batches, n): (impl IntoIterator<Item = Result<Tensor>>, usize),
    tried: &Perturbations,
) -> Result<Gain> {
    run.stage(&format!("gain of {name}"));
    let progress = run.progress(&format!("gain of {name}"), n);
    let (mut gain, mut before) = (Gain::default(), 0);
    for batch in batches {
        let batch = batch?;
        let at = |index: usize| {
            let image = batch.narrow(0, index, 1).expect("an image of the batch");
            let mut rng = seeded(run.seed(), &format!("changes of image {}", before + index));
            let gain = largest_gain(net, &image, tried, &mut rng);
            progress.inc(1);
            gain
        };
        let each: Vec<Gain> = (0..batch.dims()[0]).into_par_iter().map(at).collect();
        gain = each.into_iter().fold(gain, Gain::joined);
        before += batch.dims()[0];
    }
    Ok(gain)
}

/// What rounding to the net's scalar type may add to a gain, relatively.
const ROUNDING: f64 = 1e-6;

/// Records a net's bound beside the gains that were met.
///
/// # Errors
/// When a gain exceeds the bound: then one of them is wrong.
pub fn record_gain(table: &mut Table, net: &str, bound: f64, gain: Gain) -> Result<()> {
    let largest = gain.random.max(gain.adversarial);
    ensure!(largest <= bound * (1.0 + ROUNDING), "{net}: expected gains of at most {bound}, found {largest}");
    table.value(net, "upper bound of the net", bound, 1);
    table.value(net, "largest gain, random r", gain.random, gain.pairs);
    table.value(net, "largest gain, adversarial r", gain.adversarial, gain.pairs);
    Ok(())
}
