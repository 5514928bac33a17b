//! The third stage, for classifiers: an occlusion map of each image.

use super::image_activations::ImageActivations;
use super::script::{base64, byte};
use super::site::Site;
use super::subject::Subject;
use crate::classes::ranked;
use crate::output::progress;
use anyhow::Result;
use occlusion::{Border, Engine, Fill, Occluder, SensitivityTarget, Sweep};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use tensor::Tensor;

/// Images whose maps are computed at a time.
const BATCH: usize = 8;

/// The occluder's side, as a share of the image's shorter one: 48 of 224 pixels.
const SHARE: [usize; 2] = [3, 14];

/// An occlusion map.
#[derive(Debug, Deserialize, Serialize)]
pub struct Map {
    class: usize,
    size: [usize; 2],
    first: [f64; 2],
    step: [usize; 2],
    patch: usize,
    p: String,
    read: Vec<usize>,
}

/// Computes the maps that were not yet computed.
pub fn compute(site: &Site, subject: &Subject, analyzed: &[ImageActivations]) -> Result<()> {
    let bar = progress("occlude", analyzed.len());
    let occluder = occluder(subject);
    let mut first = 0;
    for batch in subject.images.batches(BATCH)? {
        let batch = batch?;
        let look = |row: usize| -> Result<()> {
            let image = first + row;
            if !site.keeps(&name(image)) {
                let map = map(subject, &batch.images.narrow(0, row, 1)?, &analyzed[image], &occluder);
                site.keep(&name(image), &serde_json::to_vec(&map)?)?;
            }
            bar.inc(1);
            Ok(())
        };
        (0..batch.names.len()).into_par_iter().try_for_each(look)?;
        first += batch.names.len();
    }
    bar.finish_and_clear();
    Ok(())
}

/// The map of an image, which was computed.
pub fn read(site: &Site, image: usize) -> Result<Option<Map>> {
    let bytes = site.kept(&name(image))?;
    Ok(bytes.map(|bytes| serde_json::from_slice(&bytes)).transpose()?)
}

fn name(image: usize) -> String {
    format!("occlusion-{image}")
}

/// A gray square that moves by half its side.
fn occluder(subject: &Subject) -> Occluder {
    let [height, width] = subject.side();
    let side = (height.min(width) * SHARE[0] / SHARE[1]).max(1);
    Occluder {
        size: [side; 2],
        stride: [side.div_ceil(2); 2],
        fill: Fill::Channels(subject.pixels.gray(subject.input()[0])),
        border: Border::Inside,
    }
}

fn map(subject: &Subject, image: &Tensor, analyzed: &ImageActivations, occluder: &Occluder) -> Map {
    let engine = if subject.model.is_on_cpu() { Engine::Incremental } else { Engine::Full };
    let class = ranked(&analyzed.probabilities)[0];
    let target = SensitivityTarget { class, node: subject.net.output(), channel: class };
    let mut sweep = Sweep::new(&subject.net, image, occluder, target, engine);
    while sweep.advance() {}
    let maps = sweep.into_maps();
    let p: Vec<u8> = maps.probability.iter().map(|&p| byte(p)).collect();
    Map {
        class,
        size: maps.class.dim().into(),
        first: occluder.first_center(),
        step: occluder.stride,
        patch: occluder.size[0],
        p: base64(&p),
        read: maps.class.into_iter().collect(),
    }
}
