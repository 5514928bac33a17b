//! Whether two groups of values differ by more than chance: tests by permutation.

use rand::Rng;
use rand::seq::SliceRandom;

/// The difference of two groups, and how likely chance makes one as large.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// The first group minus the second.
    pub difference: f64,
    /// The probability of a difference as large where it does not matter which value is of which group.
    ///
    /// **Range** `(0, 1]`
    pub p: f64,
    /// Permutations tried beside the one observed.
    pub permutations: usize,
}

impl Comparison {
    /// `p = (1 + permutations at least as large) / (1 + permutations)`, which is never 0.
    fn new(difference: f64, as_large: usize, permutations: usize) -> Self {
        Self { difference, p: (1 + as_large) as f64 / (1 + permutations) as f64, permutations }
    }
}

/// The two-sided permutation test of the means of two groups: which values belong to which is drawn `draws` times.
///
/// # Panics
/// If a group is empty.
pub fn permutation_test(rng: &mut impl Rng, first: &[f64], second: &[f64], draws: usize) -> Comparison {
    assert!(!first.is_empty() && !second.is_empty(), "permutation_test: expected values in both groups");
    if first.len() > second.len() {
        // The smaller group is drawn sooner.
        let swapped = permutation_test(rng, second, first, draws);
        return Comparison { difference: -swapped.difference, ..swapped };
    }
    let mut all = [first, second].concat();
    let total: f64 = all.iter().sum();
    let [n, m] = [first.len(), second.len()].map(|n| n as f64);
    let difference = |sum: f64| sum / n - (total - sum) / m;
    let observed = difference(first.iter().sum());
    // Equal differences may be sums in another order.
    let scale = all.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
    let least = observed.abs() - 1e-12 * scale;
    let as_large = (0..draws).filter(|_| {
        let (drawn, _) = all.partial_shuffle(rng, first.len());
        difference(drawn.iter().sum()).abs() >= least
    });
    Comparison::new(observed, as_large.count(), draws)
}

/// The one-sided permutation test of paired values: the two of each pair are exchanged or not.
///
/// `difference` computes the first group minus the second after exchanging those pairs for which it is passed true;
/// an exchange without a difference counts as one at least as large.
/// All exchanges are tried where there are no more than `permutations`, else that many are drawn.
///
/// `None` where there is no difference without exchanges.
pub fn paired_permutation_test(
    rng: &mut impl Rng,
    pairs: usize,
    permutations: usize,
    difference: impl Fn(&[bool]) -> Option<f64>,
) -> Option<Comparison> {
    let observed = difference(&vec![false; pairs])?;
    let all = 1usize.checked_shl(pairs as u32).map_or(usize::MAX, |all| all - 1);
    let tried = permutations.min(all);
    let as_large = (1..=tried).filter(|number| {
        let coin = |pair: usize| if tried == all { number >> pair & 1 == 1 } else { rng.random() };
        let exchanged: Vec<bool> = (0..pairs).map(coin).collect();
        // Equal differences may be sums in another order.
        difference(&exchanged).is_none_or(|other| other >= observed - 1e-12)
    });
    Some(Comparison::new(observed, as_large.count(), tried))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::seeded;

    #[test]
    fn p_comes_near_that_of_all_ways_to_divide_the_values() {
        let (first, second) = ([4.0, 6.0, 7.0, 9.0], [1.0, 2.0, 5.0, 6.0, 3.0]);
        let values = [&first[..], &second].concat();
        let difference = |chosen: usize| {
            let mean = |wanted: usize| {
                let group: Vec<f64> =
                    (0..9).filter(|i| chosen >> i & 1 == wanted).map(|i| values[i]).collect();
                group.iter().sum::<f64>() / group.len() as f64
            };
            mean(1) - mean(0)
        };
        let ways: Vec<f64> = (0..1 << 9).filter(|c: &usize| c.count_ones() == 4).map(difference).collect();
        let observed = 6.5 - 3.4;
        let exact = ways.iter().filter(|d| d.abs() >= observed - 1e-9).count() as f64 / ways.len() as f64;
        assert!(ways.len() == 126 && exact > 0.02 && exact < 0.2, "{exact}");
        for (one, other, sign) in [(&first[..], &second[..], 1.0), (&second, &first, -1.0)] {
            let found = permutation_test(&mut seeded(1, "draws"), one, other, 20_000);
            assert!((found.difference - sign * observed).abs() < 1e-12, "{found:?}");
            assert!((found.p - exact).abs() < 0.006, "{} of {exact}", found.p);
        }
    }

    #[test]
    fn groups_that_are_alike_have_p_1_and_those_far_apart_the_least() {
        let rng = &mut seeded(2, "draws");
        let alike = permutation_test(rng, &[0.1; 7], &[0.1; 5], 99);
        assert!(alike.difference.abs() < 1e-12 && alike.p == 1.0, "{alike:?}");
        let [low, high] =
            [0.0, 1.0].map(|from| (0..20).map(|i| from + f64::from(i) / 100.0).collect::<Vec<_>>());
        assert_eq!(permutation_test(rng, &low, &high, 99).p, 0.01);
        assert_eq!(permutation_test(rng, &high, &low, 99).p, 0.01);
    }

    #[test]
    fn p_is_uniform_where_both_groups_are_drawn_alike() {
        let rng = &mut seeded(3, "null");
        let mut ps: Vec<f64> = (0..400)
            .map(|_| {
                let values: Vec<f64> = (0..25).map(|_| rng.random::<f64>()).collect();
                permutation_test(rng, &values[..10], &values[10..], 199).p
            })
            .collect();
        ps.sort_by(f64::total_cmp);
        // Kolmogorov and Smirnov: 1.63 / √400 is passed once in a hundred times.
        let far = |(rank, p): (usize, &f64)| ((rank as f64 + 0.5) / 400.0 - p).abs();
        let farthest = ps.iter().enumerate().map(far).fold(0.0, f64::max);
        assert!(farthest < 0.0815, "{farthest}");
    }
}
