//! The attack on many images at once: one batched forward and backward pass serves all searches that run.

use crate::attack::{Attack, Outcome};
use crate::objective::evaluate;
use crate::search::Search;
use core_net::Net;
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use tensor::{DType, Tensor, to_f64s};

/// Maximum number of searches that one thread runs at a time: enough to fill the matrix products, few enough for their memories to stay in cache.
const LANES: usize = 16;
/// Maximum number of pixels of all of them together: a large image fills a thread alone.
const PIXELS: usize = 1 << 16;

/// The smallest distortion of each image that the net classifies as its target.
///
/// An image's outcome depends on nothing but the net, the image, its target and the settings:
/// neither on the other images nor on the number of threads.
///
/// **Shape** images `[n, …]` with pixels in `[0, 1]`, as the net expects them; n targets.
///
/// **Paper** Szegedy et al. 2013, §4.1.
///
/// # Panics
/// If the shapes do not fit, or a target is no class of the net.
pub fn min_distortion(net: &Net, images: &Tensor, targets: &[usize], attack: &Attack) -> Vec<Outcome> {
    min_distortion_counted(net, images, targets, attack, &AtomicUsize::new(0))
}

/// The same as [`min_distortion`]; `evaluations` counts the evaluations of the net as it runs, for all images together.
///
/// # Panics
/// If the shapes do not fit, or a target is no class of the net.
pub fn min_distortion_counted(
    net: &Net,
    images: &Tensor,
    targets: &[usize],
    attack: &Attack,
    evaluations: &AtomicUsize,
) -> Vec<Outcome> {
    assert_eq!(images.dims()[0], targets.len(), "min_distortion: one target for each image");
    let net = net.to_dtype(attack.dtype);
    let pixels = to_f64s(&images.to_dtype(DType::F64).expect("a cast in memory"));
    let size = pixels.len() / targets.len().max(1);
    let next = AtomicUsize::new(0);
    // Threads take the next image when a lane is free.
    let take = || {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let target = *targets.get(index)?;
        Some((index, Search::new(attack, &pixels[index * size..(index + 1) * size], target)))
    };
    let lanes = lanes(size);
    let workers = rayon::current_num_threads().min(targets.len().div_ceil(lanes)).max(1);
    let each = (0..workers).into_par_iter().map(|_| run_lanes(&net, lanes, attack.dtype, take, evaluations));
    let mut outcomes: Vec<(usize, Outcome)> = each.flatten_iter().collect();
    outcomes.sort_by_key(|(index, _)| *index);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

/// Number of images of `size` pixels that a thread computes at a time.
pub(crate) fn lanes(size: usize) -> usize {
    (PIXELS / size.max(1)).clamp(1, LANES)
}

/// Runs searches until there are none left to take.
fn run_lanes<'a>(
    net: &Net,
    most: usize,
    dtype: DType,
    take: impl Fn() -> Option<(usize, Search<'a>)>,
    evaluations: &AtomicUsize,
) -> Vec<(usize, Outcome)> {
    let mut lanes: Vec<(usize, Search)> = Vec::new();
    let mut outcomes = Vec::new();
    loop {
        lanes.extend(std::iter::from_fn(&take).take(most - lanes.len()));
        if lanes.is_empty() {
            return outcomes;
        }
        advance(net, &mut lanes, dtype);
        evaluations.fetch_add(lanes.len(), Ordering::Relaxed);
        for (index, search) in lanes.extract_if(.., |(_, search)| search.ask().is_none()) {
            outcomes.push((index, search.into_outcome()));
        }
    }
}

/// One evaluation for every lane.
fn advance(net: &Net, lanes: &mut [(usize, Search)], dtype: DType) {
    let points: Vec<&[f64]> = lanes.iter().map(|(_, search)| search.ask().expect("it runs")).collect();
    let targets: Vec<usize> = lanes.iter().map(|(_, search)| search.target).collect();
    let evaluations = evaluate(net, &points, &targets, dtype);
    for ((_, search), answer) in lanes.iter_mut().zip(evaluations) {
        search.tell(answer.loss, &answer.gradient, answer.margin);
    }
}
