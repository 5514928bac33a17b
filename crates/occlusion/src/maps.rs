//! What a sweep leaves: three maps over the occluder's positions.

use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Zeiler & Fergus 2013, Fig. 7 b, d and e: a value for each position of the occluder, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct SensitivityMaps {
    /// Positions down and across.
    pub size: [usize; 2],
    /// The summed activation of the target's feature map.
    pub activity: Vec<f64>,
    /// **Range** 0..1: the probability of the target's class.
    pub probability: Vec<f64>,
    /// The most probable class; ties take the first.
    pub class: Vec<usize>,
}

impl SensitivityMaps {
    /// Maps without a value yet.
    pub(crate) fn empty(size: [usize; 2]) -> Self {
        Self { size, activity: vec![], probability: vec![], class: vec![] }
    }

    /// How much of the area lies at positions where the most probable class is another than this one.
    ///
    /// **Range** 0..1
    pub fn misclassified(&self, class: usize) -> f64 {
        let others = self.class.iter().filter(|&&found| found != class).count();
        others as f64 / self.class.len() as f64
    }

    /// The classes and at how many positions each is the most probable, the most frequent first; ties take the first class.
    pub fn frequent_classes(&self) -> Vec<(usize, usize)> {
        let mut counts = BTreeMap::new();
        self.class.iter().for_each(|&class| *counts.entry(class).or_insert(0) += 1);
        let mut counts: Vec<(usize, usize)> = counts.into_iter().collect();
        counts.sort_by_key(|&(_, count)| Reverse(count));
        counts
    }

    /// For each position, the place of its class among [`SensitivityMaps::frequent_classes`].
    pub fn ranks(&self) -> Vec<usize> {
        let frequent = self.frequent_classes();
        let rank = |class: &usize| frequent.iter().position(|(other, _)| other == class).expect("counted");
        self.class.iter().map(rank).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_counted_and_ranked_by_how_often_they_are_found() {
        let maps = SensitivityMaps { class: vec![7, 2, 7, 9, 2, 7], ..SensitivityMaps::empty([2, 3]) };
        assert_eq!(maps.frequent_classes(), [(7, 3), (2, 2), (9, 1)]);
        assert_eq!(maps.ranks(), [0, 1, 0, 2, 1, 0]);
        assert_eq!(maps.misclassified(7), 0.5);
    }
}
