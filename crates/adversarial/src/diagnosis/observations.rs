//! Observations of an attack on each image: at the image itself and at the point where its search ended.

use super::repeated::differences;
use crate::attack::{Attack, Outcome, Penalty};
use crate::min_distortion::lanes;
use crate::objective::{Evaluation, evaluate};
use core_net::Net;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use tensor::{DType, Tensor, to_f64s};

/// Rounding error allowed in the sum of probabilities.
const SUM: f64 = 1e-5;
/// A penalty below this share of the loss is negligible.
const NEGLIGIBLE: f64 = 0.01;

/// An attack that has ended, or a part of it.
///
/// **Shape** as [`min_distortion`](crate::min_distortion), whose arguments and result these are.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// The net that was attacked.
    pub net: &'a Net,
    /// The settings.
    pub attack: &'a Attack,
    /// The images before the attack.
    pub images: &'a Tensor,
    /// The true classes, where they are known.
    pub labels: Option<&'a [usize]>,
    /// The target classes.
    pub targets: &'a [usize],
    /// The results.
    pub outcomes: &'a [Outcome],
}

/// Observations of the attack on one image, for [`conclude`](super::conclude); serializable.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct AttackObservations {
    pub(super) target: usize,
    pub(super) ending: Ending,
    pub(super) is_finite: bool,
    pub(super) are_probabilities: bool,
    pub(super) gradient: Gradient,
    /// `None` where the label is unknown.
    #[serde(rename = "is_read_right")]
    pub(super) is_correct: Option<bool>,
    /// Difference of the outputs when the image is passed again, as a share of their norm; `None` where it was not.
    pub(super) difference: Option<f64>,
}

/// Whether a search had a gradient to follow.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub(super) enum Gradient {
    /// It had one, or needed none.
    Follows,
    /// No entry at the image exceeds the optimizer's tolerance: the search ends at once.
    TooSmall,
    /// Exactly zero, at the image or where the search failed.
    Zero,
}

/// How a search ended.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub(super) enum Ending {
    /// At its target.
    #[serde(rename = "Arrived")]
    ReachedTarget,
    /// Elsewhere, without a gradient or with values that are not finite.
    #[serde(rename = "Blind")]
    NoGradient,
    /// Elsewhere, where the penalty with the smallest c may be the reason.
    #[serde(rename = "Held")]
    Penalized,
    /// Elsewhere, though the penalty was negligible in the whole box.
    #[serde(rename = "Free")]
    Unpenalized,
}

/// The net at one point.
struct Point {
    predicted: usize,
    are_probabilities: bool,
    /// The largest magnitude of an entry of the loss's gradient.
    steepest: f64,
    loss: f64,
    margin: f64,
    is_finite: bool,
}

/// The observations of each image.
///
/// They depend on nothing but the net, the image, its target and its outcome;
/// only the first images are passed again to see whether the net is deterministic.
///
/// # Panics
/// If the shapes do not fit.
pub fn examine(evidence: &Evidence) -> Vec<AttackObservations> {
    let Evidence { attack, targets, outcomes, .. } = *evidence;
    check(evidence);
    if targets.is_empty() {
        return Vec::new();
    }
    let net = evidence.net.to_dtype(attack.dtype);
    let images = evidence.images.to_dtype(attack.dtype).expect("a cast in memory");
    let mut differences = differences(&|images| net.output_of(images), &images).into_iter();
    let pixels = to_f64s(&evidence.images.to_dtype(DType::F64).expect("a cast in memory"));
    let starts: Vec<&[f64]> = pixels.chunks_exact(pixels.len() / targets.len()).collect();
    let ends: Vec<&[f64]> = outcomes.iter().map(|outcome| outcome.attempt().image.as_slice()).collect();
    let [starts, ends] = [starts, ends].map(|points| evaluate_all(&net, &points, targets, attack.dtype));
    let each = starts.into_iter().zip(ends).enumerate();
    each.map(|(image, (start, end))| observations(evidence, image, &start, &end, differences.next()))
        .collect()
}

fn check(evidence: &Evidence) {
    let n = evidence.targets.len();
    assert_eq!(evidence.images.dims()[0], n, "examine: one target for each image");
    assert_eq!(evidence.outcomes.len(), n, "examine: one outcome for each image");
    assert!(evidence.labels.is_none_or(|labels| labels.len() == n), "examine: one label for each image");
}

/// The observations at the two ends of an image's search.
fn observations(
    evidence: &Evidence,
    image: usize,
    start: &Point,
    end: &Point,
    difference: Option<f64>,
) -> AttackObservations {
    let Evidence { attack, labels, targets, outcomes, .. } = *evidence;
    let outcome = &outcomes[image];
    let is_finite = start.is_finite && end.is_finite;
    let gradient = if is_finite { gradient(attack, outcome, start, end) } else { Gradient::Follows };
    let has_no_gradient = !is_finite || gradient != Gradient::Follows;
    let ending = match outcome {
        Outcome::Found(_) => Ending::ReachedTarget,
        Outcome::NotFound(_) if has_no_gradient => Ending::NoGradient,
        Outcome::NotFound(_) if farthest(attack, outcome) > NEGLIGIBLE * end.loss => Ending::Penalized,
        Outcome::NotFound(_) => Ending::Unpenalized,
    };
    AttackObservations {
        target: targets[image],
        ending,
        is_finite,
        are_probabilities: start.are_probabilities,
        gradient,
        is_correct: labels.map(|labels| start.predicted == labels[image]),
        difference,
    }
}

fn gradient(attack: &Attack, outcome: &Outcome, start: &Point, end: &Point) -> Gradient {
    let has_to_move = start.margin <= 0.0;
    if has_to_move && start.steepest == 0.0 || !outcome.is_found() && end.steepest == 0.0 {
        Gradient::Zero
    } else if has_to_move && start.steepest <= attack.solver.g_tolerance {
        Gradient::TooSmall
    } else {
        Gradient::Follows
    }
}

/// The penalty of the largest distortion that the box allows, with the c of this outcome.
fn farthest(attack: &Attack, outcome: &Outcome) -> f64 {
    let attempt = outcome.attempt();
    let squares = attempt.image.len() as f64;
    match attack.penalty {
        Penalty::SquaredNorm => attempt.c * squares,
        Penalty::Norm => attempt.c * squares.sqrt(),
    }
}

/// Evaluates a few points at a time, as the searches do.
fn evaluate_all(net: &Net, points: &[&[f64]], targets: &[usize], dtype: DType) -> Vec<Point> {
    let lanes = lanes(points[0].len());
    let parts = points.par_chunks(lanes).zip(targets.par_chunks(lanes));
    let each = parts.flat_map_iter(|(points, targets)| evaluate(net, points, targets, dtype));
    each.map(point).collect()
}

fn point(Evaluation { logits, loss, gradient, margin }: Evaluation) -> Point {
    let larger = |a: usize, b: usize| if logits[b] > logits[a] { b } else { a };
    Point {
        predicted: (1..logits.len()).fold(0, larger),
        are_probabilities: are_probabilities(&logits),
        steepest: gradient.iter().fold(0.0, |steepest, g| g.abs().max(steepest)),
        loss,
        margin,
        is_finite: logits.iter().chain(&gradient).chain([&loss]).all(|scalar| scalar.is_finite()),
    }
}

fn are_probabilities(logits: &[f64]) -> bool {
    logits.iter().all(|&logit| logit >= 0.0) && (logits.iter().sum::<f64>() - 1.0).abs() <= SUM
}
