//! Cross-validation on training examples: settings are never chosen on test examples.

use crate::probe::{Classifier, Probe};
use rand::Rng;
use rand::seq::SliceRandom;
use tensor::{Tensor, gather};

/// Divides the examples into random folds, ascending in each; the numbers of examples of a class differ by at most one between folds.
///
/// # Panics
/// If there are no folds.
pub fn stratified_folds(labels: &[usize], folds: usize, rng: &mut impl Rng) -> Vec<Vec<usize>> {
    assert!(folds > 0, "stratified_folds: expected folds, got none");
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.shuffle(rng);
    // Stable: within a class the order stays random.
    order.sort_by_key(|&example| labels[example]);
    let mut divided = vec![Vec::new(); folds];
    for (place, example) in order.into_iter().enumerate() {
        divided[place % folds].push(example);
    }
    divided.iter_mut().for_each(|fold| fold.sort_unstable());
    divided
}

/// The mean over the classes of the share of their examples that are classified correctly; classes without examples do not count.
///
/// **Range** `[0, 1]`
///
/// **Paper** Zeiler & Fergus 2013, §5.2: "the average per-class accuracies".
///
/// # Panics
/// If there are not as many answers as labels.
pub fn mean_class_accuracy(found: &[usize], labels: &[usize]) -> f64 {
    assert_eq!(found.len(), labels.len(), "mean_class_accuracy: expected an answer for each label");
    let classes = labels.iter().max().map_or(0, |last| last + 1);
    let mut counts = vec![[0.0; 2]; classes];
    for (found, &label) in found.iter().zip(labels) {
        counts[label][0] += f64::from(u8::from(*found == label));
        counts[label][1] += 1.0;
    }
    let accuracies: Vec<f64> = counts.iter().filter(|[_, n]| *n > 0.0).map(|[right, n]| right / n).collect();
    accuracies.iter().sum::<f64>() / accuracies.len() as f64
}

impl Classifier {
    /// The weight decay with the best cross-validated accuracy;
    /// the first of equals, and of all where there are fewer than two folds with examples.
    ///
    /// **Shape** features `[n, d]`, f32; n labels below `classes`.
    ///
    /// # Panics
    /// If the shapes or labels do not fit, a fold names no example, or there is no decay.
    pub fn choose_weight_decay(
        self,
        decays: &[f64],
        features: &Tensor,
        labels: &[usize],
        classes: usize,
        folds: &[Vec<usize>],
    ) -> f64 {
        let folds: Vec<&Vec<usize>> = folds.iter().filter(|fold| !fold.is_empty()).collect();
        if folds.len() < 2 {
            return decays[0];
        }
        let accuracy = |decay: f64| {
            let of_fold = |hidden: &Vec<usize>| {
                let shown: Vec<usize> =
                    (0..labels.len()).filter(|i| hidden.binary_search(i).is_err()).collect();
                let of = |index: &[usize]| index.iter().map(|&i| labels[i]).collect::<Vec<usize>>();
                let probe = Probe::fit(self, decay, &gather(features, &shown), &of(&shown), classes);
                mean_class_accuracy(&probe.classify(&gather(features, hidden)), &of(hidden))
            };
            folds.iter().map(|fold| of_fold(fold)).sum::<f64>()
        };
        let mut best = (f64::NEG_INFINITY, decays[0]);
        for &decay in decays {
            let accuracy = accuracy(decay);
            best = if accuracy > best.0 { (accuracy, decay) } else { best };
        }
        best.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::seeded;

    #[test]
    fn folds_share_nothing_leave_nothing_out_and_have_as_many_of_each_class() {
        let labels: Vec<usize> = (0..70).map(|example| usize::from(example % 7 > 2)).collect();
        let parts = stratified_folds(&labels, 4, &mut seeded(1, "parts"));
        let mut all = parts.concat();
        all.sort_unstable();
        assert_eq!(all, (0..70).collect::<Vec<_>>());
        for part in &parts {
            assert!(part.is_sorted());
            let of_0 = part.iter().filter(|&&example| labels[example] == 0).count();
            assert!((7..=8).contains(&of_0) && (10..=10).contains(&(part.len() - of_0)), "{part:?}");
        }
        assert_ne!(stratified_folds(&labels, 4, &mut seeded(2, "parts")), parts);
    }

    #[test]
    fn a_class_counts_the_same_however_many_examples_it_has() {
        let (found, labels) = ([0, 0, 0, 1, 0, 3], [0, 0, 0, 0, 1, 3]);
        assert_eq!(mean_class_accuracy(&found, &labels), (0.75 + 0.0 + 1.0) / 3.0);
    }
}
