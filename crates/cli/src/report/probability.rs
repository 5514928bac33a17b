//! Classes with their probabilities.

use super::script::rounded;
use crate::classes::ranked;
use serde::Serialize;

#[derive(Debug, Serialize)]
pub struct Probability {
    pub class: usize,
    pub p: f64,
}

/// The most probable classes.
pub fn likeliest(probabilities: &[f64], most: usize) -> Vec<Probability> {
    let class = |class: usize| Probability { class, p: rounded(probabilities[class]) };
    ranked(probabilities).into_iter().take(most).map(class).collect()
}
