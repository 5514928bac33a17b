//! Softmax and its logarithm over the classes, their adjoints, and the cross-entropy.

use crate::by_type;
use crate::planes::share;
use crate::real::Real;
use crate::slices::{tensor_of, with_slice};
use candle_core::Tensor;

/// `z − log Σ exp z` over axis 1.
///
/// **Shape** logits `[n, classes, …]`, and so is the result.
///
/// # Panics
/// If the logits are not f32 or f64, or have fewer than two axes.
pub fn log_softmax(logits: &Tensor) -> Tensor {
    by_type!(logits, T => along_classes::<T>(logits, logits, |z, _| log_softmax_row(z)))
}

/// The adjoint of log-softmax: `s − softmax · Σ s`, where `y` is its output.
///
/// # Panics
/// If the shapes differ.
pub fn log_softmax_gradient(signal: &Tensor, y: &Tensor) -> Tensor {
    by_type!(y, T => along_classes::<T>(signal, y, |row, y| {
        let total = row.iter().fold(T::default(), |sum, &s| sum + s);
        row.iter_mut().zip(y).for_each(|(s, &y)| *s -= Real::exp(y) * total);
    }))
}

/// `exp z / Σ exp z` over axis 1.
///
/// **Shape** logits `[n, classes, …]`, and so is the result.
///
/// # Panics
/// If the logits are not f32 or f64, or have fewer than two axes.
pub fn softmax(logits: &Tensor) -> Tensor {
    by_type!(logits, T => along_classes::<T>(logits, logits, |row, _| {
        let top = largest(row);
        row.iter_mut().for_each(|z| *z = Real::exp(*z - top));
        let sum = row.iter().fold(T::default(), |sum, &z| sum + z);
        row.iter_mut().for_each(|z| *z /= sum);
    }))
}

/// The adjoint of softmax: `y (s − Σ s y)`, where `y` is its output.
///
/// # Panics
/// If the shapes differ.
pub fn softmax_gradient(signal: &Tensor, y: &Tensor) -> Tensor {
    by_type!(y, T => along_classes::<T>(signal, y, |row, y| {
        let mean = row.iter().zip(y).fold(T::default(), |sum, (&s, &y)| sum + s * y);
        row.iter_mut().zip(y).for_each(|(s, &y)| *s = y * (*s - mean));
    }))
}

/// Cross-entropy of each row with its label, and the derivative with respect to that row's logits, `softmax − onehot`.
///
/// **Shape** logits `[n, classes]`; n losses and a tensor `[n, classes]`. Neither is divided by n.
///
/// # Panics
/// If the number of labels is not n, or a label is not a class.
pub fn cross_entropy(logits: &Tensor, labels: &[usize]) -> (Vec<f64>, Tensor) {
    let classes = classes(logits);
    assert_eq!(logits.dims()[0], labels.len(), "cross_entropy: labels");
    by_type!(logits, T => {
        let mut rows = with_slice::<T, _>(logits, <[T]>::to_vec);
        let each = rows.chunks_exact_mut(classes).zip(labels).map(|(row, &label)| {
            log_softmax_row(row);
            let loss: f64 = (-row[label]).into();
            row.iter_mut().for_each(|y| *y = Real::exp(*y));
            row[label] -= T::from(1.0f32);
            loss
        });
        (each.collect(), tensor_of(rows, logits.dims()))
    })
}

/// The index of each row's largest value; ties take the first.
///
/// # Panics
/// If the tensor is not a matrix of f32 or f64.
pub fn argmax(rows: &Tensor) -> Vec<usize> {
    let largest = |row: &[f64]| (1..row.len()).fold(0, |best, i| if row[i] > row[best] { i } else { best });
    crate::to_f64s(rows).chunks_exact(classes(rows)).map(largest).collect()
}

fn log_softmax_row<T: Real>(row: &mut [T]) {
    let top = largest(row);
    let sum = row.iter().fold(T::default(), |sum, &z| sum + Real::exp(z - top));
    let shift = top + Real::ln(sum);
    row.iter_mut().for_each(|z| *z -= shift);
}

fn largest<T: Real>(row: &[T]) -> T {
    row.iter().fold(row[0], |top, &z| if z > top { z } else { top })
}

/// Applies `change` to each line along axis 1, with the same line of another tensor.
fn along_classes<T: Real>(x: &Tensor, beside: &Tensor, change: impl Fn(&mut [T], &[T]) + Sync) -> Tensor {
    assert_eq!(x.dims(), beside.dims(), "softmax: shapes differ");
    let [_, classes, pixels @ ..] = x.dims() else {
        panic!("softmax: expected [n, classes, …], got {:?}", x.dims())
    };
    let image = classes * pixels.iter().product::<usize>();
    let mut y = with_slice::<T, _>(x, <[T]>::to_vec);
    with_slice::<T, _>(beside, |beside| {
        share(&mut y, image, |first, y| {
            for (y, beside) in y.chunks_exact_mut(image).zip(beside[first * image..].chunks_exact(image)) {
                if image == *classes { change(y, beside) } else { along_planes(y, beside, *classes, &change) }
            }
        });
    });
    tensor_of(y, x.dims())
}

/// Pixels whose lines are gathered together, so that what is read of each plane fills a cache line.
const TILE: usize = 16;

/// [`along_classes`] in one image of a plane for each class.
fn along_planes<T: Real>(y: &mut [T], beside: &[T], classes: usize, change: &impl Fn(&mut [T], &[T])) {
    let pixels = y.len() / classes;
    let [mut lines, mut lines_beside] = [(); 2].map(|()| vec![T::default(); TILE * classes]);
    for first in (0..pixels).step_by(TILE) {
        let tile = TILE.min(pixels - first);
        for class in 0..classes {
            let from = class * pixels + first;
            for (p, (&y, &beside)) in y[from..from + tile].iter().zip(&beside[from..]).enumerate() {
                (lines[p * classes + class], lines_beside[p * classes + class]) = (y, beside);
            }
        }
        for (line, beside) in
            lines.chunks_exact_mut(classes).zip(lines_beside.chunks_exact(classes)).take(tile)
        {
            change(line, beside);
        }
        for class in 0..classes {
            let y = &mut y[class * pixels + first..][..tile];
            y.iter_mut().enumerate().for_each(|(p, y)| *y = lines[p * classes + class]);
        }
    }
}

fn classes(matrix: &Tensor) -> usize {
    matrix.dims2().unwrap_or_else(|_| panic!("expected [n, classes], got {:?}", matrix.dims())).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DType, random::uniform, seeded, to_f64s};

    #[test]
    fn cross_entropy_and_log_softmax_have_true_derivatives() {
        let mut rng = seeded(4, "softmax");
        let z = uniform(&mut rng, &[5, 7], 3.0, DType::F64);
        let weights = uniform(&mut rng, &[5, 7], 1.0, DType::F64);
        let labels = [0, 6, 3, 3, 1];
        let entropy =
            |z: &[f64]| cross_entropy(&tensor_of(z.to_vec(), &[5, 7]), &labels).0.iter().sum::<f64>();
        let weighted = |z: &[f64]| {
            let y = to_f64s(&log_softmax(&tensor_of(z.to_vec(), &[5, 7])));
            y.iter().zip(to_f64s(&weights)).map(|(y, w)| y * w).sum::<f64>()
        };
        compare(&to_f64s(&cross_entropy(&z, &labels).1), &entropy, &to_f64s(&z));
        compare(&to_f64s(&log_softmax_gradient(&weights, &log_softmax(&z))), &weighted, &to_f64s(&z));
    }

    fn compare(gradient: &[f64], f: &dyn Fn(&[f64]) -> f64, at: &[f64]) {
        for (i, g) in gradient.iter().enumerate() {
            let [ahead, behind] = [1e-5, -1e-5].map(|h| {
                let mut moved = at.to_vec();
                moved[i] += h;
                f(&moved)
            });
            assert!((g - (ahead - behind) / 2e-5).abs() < 1e-8, "{i}: {g}");
        }
    }

    #[test]
    fn large_logits_neither_overflow_nor_lose_the_label() {
        let (loss, gradient) = cross_entropy(&tensor_of(vec![1e4f64, -1e4, 0.0], &[1, 3]), &[1]);
        assert_eq!(loss, [2e4]);
        assert_eq!(to_f64s(&gradient)[..2], [1.0, -1.0]);
    }

    #[test]
    fn ties_take_the_first_class() {
        assert_eq!(argmax(&tensor_of(vec![1.0f32, 3.0, 3.0, 0.0, 0.0, 0.0], &[2, 3])), [1, 0]);
    }
}
