//! What is measured in an image at each position of the occluder.

use super::source::Source;
use crate::classes::log_odds;
use clap::ValueEnum;
use core_net::{Net, Places, Units};
use occlusion::{Engine, Occluder, Quantity, occluded_values};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use tensor::{Tensor, argmax, to_f64s};

/// How the score of a class is measured.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// Its probability
    Probability,
    /// Its logit
    Logit,
    /// The logarithm of p / (1 − p): tells differences where probabilities are near 0 or 1
    LogOdds,
    /// How far its probability falls
    Drop,
}

impl Scale {
    pub fn name(self) -> &'static str {
        match self {
            Scale::Probability => "probability",
            Scale::Logit => "logit",
            Scale::LogOdds => "log-odds",
            Scale::Drop => "drop",
        }
    }
}

/// What is measured in one image.
#[derive(Clone, Debug, PartialEq)]
pub enum Explained {
    /// The score of a class.
    Class(usize, Scale),
    /// The logit of the first class minus that of the second.
    Difference(usize, usize),
    /// Activations of a node.
    Units(Units),
    /// The number of the most probable class.
    Argmax,
}

impl Explained {
    /// Its value without the occluder, and with it at each of these positions; a [`Scale::Drop`] is measured as the probability.
    pub fn measure(
        &self,
        source: &Source,
        image: &Tensor,
        occluder: &Occluder,
        positions: Range<usize>,
        engine: Engine,
    ) -> (f64, Vec<f64>) {
        let (net, scores) = (&source.net, &source.scores);
        let logits = || source.logits.as_ref().expect("checked before the work begins");
        let values = |net: &Net, quantity: Quantity| {
            occluded_values(net, image, occluder, quantity, positions.clone(), engine)
        };
        let of_rows = |net: &Net, of: &dyn Fn(&Tensor) -> Vec<f64>| {
            values(net, Quantity::Function { node: net.output(), of })
        };
        match self {
            Explained::Class(class, Scale::Probability | Scale::Drop) => {
                of_rows(net, &|output| by_row(&scores.probabilities(output), |row| row[*class]))
            }
            Explained::Class(class, Scale::Logit) if !scores.are_one_number() => {
                of_rows(logits(), &|rows| by_row(rows, |row| row[*class]))
            }
            Explained::Class(class, Scale::Logit | Scale::LogOdds) => {
                let is_exclusive = scores.are_exclusive();
                of_rows(logits(), &|rows| by_row(rows, |row| log_odds(row, *class, is_exclusive)))
            }
            Explained::Difference(one, other) => {
                of_rows(logits(), &|rows| by_row(rows, |row| row[*one] - row[*other]))
            }
            Explained::Units(Units { node, channel, places: Places::All }) => {
                values(net, Quantity::Activity { node: *node, channel: *channel })
            }
            Explained::Units(units) => {
                values(net, Quantity::Function { node: units.node, of: &|activation| units.sums(activation) })
            }
            Explained::Argmax => of_rows(net, &|output| {
                let is_one = output.elem_count() == output.dims()[0];
                let rows = if is_one { scores.probabilities(output) } else { output.clone() };
                let rows = rows.flatten_from(1).expect("a row for each image");
                let best = argmax(&rows).into_iter().map(|class| class as f64);
                let nan =
                    by_row(&rows, |row| if row.iter().any(|score| score.is_nan()) { f64::NAN } else { 0.0 });
                best.zip(nan).map(|(class, nan)| class + nan).collect()
            }),
        }
    }
}

/// A number for each row of a batch.
fn by_row(rows: &Tensor, of: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let numbers = to_f64s(rows);
    numbers.chunks_exact(numbers.len() / rows.dims()[0]).map(of).collect()
}
