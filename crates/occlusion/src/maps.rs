//! Sensitivity maps: values at the occluder's positions.

use ndarray::Array2;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Zeiler & Fergus 2013, Fig. 7 b, d and e: a value for each position of the occluder.
///
/// **Shape** each `[positions down, positions across]`
#[derive(Clone, Debug, PartialEq)]
pub struct SensitivityMaps {
    /// The summed activation of the target's feature map.
    pub activity: Array2<f64>,
    /// **Range** 0..1: the probability of the target's class.
    pub probability: Array2<f64>,
    /// The most probable class; ties take the first.
    pub class: Array2<usize>,
}

/// The values of [`SensitivityMaps`] at some positions, row-major.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PositionValues {
    /// As [`SensitivityMaps::activity`].
    pub activity: Vec<f64>,
    /// As [`SensitivityMaps::probability`].
    pub probability: Vec<f64>,
    /// As [`SensitivityMaps::class`].
    pub class: Vec<usize>,
}

impl SensitivityMaps {
    /// The maps from the values at all positions; `size` is their number down and across.
    ///
    /// # Panics
    /// If there is not a value for each position.
    pub fn from_values(size: [usize; 2], values: PositionValues) -> Self {
        fn map<T>(size: [usize; 2], values: Vec<T>) -> Array2<T> {
            Array2::from_shape_vec(size, values).expect("a value for each position")
        }
        let PositionValues { activity, probability, class } = values;
        Self { activity: map(size, activity), probability: map(size, probability), class: map(size, class) }
    }

    /// The share of the positions at which the most probable class is another than this one.
    ///
    /// **Range** 0..1
    pub fn misclassified(&self, class: usize) -> f64 {
        let others = self.class.iter().filter(|&&found| found != class).count();
        others as f64 / self.class.len() as f64
    }

    /// The classes, each with the number of positions at which it is the most probable, the most frequent first; ties take the first class.
    pub fn frequent_classes(&self) -> Vec<(usize, usize)> {
        frequent_classes(&self.class)
    }

    /// The index of each position's class in [`SensitivityMaps::frequent_classes`].
    pub fn ranks(&self) -> Array2<usize> {
        let frequent = self.frequent_classes();
        let rank = |class: &usize| frequent.iter().position(|(other, _)| other == class).expect("counted");
        self.class.map(rank)
    }
}

/// The classes of a map, each with the number of its positions, the most frequent first; ties take the first class.
pub fn frequent_classes(map: &Array2<usize>) -> Vec<(usize, usize)> {
    let mut counts = BTreeMap::new();
    map.iter().for_each(|&class| *counts.entry(class).or_insert(0) += 1);
    let mut counts: Vec<(usize, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|&(_, count)| Reverse(count));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn classes_are_counted_and_ranked_by_how_often_they_are_found() {
        let [activity, probability] = [vec![0.0; 6], vec![0.5; 6]];
        let values = PositionValues { activity, probability, class: vec![7, 2, 7, 9, 2, 7] };
        let maps = SensitivityMaps::from_values([2, 3], values);
        assert_eq!(maps.frequent_classes(), [(7, 3), (2, 2), (9, 1)]);
        assert_eq!(maps.ranks(), array![[0, 1, 0], [2, 1, 0]]);
        assert_eq!(maps.misclassified(7), 0.5);
    }
}
