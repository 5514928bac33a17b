//! Whether a net is deterministic and independent of the other images in a batch.

use crate::distortion::squared_distance;
use tensor::{Tensor, dot, gather, to_f64s};

/// Maximum number of images that are passed again.
const PASSED: usize = 16;

/// The largest differences of the first images' outputs when they are passed again, in reverse order, or alone, as shares of their norm.
pub(super) fn differences(forward: &dyn Fn(&Tensor) -> Tensor, images: &Tensor) -> Vec<f64> {
    let n = images.dims()[0].min(PASSED);
    let images = images.narrow(0, 0, n).expect("within the batch");
    let backwards: Vec<usize> = (0..n).rev().collect();
    let first = to_f64s(&forward(&images));
    let again = to_f64s(&forward(&images));
    let reversed = to_f64s(&gather(&forward(&gather(&images, &backwards)), &backwards));
    let alone: Vec<f64> = (0..n).flat_map(|image| to_f64s(&forward(&gather(&images, &[image])))).collect();
    let size = first.len() / n;
    let largest = |image: usize| {
        let row = image * size..(image + 1) * size;
        let others =
            [&again, &reversed, &alone].map(|other| difference(&first[row.clone()], &other[row.clone()]));
        others.into_iter().fold(0.0, f64::max)
    };
    (0..n).map(largest).collect()
}

/// `‖a − b‖ / max(‖a‖, ‖b‖)`, or the largest finite number where that is not finite; 0 where the numbers are equal or both NaN.
fn difference(a: &[f64], b: &[f64]) -> f64 {
    if a.iter().zip(b).all(|(a, b)| a == b || a.is_nan() && b.is_nan()) {
        return 0.0;
    }
    let share = squared_distance(a, b).sqrt() / dot(a, a).sqrt().max(dot(b, b).sqrt());
    if share.is_finite() { share } else { f64::MAX }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use tensor::{DType, normal, seeded, tensor_of, uniform};

    /// The largest difference, and how many there are.
    fn found(forward: &dyn Fn(&Tensor) -> Tensor) -> (f64, usize) {
        let images = uniform(&mut seeded(1, "images"), &[20, 3], 1.0, DType::F64);
        let found = differences(forward, &images);
        assert_eq!(found.len(), PASSED);
        let largest = found.iter().copied().fold(0.0, f64::max);
        (largest, found.iter().filter(|difference| **difference > 0.0).count())
    }

    #[test]
    fn a_function_of_the_image_is_repeated_even_where_it_is_no_number() {
        assert_eq!(found(&|images| (images * 3.0).unwrap()), (0.0, 0));
        assert_eq!(found(&|images| (images.zeros_like().unwrap() / 0.0).unwrap()), (0.0, 0));
    }

    #[test]
    fn a_number_that_is_none_in_some_passes_differs_as_much_as_can_be() {
        assert_eq!(difference(&[1.0, f64::NAN], &[1.0, f64::NAN]), 0.0);
        assert_eq!(difference(&[1.0, f64::NAN], &[1.0, 2.0]), f64::MAX);
        assert_eq!(difference(&[0.0, 0.0], &[-0.0, 0.0]), 0.0);
    }

    #[test]
    fn noise_that_is_drawn_in_each_pass_is_found_with_its_size() {
        let pass = Cell::new(0);
        let noisy = |images: &Tensor| {
            pass.set(pass.get() + 1);
            (images + normal(&mut seeded(pass.get(), "noise"), images.dims(), 0.1, DType::F64)).unwrap()
        };
        let (difference, counted) = found(&noisy);
        assert_eq!(counted, PASSED);
        assert!((0.05..2.0).contains(&difference), "{difference}");
    }

    #[test]
    fn a_net_that_subtracts_the_mean_of_its_batch_is_found() {
        let normalized = |images: &Tensor| images.broadcast_sub(&images.mean_keepdim(0).unwrap()).unwrap();
        assert_eq!(found(&normalized).1, PASSED);
    }

    #[test]
    fn noise_that_depends_on_the_place_in_the_batch_is_found_and_only_where_it_is() {
        let at_the_second_place = |images: &Tensor| {
            let mut outputs = to_f64s(images);
            outputs.iter_mut().skip(3).take(3).for_each(|output| *output += 1e-9);
            tensor_of(outputs, images.dims())
        };
        let (difference, counted) = found(&at_the_second_place);
        assert_eq!(counted, 2);
        assert!(difference < 1e-8, "{difference}");
    }
}
