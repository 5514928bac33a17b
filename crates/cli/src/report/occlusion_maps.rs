//! The third stage, for classifiers: an occlusion map of each image.

use super::image_activations::ImageActivations;
use super::script::{base64, byte, rounded};
use super::site::Site;
use super::subject::Subject;
use crate::classes::{SATURATED, log_odds, probabilities, ranked};
use crate::output::progress;
use anyhow::Result;
use occlusion::{Border, Engine, Fill, Occluder, Quantity, occluded_values};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use tensor::{Tensor, to_f64s};

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
    /// The class's probability at each position, 255 for 1.
    p: String,
    /// From 0, where the score is highest, to 255, where it is lowest.
    importance: String,
    /// What the importance is of: `probability` or `log-odds`.
    scale: String,
    /// The lowest and the highest score.
    range: [f64; 2],
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
        border: Border::Covering,
    }
}

/// What the net says with the occluder at one position.
struct Occluded {
    probability: f64,
    log_odds: f64,
    class: usize,
}

fn map(subject: &Subject, image: &Tensor, analyzed: &ImageActivations, occluder: &Occluder) -> Map {
    let class = ranked(&analyzed.probabilities)[0];
    let positions = occluded(subject, image, occluder, class);
    let probability = analyzed.probabilities[class];
    let is_saturated = probability > SATURATED && positions.iter().all(|at| at.log_odds.is_finite());
    let score = |at: &Occluded| if is_saturated { at.log_odds } else { at.probability };
    let scores: Vec<f64> = positions.iter().map(score).collect();
    let ends = |[low, high]: [f64; 2], &score: &f64| [low.min(score), high.max(score)];
    let [low, high] = scores.iter().fold([f64::MAX, f64::MIN], ends);
    let importance = |score: &f64| if high > low { byte((high - score) / (high - low)) } else { 0 };
    Map {
        class,
        size: occluder.positions(subject.side()),
        first: occluder.first_center(),
        step: occluder.stride,
        patch: occluder.size[0],
        p: base64(&positions.iter().map(|at| byte(at.probability)).collect::<Vec<u8>>()),
        importance: base64(&scores.iter().map(importance).collect::<Vec<u8>>()),
        scale: if is_saturated { "log-odds" } else { "probability" }.into(),
        range: [low, high].map(rounded),
        read: positions.iter().map(|at| at.class).collect(),
    }
}

/// What the net says at each position: by its logits, where they are known.
fn occluded(subject: &Subject, image: &Tensor, occluder: &Occluder, class: usize) -> Vec<Occluded> {
    let engine = if subject.model.is_on_cpu() { Engine::Incremental } else { Engine::Full };
    let (net, scores) = match &subject.logits {
        Some((net, scores)) => (net, scores),
        None => (&subject.net, subject.scores.as_ref().expect("a classifier")),
    };
    let found = RefCell::new(Vec::new());
    let note = |output: &Tensor| -> Vec<f64> {
        let logits = to_f64s(output);
        let each = probabilities(scores, output);
        let classes = each.first().map_or(1, Vec::len);
        for (image, probabilities) in each.iter().enumerate() {
            let log_odds = match &subject.logits {
                Some(_) => log_odds(
                    &logits[image * classes..(image + 1) * classes],
                    class,
                    subject.has_exclusive_classes(),
                ),
                None => f64::NAN,
            };
            let (probability, best) = (probabilities[class], ranked(probabilities)[0]);
            found.borrow_mut().push(Occluded { probability, log_odds, class: best });
        }
        vec![0.0; each.len()]
    };
    let all = occluder.positions(subject.side()).iter().product();
    let quantity = Quantity::Function { node: net.output(), of: &note };
    let _ = occluded_values(net, image, occluder, quantity, 0..all, engine);
    // The first is the image without the occluder.
    found.into_inner().split_off(1)
}
