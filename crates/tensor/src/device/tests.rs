//! The same maps as the kernels', on random shapes. They run on the CPU here, as they would on a GPU.

use super::*;
use crate::{Conv, DType, Pool, Rounding, Unpool, seeded, to_f64s, uniform, with_slice};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

fn close(ours: &Tensor, theirs: &Tensor, what: &str) {
    assert_eq!(ours.dims(), theirs.dims(), "{what}");
    let off = to_f64s(ours).iter().zip(to_f64s(theirs)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(off < 1e-11, "{what}: {off:e}");
}

fn draw(rng: &mut ChaCha8Rng, shape: &[usize]) -> Tensor {
    uniform(rng, shape, 1.0, DType::F64)
}

fn pairs<const N: usize>(rng: &mut ChaCha8Rng, most: usize) -> [usize; N] {
    std::array::from_fn(|_| rng.random_range(1..=most))
}

#[test]
fn a_convolution_and_its_adjoints_are_the_kernels_on_random_shapes() {
    let rng = &mut seeded(1, "shapes");
    for _ in 0..200 {
        let groups = rng.random_range(1..3);
        let [n, c, o] = pairs(rng, 3);
        let (c, o, kernel, input) = (c * groups, o * groups, pairs::<2>(rng, 4), pairs::<2>(rng, 9));
        let padding = pairs::<4>(rng, 3).map(|side| side - 1);
        let conv = Conv { stride: pairs(rng, 3), padding, dilation: pairs(rng, 2), groups };
        let Some([h, w]) = conv.output_size(input, kernel) else { continue };
        let x = draw(rng, &[n, c, input[0], input[1]]);
        let weight = draw(rng, &[o, c / groups, kernel[0], kernel[1]]);
        let (bias, signal) = (draw(rng, &[o]), draw(rng, &[n, o, h, w]));
        let what = format!("{input:?} {kernel:?} {conv:?}");
        let forward = conv2d(&x, &weight, Some(&bias), &conv).expect("by candle");
        close(&crate::conv2d(&x, &weight, Some(&bias), &conv), &forward, &what);
        let back = conv2d_data_gradient(&signal, &weight, input, &conv).expect("by candle");
        close(&crate::conv2d_data_gradient(&signal, &weight, input, &conv), &back, &what);
        let filters = conv2d_filter_gradient(&signal, &x, kernel, &conv).expect("by candle");
        close(&crate::conv2d_filter_gradient(&signal, &x, kernel, &conv), &filters, &what);
    }
}

#[test]
fn a_max_pooling_and_its_switches_are_the_kernels_on_random_shapes() {
    let rng = &mut seeded(2, "shapes");
    let mut compared = 0;
    for _ in 0..300 {
        let (kernel, input) = (pairs::<2>(rng, 4), pairs::<2>(rng, 9));
        let padding = [0, 1, 2, 3].map(|side| rng.random_range(0..kernel[side % 2]));
        let rounding = if rng.random() { Rounding::Ceil } else { Rounding::Floor };
        let pool = Pool { kernel, stride: pairs(rng, 3), padding, dilation: pairs(rng, 2), rounding };
        let Some(output) = pool.output_size(input) else { continue };
        // Rounded, so that there are ties.
        let x = (draw(rng, &[2, 2, input[0], input[1]]) * 3.0).and_then(|x| x.round()).expect("rounded");
        let (largest, switches) = max_pool_with_switches(&x, &pool, output).expect("by candle");
        let (expected, places) = crate::max_pool_with_switches(&x, &pool);
        close(&expected, &largest, &format!("{input:?} {pool:?}"));
        let indices = |t: &Tensor| with_slice::<u32, _>(t, <[u32]>::to_vec);
        assert_eq!(indices(&places), indices(&switches), "{input:?} {pool:?}");
        let signal = draw(rng, expected.dims());
        let back = unpool(&signal, &switches, input).expect("by candle");
        close(&crate::unpool(&signal, &places, input, Unpool::Sum), &back, "unpool");
        compared += 1;
    }
    assert!(compared > 150, "{compared} poolings fit");
}

#[test]
fn dense_layers_rectifiers_and_joins_are_the_kernels() {
    let rng = &mut seeded(3, "layers");
    let (x, weight, bias, signal) =
        (draw(rng, &[3, 5]), draw(rng, &[4, 5]), draw(rng, &[4]), draw(rng, &[3, 4]));
    close(&crate::linear(&x, &weight, &bias), &linear(&x, &weight, &bias).expect("by candle"), "linear");
    let back = linear_data_gradient(&signal, &weight).expect("by candle");
    close(&crate::linear_data_gradient(&signal, &weight), &back, "linear_data_gradient");
    close(&crate::relu(&x), &x.relu().expect("by candle"), "relu");
    let maps = [draw(rng, &[2, 3, 4, 5]), draw(rng, &[2, 1, 4, 5])];
    let maps: Vec<&Tensor> = maps.iter().collect();
    close(&crate::concat(&maps), &concat(&maps).expect("by candle"), "concat");
}
