//! Linear support vector machines, one for each class.

use lbfgsb::{Bounds, Minimizer, Settings, minimize_many};
use tensor::{Tensor, linear, linear_bias_gradient, linear_weight_gradient, tensor_of, to_f64s, with_slice};
use training::Fit;

/// For each class by itself, minimizes `(λ/2) ‖w‖² + mean(max(0, 1 − y (w·x + b))²)` over the weights w and the bias b.
///
/// The examples' y is 1 where they show the class and −1 where they do not; those of which it is not known, with 0, do not count for it.
///
/// Unlike LIBLINEAR's, by which the paper's were probably trained, the bias is not penalized: λ is `1 / (2 C n)` in its terms.
#[derive(Clone, Debug)]
pub struct LinearSvm {
    /// λ
    pub weight_decay: f64,
    /// Iterations of L-BFGS at most.
    pub max_iterations: usize,
    /// A class is done where its objective, divided by λ, falls by less than this, relatively.
    pub f_tolerance: f64,
}

/// y for examples of one class each.
///
/// **Shape** `[n, classes]`, f32.
/// **Range** 1 at the label, −1 elsewhere.
pub fn one_against_the_rest(labels: &[usize], classes: usize) -> Tensor {
    let mut targets = vec![-1.0f32; labels.len() * classes];
    for (row, &label) in targets.chunks_exact_mut(classes.max(1)).zip(labels) {
        assert!(label < classes, "one_against_the_rest: expected a label below {classes}, got {label}");
        row[label] = 1.0;
    }
    tensor_of(targets, &[labels.len(), classes])
}

impl LinearSvm {
    /// The minimizers of all classes, found from zero weights; a class's depends on its own y alone.
    ///
    /// **Shape** features `[n, d]`, f32; targets `[n, classes]`, f32, as [`one_against_the_rest`].
    pub fn fit(&self, features: &Tensor, targets: &Tensor) -> Fit {
        let (&[n, d], &[m, classes]) = (features.dims(), targets.dims()) else {
            panic!("expected two matrices, got {:?} and {:?}", features.dims(), targets.dims());
        };
        assert_eq!(n, m, "LinearSvm: expected a row of targets for each of {n} rows of features");
        let targets = with_slice::<f32, _>(targets, |y| {
            (0..classes).map(|class| y.iter().skip(class).step_by(classes).copied().collect()).collect()
        });
        let margins = Margins { features, targets, weight_decay: self.weight_decay };
        let settings = Settings {
            max_iterations: self.max_iterations,
            f_tolerance: self.f_tolerance,
            ..Settings::default()
        };
        let problem = Minimizer::new(&vec![0.0; d + 1], Bounds::unbounded(d + 1), settings);
        let mut problems = vec![problem; classes];
        minimize_many(&mut problems, |which, points, values, gradients| {
            margins.evaluate(which, points, values, gradients);
        });
        let solutions: Vec<&[f64]> = problems.iter().map(Minimizer::best).collect();
        let (weight, bias) = layer(&solutions);
        let evaluations = problems.iter().map(Minimizer::evaluations).max().unwrap_or(0);
        Fit { weight, bias, evaluations }
    }
}

/// The objectives of all classes.
struct Margins<'a> {
    features: &'a Tensor,
    /// By class.
    targets: Vec<Vec<f32>>,
    weight_decay: f64,
}

impl Margins<'_> {
    /// The objectives of these classes, divided by λ, and their gradients.
    ///
    /// So divided, they are well above the 1 up to which a tolerance is absolute.
    fn evaluate(&self, which: &[usize], points: &[&[f64]], values: &mut [f64], gradients: &mut [f64]) {
        let (weight, bias) = layer(points);
        let mut scores = with_slice::<f32, _>(&linear(self.features, &weight, &bias), <[f32]>::to_vec);
        for (place, &class) in which.iter().enumerate() {
            values[place] = self.loss(class, scores.iter_mut().skip(place).step_by(which.len()));
        }
        let signal = tensor_of(scores, &[self.features.dims()[0], which.len()]);
        let weights = to_f64s(&linear_weight_gradient(&signal, self.features));
        let biases = to_f64s(&linear_bias_gradient(&signal));
        let d = weight.dims()[1];
        let each = points.iter().zip(gradients.chunks_exact_mut(d + 1)).zip(weights.chunks_exact(d));
        for (place, ((point, gradient), weights)) in each.enumerate() {
            for ((g, w), loss) in gradient.iter_mut().zip(&point[..d]).zip(weights) {
                *g = w + loss;
                values[place] += 0.5 * w * w;
            }
            gradient[d] = biases[place];
        }
    }

    /// The mean loss of a class divided by λ; each score becomes its derivative.
    fn loss<'a>(&self, class: usize, scores: impl Iterator<Item = &'a mut f32>) -> f64 {
        let targets = &self.targets[class];
        let known = targets.iter().filter(|y| **y != 0.0).count().max(1);
        let share = 1.0 / (self.weight_decay * known as f64);
        let mut loss = 0.0;
        for (score, &y) in scores.zip(targets) {
            let short = if y == 0.0 { 0.0 } else { f64::from(1.0 - y * *score).max(0.0) };
            loss += share * short * short;
            *score = (-2.0 * share * short) as f32 * y;
        }
        loss
    }
}

/// Points of weights and then a bias, as tensors.
fn layer(points: &[&[f64]]) -> (Tensor, Tensor) {
    let d = points.first().map_or(0, |point| point.len() - 1);
    let weights = points.iter().flat_map(|point| point[..d].iter().map(|&w| w as f32)).collect();
    let biases = points.iter().map(|point| point[d] as f32).collect();
    (tensor_of(weights, &[points.len(), d]), tensor_of(biases, &[points.len()]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::{DType, argmax, normal, seeded};

    fn svm(weight_decay: f64) -> LinearSvm {
        LinearSvm { weight_decay, max_iterations: 500, f_tolerance: 1e-12 }
    }

    fn case(classes: usize) -> (Tensor, Tensor) {
        let rng = &mut seeded(5, "features");
        let features = normal(rng, &[90, 4], 1.0, DType::F32);
        let labels = argmax(&normal(rng, &[90, classes], 1.0, DType::F32));
        (features, one_against_the_rest(&labels, classes))
    }

    #[test]
    fn two_points_have_their_middle_as_border_and_the_weight_that_the_formula_gives() {
        // With x = ±1 the loss is (1 − w)² at b = 0, and (λ/2) w² + (1 − w)² has its minimum at 2 / (2 + λ).
        let features = tensor_of(vec![1.0f32, -1.0], &[2, 1]);
        let targets = tensor_of(vec![1.0f32, -1.0], &[2, 1]);
        let fit = svm(0.5).fit(&features, &targets);
        let (weight, bias) = (to_f64s(&fit.weight)[0], to_f64s(&fit.bias)[0]);
        assert!((weight - 0.8).abs() < 1e-5 && bias.abs() < 1e-5, "{weight} {bias}");
    }

    #[test]
    fn the_gradient_is_that_of_central_differences_and_a_wrong_one_is_not() {
        let (features, targets) = case(3);
        let columns = to_f64s(&targets);
        let targets =
            (0..3).map(|k| columns.iter().skip(k).step_by(3).map(|y| *y as f32).collect()).collect();
        let margins = Margins { features: &features, targets, weight_decay: 0.3 };
        let at = |point: &[f64]| {
            let (mut values, mut gradients) = ([0.0], [0.0; 5]);
            margins.evaluate(&[1], &[point], &mut values, &mut gradients);
            (values[0], gradients)
        };
        let point = [0.5, -0.25, 1.0, 0.125, -0.5];
        let (_, gradient) = at(&point);
        for i in 0..5 {
            let moved = |by: f64| {
                let mut point = point;
                point[i] += by;
                at(&point).0
            };
            let slope = (moved(1.0 / 128.0) - moved(-1.0 / 128.0)) * 64.0;
            assert!((slope - gradient[i]).abs() < 1e-3, "{i}: {slope} {}", gradient[i]);
            assert!((slope - 1.1 * gradient[i]).abs() > 1e-3, "{i}: a gradient that is wrong passes");
        }
    }

    /// The minimizer for one class by Newton's method in f64: the slow twin.
    fn by_newton(x: &[f64], y: &[f64], decay: f64) -> Vec<f64> {
        let d = x.len() / y.len();
        let share = 1.0 / y.iter().filter(|y| **y != 0.0).count() as f64;
        let mut v = vec![0.0; d + 1];
        for _ in 0..50 {
            // The gradient stands in the last column, behind the second derivatives.
            let mut system: Vec<Vec<f64>> = vec![vec![0.0; d + 2]; d + 1];
            for i in 0..d {
                (system[i][i], system[i][d + 1]) = (decay, decay * v[i]);
            }
            for (row, y) in x.chunks_exact(d).zip(y) {
                let row: Vec<f64> = row.iter().copied().chain([1.0]).collect();
                let short = 1.0 - y * row.iter().zip(&v).map(|(x, v)| x * v).sum::<f64>();
                if *y == 0.0 || short <= 0.0 {
                    continue;
                }
                for (line, &of) in system.iter_mut().zip(&row) {
                    line.iter_mut().zip(&row).for_each(|(h, x)| *h += 2.0 * share * of * x);
                    line[d + 1] -= 2.0 * share * y * short * of;
                }
            }
            v.iter_mut().zip(solution(system)).for_each(|(v, step)| *v -= step);
        }
        v
    }

    /// Solves `A x = b` for a positive definite A with b in the last column.
    fn solution(mut system: Vec<Vec<f64>>) -> Vec<f64> {
        let n = system.len();
        for pivot in 0..n {
            let line = system[pivot].clone();
            for (_, other) in system.iter_mut().enumerate().filter(|(row, _)| *row != pivot) {
                let factor = other[pivot] / line[pivot];
                other.iter_mut().zip(&line).for_each(|(a, b)| *a -= factor * b);
            }
        }
        (0..n).map(|row| system[row][n] / system[row][row]).collect()
    }

    #[test]
    fn every_class_has_the_minimizer_that_newtons_method_finds_for_it_alone() {
        let (features, targets) = case(3);
        let (x, mut y) = (to_f64s(&features), to_f64s(&targets));
        // Of a third of the examples it is not known whether they show the last class.
        y.iter_mut().skip(2).step_by(9).for_each(|y| *y = 0.0);
        let targets = tensor_of(y.iter().map(|y| *y as f32).collect(), &[90, 3]);
        for decay in [0.01, 1.0] {
            let fit = svm(decay).fit(&features, &targets);
            let (weights, biases) = (to_f64s(&fit.weight), to_f64s(&fit.bias));
            for class in 0..3 {
                let y: Vec<f64> = y.iter().skip(class).step_by(3).copied().collect();
                let ours = weights[4 * class..4 * (class + 1)].iter().chain([&biases[class]]);
                for (ours, newton) in ours.zip(by_newton(&x, &y, decay)) {
                    assert!((ours - newton).abs() < 2e-4, "{class}, {decay}: {ours} {newton}");
                }
            }
        }
    }

    #[test]
    fn a_class_has_the_same_bits_beside_others_and_alone() {
        let (features, targets) = case(5);
        let all = svm(0.1).fit(&features, &targets);
        let alone = svm(0.1).fit(&features, &targets.narrow(1, 3, 1).unwrap().contiguous().unwrap());
        assert_eq!(to_f64s(&all.weight)[12..16], to_f64s(&alone.weight));
        assert_eq!(to_f64s(&all.bias)[3], to_f64s(&alone.bias)[0]);
    }
}
