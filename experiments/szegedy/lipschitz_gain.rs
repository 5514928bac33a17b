//! The largest gain of a net: how much its output changes for a change of the image of norm 1.

use adversarial::norms::{Gain, Perturbations, largest_gain};
use anyhow::{Result, ensure};
use core_net::Net;
use lab::{Run, Size, Table};
use rayon::prelude::*;
use tensor::{Tensor, seeded};

/// Number and lengths of the changes of an image.
#[derive(Clone, Copy, Debug)]
pub struct PerturbationCounts {
    /// Number of images, unless the run has a limit or is of smoke size.
    pub images: usize,
    /// Norms of the changes, as shares of the image's norm.
    pub lengths: &'static [f64],
    /// Random changes of each length.
    pub random: usize,
    /// Steps of the adversarial search of each length.
    pub adversarial_steps: usize,
}

impl PerturbationCounts {
    /// Indices of the first images of a set of this size.
    pub fn images(&self, run: &Run, set: usize) -> Vec<usize> {
        let wanted = if run.size() == Size::Smoke { 4 } else { self.images };
        (0..run.limit().unwrap_or(wanted).min(set)).collect()
    }

    /// The changes of each image; at smoke size one of each kind and length.
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

/// Records a net's bound and its largest gains.
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
