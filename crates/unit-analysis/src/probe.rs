//! Linear classifiers on a layer's features: what can be read from them.

use crate::linear_svm::{LinearSvm, one_against_the_rest};
use ndarray::Array2;
use tensor::{Tensor, argmax, linear, to_f64_array};
use training::{Fit, Scale, SoftmaxRegression, Standardizer};

/// The classifiers of the paper's Table 7.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Classifier {
    /// A linear support vector machine for each class against the rest.
    Svm,
    /// Multinomial logistic regression.
    Softmax,
}

/// A linear classifier on features, trained while the net below stays as it is.
///
/// **Paper** Zeiler & Fergus 2013, §5.2 and §5.3, Tables 4 to 7.
#[derive(Clone, Debug)]
pub struct Probe {
    standardizer: Standardizer,
    weight: Tensor,
    bias: Tensor,
}

/// Iterations of L-BFGS at most.
const MAX_ITERATIONS: usize = 200;
/// By how much less the objectives fall at the end, relatively; a softmax's is far below the 1 up to which that is absolute.
const SVM_TOLERANCE: f64 = 1e-4;
const SOFTMAX_TOLERANCE: f64 = 1e-5;

impl Probe {
    /// The classifier of these examples; its features are centered and scaled over them.
    ///
    /// **Shape** features `[n, d]`, f32; n labels below `classes`.
    ///
    /// # Panics
    /// If the shapes or labels do not fit.
    pub fn fit(
        classifier: Classifier,
        weight_decay: f64,
        features: &Tensor,
        labels: &[usize],
        classes: usize,
    ) -> Self {
        if classifier == Classifier::Svm {
            return Self::fit_to_targets(weight_decay, features, &one_against_the_rest(labels, classes));
        }
        let regression = SoftmaxRegression {
            weight_decay,
            max_iterations: MAX_ITERATIONS,
            f_tolerance: SOFTMAX_TOLERANCE,
            scale: Scale::AsIs,
        };
        let standardizer = Standardizer::with_one_factor(features);
        let Fit { weight, bias, .. } = regression.fit(&standardizer.transform(features), labels, classes);
        Self { standardizer, weight, bias }
    }

    /// Support vector machines for classes of which an example may show several.
    ///
    /// **Shape** features `[n, d]`, f32; targets `[n, classes]`, f32.
    /// **Range** targets: 1 where an example shows a class, −1 where it does not, 0 where it does not count.
    ///
    /// # Panics
    /// If the shapes do not fit.
    pub fn fit_to_targets(weight_decay: f64, features: &Tensor, targets: &Tensor) -> Self {
        let standardizer = Standardizer::with_one_factor(features);
        let svm = LinearSvm { weight_decay, max_iterations: MAX_ITERATIONS, f_tolerance: SVM_TOLERANCE };
        let Fit { weight, bias, .. } = svm.fit(&standardizer.transform(features), targets);
        Self { standardizer, weight, bias }
    }

    /// The score of each class for each example.
    ///
    /// **Shape** features `[n, d]`, f32; the result is `[n, classes]`.
    ///
    /// # Panics
    /// If there are more or fewer features.
    pub fn scores(&self, features: &Tensor) -> Array2<f64> {
        to_f64_array(&self.logits(features))
    }

    fn logits(&self, features: &Tensor) -> Tensor {
        linear(&self.standardizer.transform(features), &self.weight, &self.bias)
    }

    /// The class of each example, that of the highest of its [`scores`](Self::scores); ties take the first.
    pub fn classify(&self, features: &Tensor) -> Vec<usize> {
        argmax(&self.logits(features))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validation::{mean_class_accuracy, stratified_folds};
    use tensor::{DType, gather, normal, seeded, tensor_of, to_f64s};

    /// Three classes of 40 examples around the corners of a triangle, among features that say nothing.
    fn case(noise: f64) -> (Tensor, Vec<usize>) {
        let labels: Vec<usize> = (0..120).map(|example| example % 3).collect();
        let mut features = to_f64s(&normal(&mut seeded(1, "noise"), &[120, 8], noise, DType::F64));
        for (row, &label) in features.chunks_exact_mut(8).zip(&labels) {
            row[label] += 2.0;
        }
        (tensor_of(features.iter().map(|v| *v as f32).collect(), &[120, 8]), labels)
    }

    #[test]
    fn both_classifiers_read_classes_that_can_be_told_apart_also_on_new_examples() {
        let (features, labels) = case(0.5);
        let [shown, hidden]: [Vec<usize>; 2] =
            stratified_folds(&labels, 2, &mut seeded(1, "parts")).try_into().unwrap();
        let of = |index: &[usize]| index.iter().map(|&i| labels[i]).collect::<Vec<usize>>();
        for classifier in [Classifier::Svm, Classifier::Softmax] {
            let probe = Probe::fit(classifier, 1e-3, &gather(&features, &shown), &of(&shown), 3);
            let accuracy =
                |index: &[usize]| mean_class_accuracy(&probe.classify(&gather(&features, index)), &of(index));
            assert!(accuracy(&shown) > 0.95 && accuracy(&hidden) > 0.9, "{classifier:?}");
        }
    }

    #[test]
    fn examples_that_do_not_count_for_a_class_change_nothing_for_it() {
        let (features, labels) = case(0.5);
        let mut targets = to_f64s(&one_against_the_rest(&labels, 3));
        targets.iter_mut().skip(2).step_by(6).for_each(|y| *y = 0.0);
        let targets = tensor_of(targets.iter().map(|y| *y as f32).collect(), &[120, 3]);
        let some = Probe::fit_to_targets(0.1, &features, &targets);
        let all = Probe::fit(Classifier::Svm, 0.1, &features, &labels, 3);
        let [some, all] = [some, all].map(|probe| to_f64s(&probe.weight));
        assert_eq!(some[..16], all[..16], "classes of which all examples count");
        assert_ne!(some[16..], all[16..]);
    }

    #[test]
    fn the_weight_decay_is_chosen_that_serves_examples_left_out() {
        let (features, labels) = case(1.5);
        let parts = stratified_folds(&labels, 3, &mut seeded(1, "parts"));
        let choose =
            |decays: &[f64]| Classifier::Svm.choose_weight_decay(decays, &features, &labels, 3, &parts);
        assert_eq!(choose(&[1e6, 0.1]), 0.1, "nothing is learned under the first");
        assert_eq!(choose(&[0.1, 1e6]), 0.1);
        assert_eq!(Classifier::Svm.choose_weight_decay(&[7.0, 0.1], &features, &labels, 3, &parts[..1]), 7.0);
    }
}
