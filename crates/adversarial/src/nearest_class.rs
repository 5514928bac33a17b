//! The smallest distortion to any other class.

use crate::attack::{Attack, Attempt, Outcome};
use crate::boundary::{BoundarySearch, Crossing, Limits};
use crate::distortion::root_mean_square;
use crate::min_distortion::{lanes, min_distortion_counted};
use crate::objective::{LogitSlope, logit_slopes, logits_of, predicted};
use core_net::Net;
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use tensor::{DType, Tensor, gather, to_f64s};

/// Settings of the search for the nearest other class.
#[derive(Clone, Debug)]
pub struct NearestClass {
    /// The classes that are tried: those with the largest logits at the image.
    pub candidates: usize,
    /// Maximum number of linearizations for each of them.
    pub steps: usize,
    /// Linearizations without a smaller distortion after which a search ends.
    pub patience: usize,
    /// Settings of a search as [`min_distortion`](crate::min_distortion)'s for the class that was found; the smaller distortion is kept.
    pub penalty: Option<Attack>,
    /// The scalar type in which the net computes; the search's is f64.
    pub dtype: DType,
}

impl Default for NearestClass {
    fn default() -> Self {
        Self { candidates: 20, steps: 40, patience: 8, penalty: Some(Attack::default()), dtype: DType::F64 }
    }
}

impl NearestClass {
    /// Settings for nets of photographs: f32, and as many candidates as DeepFool has.
    pub fn for_photographs() -> Self {
        Self { candidates: 10, steps: 30, patience: 4, penalty: None, dtype: DType::F32 }
    }

    /// The runner-up's boundary alone, in a few steps: for thousands of images.
    pub fn coarse() -> Self {
        Self { candidates: 1, steps: 12, patience: 1, penalty: None, dtype: DType::F32 }
    }
}

/// The result of a search for any other class.
#[derive(Clone, Debug, PartialEq)]
pub struct NearestOutcome {
    /// The class that the net assigns the image to before the attack; none where a logit is not a number.
    pub source: Option<usize>,
    /// The class that it assigns the distorted image to; of a failed search, the candidate that looked nearest.
    pub target: usize,
    /// The distorted image; its c is 0 where no penalty is involved.
    pub outcome: Outcome,
}

/// The smallest distortion of each image that changes the class that the net assigns it to, whichever other it becomes.
///
/// The candidates are tried in the order of their distances by the net's linearization at the image
/// (`margin / ‖∇ margin‖` inside the box, as DeepFool orders them); the smallest distortion so far bounds
/// the others, whose searches end once their linearized boundaries are clearly farther.
/// Each search is sequential quadratic programming with one linear inequality.
/// For a linear net the result is exact; otherwise it is a local minimum for the boundary of one candidate,
/// not larger than those of the other candidates whose searches were not cut, and no proof that no smaller one exists.
/// On small nets the search of §4.1 for the class found, from its own start, removes most of the worse local minima
/// (`penalty` of the settings).
///
/// `evaluations` counts evaluations of the net as it runs, for all images together.
///
/// **Shape** images `[n, …]` with pixels in `[0, 1]`, as the net expects them.
///
/// **Paper** Szegedy et al. 2013, §4.1, asks for `l ≠ f(x)` only. Unlike the paper, no class is chosen in advance.
///
/// # Panics
/// If the shapes do not fit.
pub fn nearest_class(
    net: &Net,
    images: &Tensor,
    settings: &NearestClass,
    evaluations: &AtomicUsize,
) -> Vec<NearestOutcome> {
    let n = images.dims()[0];
    let net = net.to_dtype(settings.dtype);
    let pixels = to_f64s(&images.to_dtype(DType::F64).expect("a cast in memory"));
    let size = pixels.len() / n.max(1);
    let next = AtomicUsize::new(0);
    let take = || {
        let index = next.fetch_add(1, Ordering::Relaxed);
        (index < n).then(|| (index, &pixels[index * size..(index + 1) * size]))
    };
    let most = lanes(size);
    let workers = rayon::current_num_threads().min(n.div_ceil(most)).max(1);
    let each = (0..workers).into_par_iter().map(|_| run_lanes(&net, most, settings, take, evaluations));
    let mut outcomes: Vec<(usize, NearestOutcome)> = each.flatten_iter().collect();
    outcomes.sort_by_key(|(index, _)| *index);
    let outcomes: Vec<NearestOutcome> = outcomes.into_iter().map(|(_, outcome)| outcome).collect();
    match &settings.penalty {
        Some(attack) => with_penalty(&net, images, outcomes, attack, evaluations),
        None => outcomes,
    }
}

/// The outcomes, or those of the paper's search for the classes found where they are nearer.
fn with_penalty(
    net: &Net,
    images: &Tensor,
    outcomes: Vec<NearestOutcome>,
    attack: &Attack,
    evaluations: &AtomicUsize,
) -> Vec<NearestOutcome> {
    let searched: Vec<usize> = (0..outcomes.len())
        .filter(|&image| outcomes[image].source.is_some_and(|source| source != outcomes[image].target))
        .collect();
    if searched.is_empty() {
        return outcomes;
    }
    let targets: Vec<usize> = searched.iter().map(|&image| outcomes[image].target).collect();
    let found = min_distortion_counted(net, &gather(images, &searched), &targets, attack, evaluations);
    let mut outcomes = outcomes;
    for (image, other) in searched.into_iter().zip(found) {
        let known = &mut outcomes[image].outcome;
        let evaluations = known.attempt().evaluations + other.attempt().evaluations;
        let is_nearer = other.is_found()
            && (!known.is_found() || other.attempt().distortion < known.attempt().distortion);
        let nearer = if is_nearer { other } else { known.clone() };
        *known = match nearer {
            Outcome::Found(attempt) => Outcome::Found(Attempt { evaluations, ..attempt }),
            Outcome::NotFound(attempt) => Outcome::NotFound(Attempt { evaluations, ..attempt }),
        };
    }
    outcomes
}

/// Runs searches until there are none left to take.
fn run_lanes<'a>(
    net: &Net,
    most: usize,
    settings: &'a NearestClass,
    take: impl Fn() -> Option<(usize, &'a [f64])>,
    evaluations: &AtomicUsize,
) -> Vec<(usize, NearestOutcome)> {
    let mut lanes: Vec<(usize, Search)> = Vec::new();
    let mut outcomes = Vec::new();
    loop {
        let fresh: Vec<(usize, &[f64])> = std::iter::from_fn(&take).take(most - lanes.len()).collect();
        if lanes.is_empty() && fresh.is_empty() {
            return outcomes;
        }
        if !fresh.is_empty() {
            let points: Vec<&[f64]> = fresh.iter().map(|(_, image)| *image).collect();
            let logits = logits_of(net, &points, settings.dtype);
            evaluations.fetch_add(points.len(), Ordering::Relaxed);
            let searches = fresh.iter().zip(logits);
            lanes.extend(
                searches.map(|(&(index, image), logits)| (index, Search::new(image, &logits, settings))),
            );
        }
        advance(net, &mut lanes, settings.dtype);
        evaluations.fetch_add(lanes.len(), Ordering::Relaxed);
        for (index, search) in lanes.extract_if(.., |(_, search)| search.current.is_none()) {
            outcomes.push((index, search.into_outcome()));
        }
    }
}

/// One evaluation for every lane that needs one.
fn advance(net: &Net, lanes: &mut [(usize, Search)], dtype: DType) {
    let mut running: Vec<&mut Search> =
        lanes.iter_mut().map(|(_, search)| search).filter(|search| search.current.is_some()).collect();
    if running.is_empty() {
        return;
    }
    let current = running.iter().filter_map(|search| search.current.as_ref());
    let (points, pairs): (Vec<&[f64]>, Vec<[usize; 2]>) =
        current.map(|search| (search.x.as_slice(), search.pair())).unzip();
    let answers = logit_slopes(net, &points, |point, _| pairs[point], dtype);
    running.iter_mut().zip(&answers).for_each(|(search, answer)| search.tell(answer));
}

/// One image's search: each candidate is linearized once at the image, then each is followed in the order of its distance.
struct Search<'a> {
    settings: &'a NearestClass,
    original: &'a [f64],
    source: Option<usize>,
    /// Candidates that were not yet linearized, the last one first.
    unranked: Vec<usize>,
    /// Searches after their first step, the nearest last.
    ranked: Vec<BoundarySearch<'a>>,
    is_ranking: bool,
    current: Option<BoundarySearch<'a>>,
    evaluations: usize,
    best: Option<Crossing>,
    /// The candidate that looked nearest.
    first: usize,
    last: Vec<f64>,
}

impl<'a> Search<'a> {
    fn new(original: &'a [f64], logits: &[f64], settings: &'a NearestClass) -> Self {
        let source = predicted(logits);
        let mut others: Vec<usize> =
            (0..logits.len()).filter(|&class| source.is_some_and(|source| source != class)).collect();
        others.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]));
        others.truncate(settings.candidates);
        others.reverse();
        let first = others.last().copied().or(source).unwrap_or(0);
        let mut search = Self {
            settings,
            original,
            source,
            unranked: others,
            ranked: Vec::new(),
            is_ranking: true,
            current: None,
            evaluations: 1,
            best: None,
            first,
            last: original.to_vec(),
        };
        search.go_on();
        search
    }

    fn tell(&mut self, answer: &LogitSlope) {
        self.evaluations += 1;
        let Some(mut current) = self.current.take() else { return };
        current.tell(answer, self.limits());
        if self.is_ranking {
            self.ranked.push(current);
            self.go_on();
        } else if current.ended {
            self.end(current);
            self.go_on();
        } else {
            self.current = Some(current);
        }
    }

    fn limits(&self) -> Limits {
        let bound = self.best.as_ref().map_or(f64::INFINITY, |best| best.distortion);
        Limits { steps: self.settings.steps, patience: self.settings.patience, bound }
    }

    fn end(&mut self, ended: BoundarySearch<'a>) {
        let bound = self.limits().bound;
        if let Some(best) = ended.best.filter(|best| best.distortion < bound) {
            self.best = Some(best);
        } else if self.best.is_none() {
            self.last = ended.x;
        }
    }

    /// Chooses what to evaluate next.
    fn go_on(&mut self) {
        if let (true, Some(source), Some(class)) = (self.is_ranking, self.source, self.unranked.pop()) {
            self.current = Some(BoundarySearch::new(self.original, source, class));
            return;
        }
        if self.is_ranking {
            self.is_ranking = false;
            self.ranked.sort_by(|a, b| b.estimate.total_cmp(&a.estimate));
            self.first = self.ranked.last().map_or(self.first, |nearest| nearest.target);
        }
        while let Some(next) = self.ranked.pop() {
            if !next.ended {
                self.current = Some(next);
                return;
            }
            self.end(next);
        }
    }

    fn into_outcome(self) -> NearestOutcome {
        let evaluations = self.evaluations;
        let attempt = |image: Vec<f64>, distortion| Attempt { image, distortion, c: 0.0, evaluations };
        let (target, outcome) = if let Some(Crossing { image, distortion, class }) = self.best {
            (class, Outcome::Found(attempt(image, distortion)))
        } else {
            let distortion = root_mean_square(&self.last, self.original);
            (self.first, Outcome::NotFound(attempt(self.last, distortion)))
        };
        NearestOutcome { source: self.source, target, outcome }
    }
}
