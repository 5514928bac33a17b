//! The norm of a convolution as nets compute it, with zeros around the image.

use super::circular::circular_norm;
use super::lanczos;
use super::matrix::Enclosure;
use tensor::{Conv, Tensor, conv2d, conv2d_data_gradient, tensor_of, to_f64s};

/// The operator norm of a convolution of images of this size with its padding of zeros, from below, and an upper bound.
///
/// The norm comes of Lanczos' iteration through the layer and its adjoint, in f64.
/// The bound is proven: the layer is a part of the circular convolution of a grid that contains the image and all its padding.
/// There zeros surround the image as well, and the layer's results are among those of the grid: so [`circular_norm`] of that grid is no smaller.
///
/// **Shape** weight `[filters, channels / groups, rows, columns]`.
pub(super) fn zero_padded_norm(weight: &Tensor, conv: &Conv, input: [usize; 2]) -> Enclosure {
    let upper_bound = circular_norm(weight, conv, grid(conv, input));
    if is_pointwise(weight, conv) {
        return Enclosure::exact(upper_bound);
    }
    let weight = tensor_of(to_f64s(weight), weight.dims());
    let shape = [1, weight.dims()[1] * conv.groups, input[0], input[1]];
    let there_and_back = |x: &[f64]| {
        let y = conv2d(&tensor_of(x.to_vec(), &shape), &weight, None, conv);
        to_f64s(&conv2d_data_gradient(&y, &weight, input, conv))
    };
    let norm = lanczos::largest_eigenvalue(shape.iter().product(), there_and_back).sqrt();
    Enclosure { norm, upper_bound: upper_bound.max(norm) }
}

/// The padded image: its places, one after the other, are those under the filters.
fn grid(conv: &Conv, input: [usize; 2]) -> [usize; 2] {
    [0, 1].map(|axis| conv.padding[axis] + input[axis] + conv.padding[axis + 2])
}

/// Whether every pixel is mapped alone, and every one is: then all pixels have one matrix.
fn is_pointwise(weight: &Tensor, conv: &Conv) -> bool {
    weight.dims()[2..] == [1, 1] && conv.stride == [1, 1]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::norms::matrix::matrix_norm;
    use crate::norms::operation::Boundary;
    use crate::norms::unrolled::{random_convolution, unrolled};
    use tensor::seeded;

    #[test]
    fn random_convolutions_have_the_norm_of_their_unrolled_matrix_and_their_bound_holds() {
        let mut rng = seeded(7, "convolutions");
        for _ in 0..60 {
            let (weight, conv, input) = random_convolution(&mut rng);
            let (matrix, rows, columns) = unrolled(&weight, &conv, input, Boundary::Zero);
            let expected = matrix_norm(&matrix, rows, columns).norm;
            let found = zero_padded_norm(&weight, &conv, input);
            let case = format!("{found:?} {expected} {conv:?} {input:?}");
            assert!((found.norm - expected).abs() <= 1e-9 * expected, "{case}");
            assert!(found.upper_bound >= expected * (1.0 - 1e-12), "{case}");
        }
    }
}
