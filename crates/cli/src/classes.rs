//! What a net says of classes: logits, whatever it ends in, and probabilities.

use crate::model::Model;
use anyhow::{Context, Result, bail, ensure};
use core_net::{Net, Reading, Scores};
use tensor::{Tensor, to_f64s};

/// The net up to its logits, one row for each image: without a softmax at its end, and flattened.
///
/// Logarithms of probabilities are logits too; one sigmoid is two classes.
///
/// # Errors
/// When the net does not tell apart classes that exclude each other, or its logits are not known.
pub fn logits(model: &Model, net: &Net) -> Result<Net> {
    let scores = check_classifier(model, net)?;
    let path = model.path().display();
    ensure!(
        scores.are_exclusive(),
        "{path}: expected classes of which one is true, found {scores}; --outputs says how outputs are read"
    );
    scores.logits(net).with_context(|| {
        format!("{path}: expected logits, or a softmax or sigmoid that the file computes, found {scores}")
    })
}

/// How the net's output is read.
///
/// # Errors
/// When it is no score of classes.
pub fn check_classifier(model: &Model, net: &Net) -> Result<Scores> {
    let scores = scores(model, net)?;
    let shape = &net.nodes()[net.output()].shape;
    ensure!(
        scores.classes().is_some(),
        "{}: expected a net that ends in one number for each class, found {scores}, an output of shape {shape:?}; --outputs says how outputs are read",
        model.path().display()
    );
    Ok(scores)
}

/// How the net's output is read: as the command line or the card says, else as the graph tells.
///
/// # Errors
/// When the output cannot be read so.
pub fn scores(model: &Model, net: &Net) -> Result<Scores> {
    let Some(reading) = model.reading() else { return Ok(Scores::from_graph(net)) };
    Scores::with_reading(net, reading).with_context(|| format!("{}: --outputs", model.path().display()))
}

/// The probability of every class for each image, from a net's output.
pub fn probabilities(scores: &Scores, output: &Tensor) -> Vec<Vec<f64>> {
    let rows = scores.probabilities(output);
    to_f64s(&rows).chunks_exact(rows.dims()[1]).map(<[f64]>::to_vec).collect()
}

/// # Errors
/// When the net says something of an image that is no number, or no probability where it is read as one.
pub fn check_scores(model: &Model, scores: &Scores, names: &[String], output: &Tensor) -> Result<()> {
    let (scalars, path) = (to_f64s(output), model.path().display());
    for (name, row) in names.iter().zip(scalars.chunks_exact((scalars.len() / names.len().max(1)).max(1))) {
        if let Some(strange) = row.iter().find(|score| score.is_nan()) {
            bail!(
                "{path}: expected numbers as the scores of {name}, found {strange}: a weight or a pixel is NaN or infinite"
            );
        }
        let (sum, is_softmax) = (row.iter().sum::<f64>(), scores.reading() == Reading::Softmax);
        let beyond = row.iter().find(|score| !(-ROUNDING..=1.0 + ROUNDING).contains(*score));
        match (scores.reading(), beyond) {
            (Reading::Softmax | Reading::Sigmoid, Some(beyond)) => {
                let other = if is_softmax { "logits" } else { "binary-logits" };
                bail!(
                    "{path}: expected probabilities from 0 to 1 for {name}, found {beyond}; --outputs {other} reads logits"
                );
            }
            (Reading::Softmax, None) if (sum - 1.0).abs() > row.len() as f64 * ROUNDING => {
                bail!(
                    "{path}: expected probabilities of sum 1 for {name}, found {sum}; --outputs sigmoid reads independent ones"
                );
            }
            _ => {}
        }
    }
    Ok(())
}

/// How far half precision may carry a probability.
const ROUNDING: f64 = 2e-3;

/// The classes, the most probable first; ties take the first.
pub fn ranked(probabilities: &[f64]) -> Vec<usize> {
    let mut classes: Vec<usize> = (0..probabilities.len()).collect();
    classes.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]));
    classes
}

/// Above this, a probability hardly changes as the class's score does: log-odds tell differences there.
pub const SATURATED: f64 = 0.99;

/// `ln(p / (1 − p))` of a class, from all logits; exact where p rounds to 1.
pub fn log_odds(logits: &[f64], class: usize, is_exclusive: bool) -> f64 {
    if !is_exclusive {
        return logits[class];
    }
    let others = || logits.iter().enumerate().filter(|&(other, _)| other != class).map(|(_, logit)| logit);
    let largest = others().copied().fold(f64::NEG_INFINITY, f64::max);
    logits[class] - largest - others().map(|logit| (logit - largest).exp()).sum::<f64>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_odds_are_those_of_the_softmax_and_do_not_saturate() {
        let logits = [1.0, 3.0, -0.5];
        let sum: f64 = logits.iter().map(|logit: &f64| logit.exp()).sum();
        for class in 0..3 {
            let p = logits[class].exp() / sum;
            assert!((log_odds(&logits, class, true) - (p / (1.0 - p)).ln()).abs() < 1e-12);
        }
        assert_eq!(log_odds(&[900.0, 0.0, f64::NEG_INFINITY], 0, true), 900.0);
        assert_eq!(log_odds(&logits, 2, false), -0.5);
    }
}
