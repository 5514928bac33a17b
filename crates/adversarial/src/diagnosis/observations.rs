//! What the net says of each image, as it was and as its search left it.

use super::evidence::Evidence;
use super::repeated::differences;
use crate::attack::{Attack, Outcome, Penalty};
use crate::min_distortion::lanes;
use crate::objective::evaluate;
use core_net::Net;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use tensor::{DType, to_f64s};

/// How far from 1 the sum of probabilities may be, by rounding.
const SUM: f64 = 1e-5;
/// Up to this share of the loss a penalty holds no image back, be it at the farthest end of the box.
const NEXT_TO_NOTHING: f64 = 0.01;

/// What there is to know of one image's attack, for [`conclude`](super::conclude); it can be kept in a file.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct AttackObservations {
    pub(super) target: usize,
    pub(super) ending: Ending,
    pub(super) is_finite: bool,
    pub(super) are_probabilities: bool,
    pub(super) gradient: Gradient,
    /// `None` where the label is not known.
    pub(super) is_read_right: Option<bool>,
    /// By how much the outputs differ when the image is passed again, as a share of their norm; `None` where it was not.
    pub(super) difference: Option<f64>,
}

/// Whether a search had a gradient to follow.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub(super) enum Gradient {
    /// It had, or needed none.
    Follows,
    /// At the image no entry exceeds the optimizer's tolerance: no search begins.
    TooSmall,
    /// It is exactly zero, at the image or where a search failed.
    Zero,
}

/// How a search ended.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub(super) enum Ending {
    /// At its target.
    Arrived,
    /// Elsewhere, without a gradient or without numbers.
    Blind,
    /// Elsewhere, where the penalty with the smallest c may have held it.
    Held,
    /// Elsewhere, though the penalty was next to nothing in the whole box.
    Free,
}

/// The net at one point.
struct Point {
    read: usize,
    are_probabilities: bool,
    /// The largest entry of the loss's gradient, whatever its sign.
    steepest: f64,
    loss: f64,
    margin: f64,
    is_finite: bool,
}

/// The observations of each image.
///
/// They depend on nothing but the net, the image, its target and its outcome;
/// but only the first images are passed again to see whether the net says the same of them.
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
    let [starts, ends] = [starts, ends].map(|points| look_at(&net, &points, targets, attack.dtype));
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

/// What the two ends of an image's search say of it.
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
    let is_blind = !is_finite || gradient != Gradient::Follows;
    let ending = match outcome {
        Outcome::Found(_) => Ending::Arrived,
        Outcome::NotFound(_) if is_blind => Ending::Blind,
        Outcome::NotFound(_) if farthest(attack, outcome) > NEXT_TO_NOTHING * end.loss => Ending::Held,
        Outcome::NotFound(_) => Ending::Free,
    };
    AttackObservations {
        target: targets[image],
        ending,
        is_finite,
        are_probabilities: start.are_probabilities,
        gradient,
        is_read_right: labels.map(|labels| start.read == labels[image]),
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

/// A few points at a time, as the searches do.
fn look_at(net: &Net, points: &[&[f64]], targets: &[usize], dtype: DType) -> Vec<Point> {
    let lanes = lanes(points[0].len());
    let parts = points.par_chunks(lanes).zip(targets.par_chunks(lanes));
    parts.flat_map_iter(|(points, targets)| some_points(net, points, targets, dtype)).collect()
}

fn some_points(net: &Net, points: &[&[f64]], targets: &[usize], dtype: DType) -> Vec<Point> {
    let evaluation = evaluate(net, points, targets, dtype);
    let classes = evaluation.logits.len() / points.len();
    let rows = evaluation.logits.chunks_exact(classes);
    let gradients = evaluation.gradients.chunks_exact(points[0].len());
    let point = |(place, (logits, gradient)): (usize, (&[f64], &[f64]))| {
        let loss = evaluation.losses[place];
        Point {
            read: (1..classes).fold(0, |best, class| if logits[class] > logits[best] { class } else { best }),
            are_probabilities: are_probabilities(logits),
            steepest: gradient.iter().fold(0.0, |steepest, g| g.abs().max(steepest)),
            loss,
            margin: evaluation.margins[place],
            is_finite: logits.iter().chain(gradient).chain([&loss]).all(|scalar| scalar.is_finite()),
        }
    };
    rows.zip(gradients).enumerate().map(point).collect()
}

fn are_probabilities(logits: &[f64]) -> bool {
    logits.iter().all(|&logit| logit >= 0.0) && (logits.iter().sum::<f64>() - 1.0).abs() <= SUM
}
