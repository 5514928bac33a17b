//! Average precision of a ranking, and the bootstrap's interval of it.

use crate::interval::{Interval, resampled};

/// The area under the precision-recall curve of a ranking by score, where the precision at a recall is the largest at that recall or beyond.
///
/// Examples of one score come at once, so their order does not matter. 0 where no example is relevant.
///
/// **Range** 0 to 1.
///
/// **Paper** Everingham et al. 2015, *The PASCAL Visual Object Classes Challenge: A Retrospective*, §2.2:
/// the measure of the challenges from 2010 on; those before took the mean of the precision at eleven recalls.
///
/// # Panics
/// When there are not as many scores as examples, or a score is not a number.
pub fn average_precision(scores: &[f64], relevant: &[bool]) -> f64 {
    let ranking = Ranking::new(scores, relevant);
    ranking.average_precision(&vec![1; scores.len()])
}

/// The percentile bootstrap's 95 % interval of the average precision: examples are drawn with replacement.
pub fn bootstrap_average_precision(scores: &[f64], relevant: &[bool], seed: u64) -> Interval {
    let ranking = Ranking::new(scores, relevant);
    over_resamples(scores.len(), seed, |times| ranking.average_precision(times))
}

/// The interval of the first ranking's average precision minus the second's, both on the same drawn examples.
pub fn paired_bootstrap_average_precision(scores: [&[f64]; 2], relevant: &[bool], seed: u64) -> Interval {
    let [first, second] = scores.map(|scores| Ranking::new(scores, relevant));
    let difference = |times: &[usize]| first.average_precision(times) - second.average_precision(times);
    over_resamples(relevant.len(), seed, difference)
}

/// The interval of `value`, which gets the number of times that each of the n examples was drawn.
fn over_resamples(n: usize, seed: u64, value: impl Fn(&[usize]) -> f64 + Sync) -> Interval {
    resampled(n, seed, "bootstrap of a ranking", |draws| {
        let mut times = vec![0; n];
        draws.iter().for_each(|&example| times[example] += 1);
        value(&times)
    })
}

/// Examples from the highest score to the lowest.
struct Ranking {
    /// For each score, the examples that have it, relevant or not.
    groups: Vec<Vec<(usize, bool)>>,
}

impl Ranking {
    fn new(scores: &[f64], relevant: &[bool]) -> Self {
        assert_eq!(scores.len(), relevant.len(), "average precision: a score for each example");
        assert!(scores.iter().all(|score| !score.is_nan()), "average precision: expected numbers, got a NaN");
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        let groups = order.chunk_by(|&a, &b| scores[a] == scores[b]);
        Self { groups: groups.map(|group| group.iter().map(|&i| (i, relevant[i])).collect()).collect() }
    }

    /// Of the sample that has each example so many times.
    fn average_precision(&self, times: &[usize]) -> f64 {
        let mut points = Vec::with_capacity(self.groups.len());
        let (mut found, mut seen) = (0, 0);
        for group in &self.groups {
            let before = found;
            for &(example, relevant) in group {
                seen += times[example];
                found += if relevant { times[example] } else { 0 };
            }
            if found > before {
                points.push((found - before, found as f64 / seen as f64));
            }
        }
        let mut best = 0.0f64;
        let area = points.iter().rev().fold(0.0, |area, &(more, precision)| {
            best = best.max(precision);
            area + more as f64 * best
        });
        if found == 0 { 0.0 } else { area / found as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn the_area_is_that_of_the_curve_drawn_by_hand() {
        // Relevant at ranks 1, 3 and 4: precisions 1, 2/3 and 3/4; at the second recall the third's is larger.
        let scores = [0.9, 0.8, 0.7, 0.6, 0.1];
        let found = average_precision(&scores, &[true, false, true, true, false]);
        assert!((found - (1.0 + 0.75 + 0.75) / 3.0).abs() < 1e-15, "{found}");
    }

    #[test]
    fn a_perfect_ranking_has_1_and_examples_of_one_score_their_share() {
        assert_eq!(average_precision(&[3.0, 2.0, 1.0], &[true, true, false]), 1.0);
        assert_eq!(
            average_precision(&[0.5; 8], &[true, false, false, false, true, false, false, false]),
            0.25
        );
        assert_eq!(average_precision(&[1.0, 2.0], &[false, false]), 0.0);
    }

    #[test]
    fn the_interval_holds_the_value_and_repeats_for_any_number_of_threads() {
        let mut random = tensor::seeded(1, "ranking");
        let relevant: Vec<bool> = (0..300).map(|_| random.random_ratio(1, 5)).collect();
        let noisy = |&relevant: &bool| f64::from(u8::from(relevant)) + 2.0 * random.random::<f64>();
        let scores: Vec<f64> = relevant.iter().map(noisy).collect();
        let value = average_precision(&scores, &relevant);
        let pool = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
        let [one, four] =
            [1, 4].map(|n| pool(n).install(|| bootstrap_average_precision(&scores, &relevant, 3)));
        assert_eq!(one, four);
        assert!(one.low < value && value < one.high && one.high - one.low < 0.3, "{value} {one:?}");
    }

    #[test]
    fn a_ranking_is_as_good_as_itself_and_better_than_one_by_chance() {
        let mut random = tensor::seeded(2, "rankings");
        let relevant: Vec<bool> = (0..400).map(|_| random.random_ratio(1, 5)).collect();
        let [good, chance] = [1.0, 0.0].map(|weight| {
            let score = |&r: &bool| weight * f64::from(u8::from(r)) + random.random::<f64>();
            relevant.iter().map(score).collect::<Vec<f64>>()
        });
        assert_eq!(paired_bootstrap_average_precision([&good, &good], &relevant, 1), Interval::point(0.0));
        assert!(paired_bootstrap_average_precision([&good, &chance], &relevant, 1).low > 0.3);
        assert!(paired_bootstrap_average_precision([&chance, &good], &relevant, 1).high < -0.3);
    }

    #[test]
    #[should_panic(expected = "expected numbers, got a NaN")]
    fn a_score_that_is_no_number_is_refused() {
        average_precision(&[f64::NAN], &[true]);
    }
}
