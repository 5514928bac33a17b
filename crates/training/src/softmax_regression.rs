//! Softmax regression: one dense layer fitted by full-batch L-BFGS.

use crate::fit_monitor::{FitMonitor, Observer, SolverCheckpoint};
use crate::standardizer::Standardizer;
use argmin::core::observers::ObserverMode;
use argmin::core::{Executor, State};
use lbfgsb::{Bounds, Fused, Lbfgsb, Settings};
use rayon::prelude::*;
use serde::Serialize;
use tensor::{
    Tensor, cross_entropy, linear, linear_bias_gradient, linear_weight_gradient, tensor_of, to_f64s,
};

/// Minimizes mean cross-entropy + `(λ/2) Σ w²` over the weights and biases of one dense layer.
///
/// Unlike the paper, which prints `λ Σ w²/k`, the sum is not divided by the number k of units: this reading lands on its errors.
#[derive(Clone, Debug, Serialize)]
pub struct SoftmaxRegression {
    /// λ
    pub weight_decay: f64,
    /// Maximum number of iterations of L-BFGS.
    pub max_iterations: usize,
    /// Stops once an iteration reduces the objective by less than this, relatively.
    pub f_tolerance: f64,
    /// The coordinates of the search.
    pub scale: Scale,
}

/// The coordinates of the search; the objective is the same in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Scale {
    /// The features as they are.
    AsIs,
    /// Each feature with mean 0 and standard deviation 1: fewer iterations where the features' sizes differ.
    Standardized,
}

/// A fitted dense layer.
#[derive(Debug)]
pub struct Fit {
    /// **Shape** `[classes, features]`, f32
    pub weight: Tensor,
    /// **Shape** `[classes]`, f32
    pub bias: Tensor,
    /// Evaluations of the objective on all examples.
    pub evaluations: usize,
}

impl SoftmaxRegression {
    /// The minimizer, searched for from zero weights.
    ///
    /// **Shape** features `[n, d]`, f32; n labels below `classes`.
    ///
    /// # Panics
    /// If the features are not an f32 matrix, or there are not n labels below `classes`.
    pub fn fit(&self, features: &Tensor, labels: &[usize], classes: usize) -> Fit {
        self.fit_monitored(features, labels, classes, FitMonitor::default())
    }

    /// [`SoftmaxRegression::fit`], observed and with a checkpoint.
    ///
    /// # Panics
    /// As [`SoftmaxRegression::fit`].
    pub fn fit_monitored(
        &self,
        features: &Tensor,
        labels: &[usize],
        classes: usize,
        monitor: FitMonitor,
    ) -> Fit {
        let (_, d) =
            features.dims2().unwrap_or_else(|_| panic!("expected [n, d], got {:?}", features.dims()));
        let standardizer = match self.scale {
            Scale::AsIs => Standardizer::identity(d),
            Scale::Standardized => Standardizer::new(&[features], LEAST_DEVIATION),
        };
        let features = standardizer.transform(features);
        let objective = |v: &[f64], gradient: &mut [f64]| {
            let (weight, bias) = layer(v, classes, d);
            let mut loss = mean_cross_entropy(&features, labels, &weight, &bias, gradient);
            for (index, (w, g)) in v.iter().zip(gradient).enumerate().take(classes * d) {
                let decay = self.weight_decay / standardizer.deviations()[index % d].powi(2);
                loss += 0.5 * decay * w * w;
                *g += decay * w;
            }
            loss
        };
        let (mut solution, evaluations) = self.minimize(objective, classes * (d + 1), monitor);
        let (weights, biases) = solution.split_at_mut(classes * d);
        standardizer.fold_into(weights, biases);
        let (weight, bias) = layer(&solution, classes, d);
        Fit { weight, bias, evaluations }
    }

    fn minimize(
        &self,
        mut objective: impl FnMut(&[f64], &mut [f64]) -> f64,
        n: usize,
        monitor: FitMonitor,
    ) -> (Vec<f64>, usize) {
        let mut evaluations = 0;
        let mut counted = |v: &[f64], g: &mut [f64]| {
            evaluations += 1;
            objective(v, g)
        };
        let settings = Settings {
            memory: 20,
            max_iterations: self.max_iterations,
            f_tolerance: self.f_tolerance,
            ..Settings::default()
        };
        let solver = Lbfgsb::new(Bounds::unbounded(n), settings);
        let start = vec![0.0; n];
        let FitMonitor { observer, checkpoint } = monitor;
        let checkpoint = checkpoint.map(|place| SolverCheckpoint::new(place, &solver, &mut counted));
        let mut executor = Executor::new(Fused::new(counted), solver)
            .configure(|state| state.param(start).max_iters(self.max_iterations as u64));
        if let Some(observer) = observer {
            executor = executor.add_observer(Observer(observer), ObserverMode::Always);
        }
        if let Some(checkpoint) = checkpoint {
            executor = executor.checkpointing(checkpoint);
        }
        let run = executor.run().expect("the objective never fails, and the start is given");
        let solution = run.state().get_best_param().expect("the start at least").clone();
        drop(run);
        (solution, evaluations)
    }
}

/// A feature that hardly varies is not magnified beyond this.
const LEAST_DEVIATION: f64 = 1e-3;

/// Weights and then biases, as tensors.
fn layer(v: &[f64], classes: usize, d: usize) -> (Tensor, Tensor) {
    let scalars: Vec<f32> = v.iter().map(|&w| w as f32).collect();
    let (weights, biases) = scalars.split_at(classes * d);
    (tensor_of(weights.to_vec(), &[classes, d]), tensor_of(biases.to_vec(), &[classes]))
}

/// Examples of one partial sum; the sums are added in order, so that threads do not change the result.
const PART: usize = 1024;

/// The mean over all examples; its gradient is written.
fn mean_cross_entropy(
    features: &Tensor,
    labels: &[usize],
    weight: &Tensor,
    bias: &Tensor,
    gradient: &mut [f64],
) -> f64 {
    let part = |(index, labels): (usize, &[usize])| {
        let features = features.narrow(0, index * PART, labels.len()).expect("within the examples");
        let (losses, signal) = cross_entropy(&linear(&features, weight, bias), labels);
        let mut sums = to_f64s(&linear_weight_gradient(&signal, &features));
        sums.extend(to_f64s(&linear_bias_gradient(&signal)));
        (losses.iter().sum::<f64>(), sums)
    };
    let parts: Vec<(f64, Vec<f64>)> = labels.par_chunks(PART).enumerate().map(part).collect();
    let share = 1.0 / labels.len() as f64;
    gradient.fill(0.0);
    for (_, sums) in &parts {
        gradient.iter_mut().zip(sums).for_each(|(g, sum)| *g += sum * share);
    }
    parts.iter().map(|(loss, _)| loss).sum::<f64>() * share
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::{DType, argmax, seeded, uniform};

    fn case() -> (Tensor, Vec<usize>) {
        let features = uniform(&mut seeded(5, "features"), &[1500, 6], 1.0, DType::F32);
        let labels = argmax(&features);
        (features, labels)
    }

    fn regression(scale: Scale) -> SoftmaxRegression {
        SoftmaxRegression { weight_decay: 1e-3, max_iterations: 200, f_tolerance: 1e-9, scale }
    }

    #[test]
    fn both_coordinates_lead_to_the_same_layer_which_knows_the_classes() {
        let (features, labels) = case();
        let [plain, standardized] =
            [Scale::AsIs, Scale::Standardized].map(|s| regression(s).fit(&features, &labels, 6));
        for (a, b) in to_f64s(&plain.weight).iter().zip(to_f64s(&standardized.weight)) {
            assert!((a - b).abs() < 0.02 * (1.0 + a.abs()), "{a} {b}");
        }
        let right = argmax(&linear(&features, &plain.weight, &plain.bias));
        let errors = right.iter().zip(&labels).filter(|(a, b)| **a != **b).count();
        assert!(errors < 75, "{errors} of 1500");
    }

    #[test]
    fn at_the_minimum_the_gradient_is_the_weight_decay() {
        let (features, labels) = case();
        let fit = regression(Scale::AsIs).fit(&features, &labels, 6);
        let mut gradient = vec![0.0; 42];
        mean_cross_entropy(&features, &labels, &fit.weight, &fit.bias, &mut gradient);
        for (g, w) in gradient.iter().zip(to_f64s(&fit.weight)) {
            assert!((g + 1e-3 * w).abs() < 1e-4, "{g} {w}");
        }
    }
}
