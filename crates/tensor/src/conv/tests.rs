//! What holds for every convolution, on random shapes.

use super::geometry::Geometry;
use super::*;
use crate::real::Real;
use crate::slices::with_slice;
use crate::{DType, Tensor, gather, relu, seeded, tensor_of, to_f64s, uniform};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// A small random convolution: images, filters, bias, and a signal of the result's shape.
struct Case {
    x: Tensor,
    weight: Tensor,
    bias: Tensor,
    signal: Tensor,
    conv: Conv,
}

impl Case {
    fn draw(rng: &mut ChaCha8Rng, dtype: DType) -> Self {
        loop {
            let mut up_to = |most: usize| rng.random_range(1..=most);
            let (groups, images, depth) = (up_to(3), up_to(3), up_to(5));
            let filters = up_to(6) * groups;
            let largest = if up_to(20) == 1 { 60 } else { 14 };
            let input = [up_to(largest), up_to(largest)];
            let kernel = if up_to(5) == 1 { [1, 1] } else { [up_to(5), up_to(5)] };
            let stride = if up_to(2) == 1 { [1, 1] } else { [up_to(4), up_to(4)] };
            let padding = if up_to(2) == 1 { [0; 4] } else { std::array::from_fn(|_| up_to(4) - 1) };
            let dilation = if up_to(2) == 1 { [1, 1] } else { [up_to(3), up_to(3)] };
            let conv = Conv { stride, padding, dilation, groups };
            if let Some([rows, columns]) = conv.output_size(input, kernel) {
                let mut draw = |shape: &[usize]| uniform(rng, shape, 1.0, dtype);
                return Self {
                    x: draw(&[images, depth * groups, input[0], input[1]]),
                    weight: draw(&[filters, depth, kernel[0], kernel[1]]),
                    bias: draw(&[filters]),
                    signal: draw(&[images, filters, rows, columns]),
                    conv,
                };
            }
        }
    }

    fn geometry(&self) -> Geometry {
        let shape = |tensor: &Tensor| tensor.dims().try_into().expect("rank 4");
        Geometry::new("test", shape(&self.x), shape(&self.weight), &self.conv)
    }
}

fn dot(a: &Tensor, b: &Tensor) -> f64 {
    assert_eq!(a.dims(), b.dims());
    to_f64s(a).iter().zip(to_f64s(b)).map(|(a, b)| a * b).sum()
}

fn size(tensor: &Tensor) -> [usize; 2] {
    [tensor.dims()[2], tensor.dims()[3]]
}

#[test]
fn each_adjoint_satisfies_its_identity_on_a_thousand_random_shapes() {
    let mut rng = seeded(1, "convolution");
    for _ in 0..1000 {
        let Case { x, weight, bias, signal, conv } = &Case::draw(&mut rng, DType::F64);
        let image = dot(&conv2d(x, weight, None, conv), signal);
        let terms = (x.elem_count() + weight.elem_count()) * signal.elem_count();
        let close = |value: f64| {
            assert!((image - value).abs() < 1e-12 * (1.0 + terms as f64).sqrt(), "{conv:?} {x:?} {weight:?}");
        };
        close(dot(x, &conv2d_data_gradient(signal, weight, size(x), conv)));
        close(dot(weight, &conv2d_filter_gradient(signal, x, size(weight), conv)));
        let shifted = dot(&conv2d(x, weight, Some(bias), conv), signal);
        close(shifted - dot(bias, &conv2d_bias_gradient(signal)));
    }
}

#[test]
fn a_convolution_worked_by_hand_has_its_padding_and_stride_where_they_belong() {
    let x = tensor_of((1..=9).map(f64::from).collect(), &[1, 1, 3, 3]);
    let weight = tensor_of(vec![1.0, 10.0], &[1, 1, 1, 2]);
    let conv = Conv { stride: [2, 1], padding: [0, 1, 0, 0], ..Conv::default() };
    let y = conv2d(&x, &weight, None, &conv);
    assert_eq!(y.dims(), [1, 1, 2, 3]);
    assert_eq!(to_f64s(&y), [10.0, 21.0, 32.0, 70.0, 87.0, 98.0]);
    let bias = tensor_of(vec![-32.0], &[1]);
    assert_eq!(to_f64s(&conv2d_relu(&x, &weight, Some(&bias), &conv)), [0.0, 0.0, 0.0, 38.0, 55.0, 66.0]);
}

/// The same by the definition, in f32 or f64.
fn by_definition<T: Real>(case: &Case) -> [Vec<T>; 3] {
    let [x, weight, bias, signal] = [&case.x, &case.weight, &case.bias, &case.signal]
        .map(|tensor| with_slice::<T, _>(tensor, <[T]>::to_vec));
    let g = &case.geometry();
    [
        definition::forward(g, &x, &weight, Some(&bias)),
        definition::data_gradient(g, &signal, &weight),
        definition::filter_gradient(g, &signal, &x),
    ]
}

fn compare<T: Real>(case: &Case) {
    let Case { x, weight, bias, signal, conv } = case;
    let fast = [
        conv2d(x, weight, Some(bias), conv),
        conv2d_data_gradient(signal, weight, size(x), conv),
        conv2d_filter_gradient(signal, x, size(weight), conv),
    ];
    for ((fast, slow), what) in fast.iter().zip(by_definition::<T>(case)).zip(["forward", "data", "filter"]) {
        let equal = with_slice::<T, _>(fast, |fast| fast == slow);
        assert!(equal, "{what}: x {:?}, weight {:?}, {conv:?}", x.dims(), weight.dims());
    }
}

#[test]
fn the_fused_rectifier_is_the_rectifier_of_the_convolution() {
    let mut rng = seeded(3, "convolution");
    for _ in 0..100 {
        let Case { x, weight, bias, conv, .. } = &Case::draw(&mut rng, DType::F32);
        let [fused, apart] =
            [conv2d_relu(x, weight, Some(bias), conv), relu(&conv2d(x, weight, Some(bias), conv))];
        assert_eq!(to_f64s(&fused), to_f64s(&apart), "{conv:?}");
    }
}

#[test]
fn the_fused_rectifier_keeps_what_is_no_number_as_the_rectifier_does() {
    let mut rng = seeded(7, "convolution");
    for case in 0..300 {
        let dtype = if case % 2 == 0 { DType::F32 } else { DType::F64 };
        let Case { x, weight, bias, conv, .. } = Case::draw(&mut rng, dtype);
        let mut spoiled = |tensor: &Tensor| {
            let mut scalars = to_f64s(tensor);
            for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0] {
                let place = rng.random_range(0..3 * scalars.len());
                scalars.iter_mut().skip(place).take(1).for_each(|scalar| *scalar = value);
            }
            tensor_of(scalars, tensor.dims()).to_dtype(dtype).expect("a cast in memory")
        };
        let [x, weight, bias] = [&x, &weight, &bias].map(&mut spoiled);
        let bits = |tensor: &Tensor| to_f64s(tensor).into_iter().map(f64::to_bits).collect::<Vec<_>>();
        let [fused, apart] =
            [conv2d_relu(&x, &weight, Some(&bias), &conv), relu(&conv2d(&x, &weight, Some(&bias), &conv))];
        assert_eq!(bits(&fused), bits(&apart), "{conv:?}");
    }
}

#[test]
fn the_fast_kernels_are_the_definition_to_the_last_bit_on_random_shapes() {
    let mut rng = seeded(2, "convolution");
    for _ in 0..300 {
        compare::<f32>(&Case::draw(&mut rng, DType::F32));
        compare::<f64>(&Case::draw(&mut rng, DType::F64));
    }
}

#[test]
fn what_lies_in_the_padding_of_deep_maps_is_left_out_to_the_last_bit() {
    let mut rng = seeded(6, "convolution");
    let mut draw = |shape: &[usize]| uniform(&mut rng, shape, 1.0, DType::F32);
    for (images, size, kernel, stride) in [(2, 13, 3, 1), (3, 13, 5, 1), (1, 14, 5, 2), (5, 7, 3, 1)] {
        let conv = Conv { stride: [stride; 2], padding: [kernel / 2; 4], ..Conv::default() };
        let (x, weight) = (draw(&[images, 40, size, size]), draw(&[9, 40, kernel, kernel]));
        let signal = draw(conv2d(&x, &weight, None, &conv).dims());
        compare::<f32>(&Case { x, weight, bias: draw(&[9]), signal, conv });
    }
}

fn on_threads(threads: usize, compute: impl FnOnce() -> [Tensor; 3] + Send) -> [Vec<f64>; 3] {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of threads");
    pool.install(compute).map(|tensor| to_f64s(&tensor))
}

#[test]
fn results_have_the_same_bytes_for_any_number_of_threads() {
    let mut rng = seeded(4, "convolution");
    let mut draw = |shape: &[usize]| uniform(&mut rng, shape, 1.0, DType::F32);
    let cases = [
        (draw(&[5, 8, 21, 23]), draw(&[40, 8, 5, 5]), 2, 0, 1),
        (draw(&[6, 32, 13, 13]), draw(&[48, 16, 3, 3]), 1, 1, 2),
        (draw(&[1, 3, 90, 70]), draw(&[20, 3, 7, 7]), 2, 3, 1),
        (draw(&[2, 64, 31, 30]), draw(&[64, 64, 1, 1]), 1, 0, 1),
    ];
    for (x, weight, stride, padding, groups) in cases {
        let conv = Conv { stride: [stride; 2], padding: [padding; 4], groups, ..Conv::default() };
        let compute = || {
            let y = conv2d(&x, &weight, None, &conv);
            [
                conv2d_data_gradient(&y, &weight, size(&x), &conv),
                conv2d_filter_gradient(&y, &x, size(&weight), &conv),
                y,
            ]
        };
        let alone = on_threads(1, compute);
        assert!([2, 4].iter().all(|&threads| on_threads(threads, compute) == alone), "{conv:?}");
    }
}

#[test]
fn an_image_alone_and_in_a_batch_has_the_same_bytes() {
    let mut rng = seeded(5, "convolution");
    for _ in 0..100 {
        let Case { x, weight, bias, signal, conv } = &Case::draw(&mut rng, DType::F32);
        let (y, back) =
            (conv2d(x, weight, Some(bias), conv), conv2d_data_gradient(signal, weight, size(x), conv));
        for image in 0..x.dims()[0] {
            let [x, signal, y, back] = [x, signal, &y, &back].map(|batch| gather(batch, &[image]));
            assert_eq!(to_f64s(&conv2d(&x, weight, Some(bias), conv)), to_f64s(&y), "{conv:?}");
            let alone = conv2d_data_gradient(&signal, weight, size(&x), conv);
            assert_eq!(to_f64s(&alone), to_f64s(&back), "{conv:?}");
        }
    }
}
