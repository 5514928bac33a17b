//! The largest eigenvalue of a symmetric map that is known by what it does to vectors.

use super::tridiagonal::Tridiagonal;
use tensor::{DType, normal, seeded, to_f64s};

/// The residual, as a share of the eigenvalue, at which the search ends.
const TOLERANCE: f64 = 1e-7;
/// Steps after which it ends in any case.
const MOST_STEPS: usize = 2000;
/// Steps from one look at the eigenvalue to the next.
const BETWEEN_LOOKS: usize = 8;

/// The largest eigenvalue of a symmetric positive map of vectors of this length, from below.
///
/// Lanczos' iteration: the most that the map stretches any combination of the vectors through which power iteration passes.
/// So it never lies below power iteration's own value after as many steps, and where the largest eigenvalues are crowded,
/// as those of a convolution are, it takes a few hundred steps where power iteration would take ten thousands.
/// It ends when an eigenvalue is known to lie within 1e-7 of the value, relatively; the error itself is then far smaller, of the order of the residual's square.
///
/// The vectors are not orthogonalized again: in floating point that repeats values which have been found, but lets none of them
/// exceed the map's norm by more than rounding (Paige 1980).
pub(super) fn largest_eigenvalue(length: usize, map: impl Fn(&[f64]) -> Vec<f64>) -> f64 {
    let mut vector = to_f64s(&normal(&mut seeded(0, "Lanczos"), &[length], 1.0, DType::F64));
    normalize(&mut vector);
    let mut before = vec![0.0; length];
    let (mut tridiagonal, mut beside) = (Tridiagonal::default(), 0.0);
    loop {
        let mut next = map(&vector);
        subtract(&mut next, beside, &before);
        let along = dot(&next, &vector);
        subtract(&mut next, along, &vector);
        beside = normalize(&mut next);
        tridiagonal.diagonal.push(along);
        let steps = tridiagonal.diagonal.len();
        let ends = beside == 0.0 || steps >= length.min(MOST_STEPS);
        if ends || steps.is_multiple_of(BETWEEN_LOOKS) {
            let eigenvalue = tridiagonal.largest_eigenvalue();
            let residual = beside * tridiagonal.last_component(eigenvalue);
            if ends || residual <= TOLERANCE * eigenvalue {
                return eigenvalue.max(0.0);
            }
        }
        tridiagonal.beside.push(beside);
        before = std::mem::replace(&mut vector, next);
    }
}

/// Divides a vector by its length, and returns that; 0 stays 0.
fn normalize(vector: &mut [f64]) -> f64 {
    let length = dot(vector, vector).sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|v| *v /= length);
    }
    length
}

fn subtract(from: &mut [f64], times: f64, vector: &[f64]) {
    from.iter_mut().zip(vector).for_each(|(a, v)| *a -= times * v);
}

/// The product of two vectors, as eight sums side by side: one alone would wait for each addition.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (whole_a, whole_b) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = whole_a.remainder().iter().zip(whole_b.remainder()).map(|(a, b)| a * b).sum();
    let mut sums = [0.0; 8];
    for (a, b) in whole_a.zip(whole_b) {
        sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a * b);
    }
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_of_crowded_eigenvalues_is_found() {
        let n = 3000;
        let values: Vec<f64> = (0..n).map(|i| 2.0 - 2.0 * (i as f64 / f64::from(n)).powi(2)).collect();
        let map = |x: &[f64]| x.iter().zip(&values).map(|(x, value)| x * value).collect();
        let found = largest_eigenvalue(n as usize, map);
        assert!((2.0 - 2e-7..2.0 + 1e-14).contains(&found), "{found}");
    }

    #[test]
    fn maps_of_a_few_dimensions_end() {
        assert_eq!(largest_eigenvalue(5, |_| vec![0.0; 5]), 0.0);
        assert_eq!(largest_eigenvalue(1, |x| vec![3.0 * x[0]]), 3.0);
        assert!((largest_eigenvalue(4, |x| vec![x[0], 7.0 * x[1], x[2], x[3]]) - 7.0).abs() < 1e-13);
    }
}
