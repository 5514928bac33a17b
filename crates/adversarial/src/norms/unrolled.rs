//! The slow twin of both norms: a convolution as a dense matrix, by its definition.

use super::operation::Boundary;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use tensor::{Conv, DType, Tensor, to_f64s, uniform};

/// The matrix of a convolution of an image of this size, its rows and its columns.
pub(super) fn unrolled(
    weight: &Tensor,
    conv: &Conv,
    input: [usize; 2],
    boundary: Boundary,
) -> (Vec<f64>, usize, usize) {
    let (filters, depth, kernel_rows, kernel_columns) = weight.dims4().expect("a weight");
    let kernel = [kernel_rows, kernel_columns];
    let output = match boundary {
        Boundary::Circular => [input[0] / conv.stride[0], input[1] / conv.stride[1]],
        Boundary::Zero => conv.output_size(input, kernel).expect("a filter that fits"),
    };
    let (pixels, places) = (input[0] * input[1], output[0] * output[1]);
    let (rows, columns) = (filters * places, depth * conv.groups * pixels);
    let weight = to_f64s(weight);
    let mut matrix = vec![0.0; rows * columns];
    for (at, w) in weight.iter().enumerate() {
        let (tap, pair) = (at % (kernel[0] * kernel[1]), at / (kernel[0] * kernel[1]));
        let (filter, channel) = (pair / depth, pair % depth + pair / depth / (filters / conv.groups) * depth);
        for place in 0..places {
            let at = [place / output[1], place % output[1]];
            let tap = [tap / kernel[1], tap % kernel[1]];
            let under = |axis: usize| {
                let pixel = at[axis] * conv.stride[axis] + tap[axis] * conv.dilation[axis];
                match boundary {
                    Boundary::Circular => Some(pixel % input[axis]),
                    Boundary::Zero => pixel.checked_sub(conv.padding[axis]).filter(|&p| p < input[axis]),
                }
            };
            if let (Some(y), Some(x)) = (under(0), under(1)) {
                matrix[(filter * places + place) * columns + channel * pixels + y * input[1] + x] += w;
            }
        }
    }
    (matrix, rows, columns)
}

/// Filters of any shape, stride 1 to 4, dilation, padding and groups, and an image into which they fit.
pub(super) fn random_convolution(rng: &mut ChaCha8Rng) -> (Tensor, Conv, [usize; 2]) {
    loop {
        let groups = rng.random_range(1..3);
        let [filters, depth] = [0; 2].map(|_| rng.random_range(1..4));
        let kernel = [0; 2].map(|_| rng.random_range(1..5));
        let conv = Conv {
            stride: [0; 2].map(|_| rng.random_range(1..5)),
            padding: [0; 4].map(|_| rng.random_range(0..4)),
            dilation: [0; 2].map(|_| rng.random_range(1..3)),
            groups,
        };
        let input = [0; 2].map(|_| rng.random_range(1..9));
        if conv.output_size(input, kernel).is_some() {
            let shape = [groups * filters, depth, kernel[0], kernel[1]];
            return (uniform(rng, &shape, 1.0, DType::F64), conv, input);
        }
    }
}
