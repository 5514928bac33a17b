//! Pooling and unpooling against loops that spell out their definitions.

use crate::{noise, random_pool};
use rand::Rng;
use tensor::{
    PaddingInMean, Pool, Rounding, Tensor, Unpool, max_pool, max_pool_with_switches, mean_pool, seeded,
    tensor_of, to_f64s, unpool, with_slice,
};

/// The pixels that a window sees, in row-major order, and how many places it has within image and padding.
fn window(pool: &Pool, [h, w]: [usize; 2], at: [usize; 2]) -> (Vec<usize>, usize) {
    let (mut pixels, mut places) = (Vec::new(), 0);
    let [top, left, bottom, right] = pool.padding;
    for i in 0..pool.kernel[0] {
        for j in 0..pool.kernel[1] {
            let row = at[0] * pool.stride[0] + i * pool.dilation[0];
            let column = at[1] * pool.stride[1] + j * pool.dilation[1];
            places += usize::from(row < top + h + bottom && column < left + w + right);
            if (top..top + h).contains(&row) && (left..left + w).contains(&column) {
                pixels.push((row - top) * w + column - left);
            }
        }
    }
    (pixels, places)
}

/// What `of` makes of each window: its plane, the pixels it sees, and its places.
fn by_definition<R>(x: &Tensor, pool: &Pool, of: impl Fn(&[f64], &[usize], usize) -> R) -> Vec<R> {
    let input = [x.dims()[2], x.dims()[3]];
    let [oh, ow] = pool.output_size(input).expect("a pool that fits");
    let scalars = to_f64s(x);
    let planes = scalars.chunks(input[0] * input[1]);
    let windows = planes.flat_map(|plane| (0..oh * ow).map(move |at| (plane, [at / ow, at % ow])));
    let each = windows.map(|(plane, at)| {
        let (pixels, places) = window(pool, input, at);
        of(plane, &pixels, places)
    });
    each.collect()
}

fn first_maximum(plane: &[f64], pixels: &[usize]) -> u32 {
    let better = |best: f64, value: f64| value > best || (value.is_nan() && !best.is_nan());
    pixels[1..].iter().fold(pixels[0], |best, &p| if better(plane[best], plane[p]) { p } else { best }) as u32
}

/// Few different values, among them 0, both infinities and now and then a NaN, so that ties abound.
fn coarse(rng: &mut impl Rng, shape: &[usize]) -> Tensor {
    let values = [-1.0, 0.0, 0.0, 0.0, 1.0, 2.0, f64::NEG_INFINITY, f64::INFINITY, f64::NAN];
    let weights = if rng.random_ratio(1, 4) { values.len() } else { 6 };
    let scalars = (0..shape.iter().product()).map(|_| values[rng.random_range(0..weights)]).collect();
    tensor_of::<f64>(scalars, shape)
}

#[test]
fn switches_and_maxima_are_those_of_the_definition_on_random_geometries_with_ties() {
    let mut rng = seeded(21, "max pool");
    for case in 0..600 {
        let (pool, [h, w]) = random_pool(&mut rng);
        let shape = [rng.random_range(1..4), rng.random_range(1..4), h, w];
        let x = if case % 3 == 0 { noise(&mut rng, &shape) } else { coarse(&mut rng, &shape) };
        let switches = by_definition(&x, &pool, |plane, pixels, _| first_maximum(plane, pixels));
        let maxima = by_definition(&x, &pool, |plane, pixels, _| {
            plane[first_maximum(plane, pixels) as usize].to_bits()
        });
        let (y, got) = max_pool_with_switches(&x, &pool);
        with_slice::<u32, _>(&got, |got| assert_eq!(got, switches, "{pool:?} of {h}×{w}"));
        let bits = |y: &Tensor| to_f64s(y).into_iter().map(f64::to_bits).collect::<Vec<_>>();
        assert_eq!(bits(&y), maxima, "{pool:?} of {h}×{w}");
        assert_eq!(bits(&max_pool(&x, &pool)), maxima, "{pool:?} of {h}×{w}");
        let single = x.to_dtype(tensor::DType::F32).expect("a cast");
        with_slice::<u32, _>(&max_pool_with_switches(&single, &pool).1, |got| assert_eq!(got, switches));
    }
}

#[test]
fn means_are_those_of_the_definition_on_random_geometries() {
    let mut rng = seeded(22, "mean pool");
    for _ in 0..400 {
        let (pool, [h, w]) = random_pool(&mut rng);
        let x = noise(&mut rng, &[2, 2, h, w]);
        let sum = |plane: &[f64], pixels: &[usize]| pixels.iter().map(|&p| plane[p]).sum::<f64>();
        let by_pixels = by_definition(&x, &pool, |plane, pixels, _| sum(plane, pixels) / pixels.len() as f64);
        let by_places = by_definition(&x, &pool, |plane, pixels, places| sum(plane, pixels) / places as f64);
        for (counted, expected) in [(PaddingInMean::Pixels, by_pixels), (PaddingInMean::Padding, by_places)] {
            let means = to_f64s(&mean_pool(&x, &pool, counted));
            let close = means.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-14);
            assert!(close && means.len() == expected.len(), "{pool:?} of {h}×{w}, {counted:?}");
        }
    }
}

#[test]
fn an_unpooled_maximum_returns_to_its_switch() {
    let mut rng = seeded(23, "unpool");
    for _ in 0..200 {
        let (pool, input) = random_pool(&mut rng);
        let x = noise(&mut rng, &[1, 1, input[0], input[1]]);
        let (maxima, switches) = max_pool_with_switches(&x, &pool);
        let back = to_f64s(&unpool(&maxima, &switches, input, Unpool::Overwrite));
        let switches = with_slice::<u32, _>(&switches, <[u32]>::to_vec);
        for (at, (back, x)) in back.into_iter().zip(to_f64s(&x)).enumerate() {
            let expected = if switches.contains(&(at as u32)) { x } else { 0.0 };
            assert_eq!(back, expected, "{pool:?} at {at}");
        }
    }
}

#[test]
fn sum_and_overwrite_differ_exactly_where_windows_share_a_switch() {
    let mut rng = seeded(24, "shared switches");
    let mut shared = 0;
    for _ in 0..200 {
        let (pool, input) = random_pool(&mut rng);
        let x = noise(&mut rng, &[1, 1, input[0], input[1]]);
        let switches = max_pool_with_switches(&x, &pool).1;
        let signal = noise(&mut rng, switches.dims());
        let [sum, last] =
            [Unpool::Sum, Unpool::Overwrite].map(|how| to_f64s(&unpool(&signal, &switches, input, how)));
        let (signal, switches) = (to_f64s(&signal), with_slice::<u32, _>(&switches, <[u32]>::to_vec));
        for at in 0..sum.len() {
            let owners: Vec<f64> =
                (0..signal.len()).filter(|&o| switches[o] as usize == at).map(|o| signal[o]).collect();
            assert_eq!(sum[at] != last[at], owners.len() > 1, "{pool:?} at {at}");
            assert_eq!(last[at], owners.last().copied().unwrap_or_default());
            shared += usize::from(owners.len() > 1);
        }
    }
    assert!(shared > 100, "only {shared} shared switches were drawn");
}

#[test]
fn a_tie_at_zero_takes_the_first_pixel_of_the_window() {
    let x = tensor_of(vec![0.0f32; 16], &[1, 1, 4, 4]);
    let pool = Pool { padding: [1; 4], rounding: Rounding::Ceil, ..Pool::square(3, 2) };
    let switches = max_pool_with_switches(&x, &pool).1;
    with_slice::<u32, _>(&switches, |switches| assert_eq!(switches, [0, 1, 3, 4, 5, 7, 12, 13, 15]));
}

#[test]
#[should_panic(expected = "does not fit [2, 2]")]
fn a_window_that_does_not_fit_is_named() {
    max_pool(&tensor_of(vec![0.0f32; 4], &[1, 1, 2, 2]), &Pool::square(3, 1));
}

#[test]
#[should_panic(expected = "switch 4")]
fn a_switch_outside_the_plane_is_named() {
    let signal = tensor_of(vec![1.0f32], &[1, 1, 1, 1]);
    unpool(&signal, &tensor_of(vec![4u32], &[1, 1, 1, 1]), [2, 2], Unpool::Sum);
}
