//! Untied receptive fields and L2 pooling against their definitions.

use crate::{dot, draw, noise, random_pool};
use rand::Rng;
use tensor::{
    Conv, Fields, Tensor, conv2d, conv2d_data_gradient, l2_pool, locally_connected,
    locally_connected_data_gradient, locally_connected_weight_gradient, seeded, tensor_of, to_f64s,
};

/// Images, filters for each place, and fields that fit.
fn case(rng: &mut impl Rng) -> (Tensor, Tensor, Fields) {
    let (n, c, maps) = (draw(rng, 70), draw(rng, 3), draw(rng, 4));
    let size = [draw(rng, 3), draw(rng, 3)];
    let fields = Fields { size, stride: [draw(rng, 3), draw(rng, 3)] };
    let input = size.map(|side| side + draw(rng, 6) - 1);
    let [down, across] = fields.output_size(input).expect("a field fits");
    let x = noise(rng, &[n, c, input[0], input[1]]);
    let weight = noise(rng, &[down * across, maps, c * size[0] * size[1]]);
    (x, weight, fields)
}

/// The sum at one place, term by term in order.
fn by_definition(x: &Tensor, weight: &Tensor, fields: &Fields, [n, map, row, column]: [usize; 4]) -> f64 {
    let ([_, c, h, w], [_, maps, _]) =
        (x.dims4().expect("images").into(), weight.dims3().expect("filters").into());
    let [_, across] = fields.output_size([h, w]).expect("a field fits");
    let (x, weight) = (to_f64s(x), to_f64s(weight));
    let ([height, width], mut sum): (_, f64) = (fields.size, 0.0);
    for (channel, y, z) in
        (0..c).flat_map(|c| (0..height).flat_map(move |y| (0..width).map(move |z| (c, y, z))))
    {
        let pixel = ((n * c + channel) * h + row * fields.stride[0] + y) * w + column * fields.stride[1] + z;
        let filter = ((row * across + column) * maps + map) * c * height * width;
        sum = x[pixel].mul_add(weight[filter + (channel * height + y) * width + z], sum);
    }
    sum
}

#[test]
fn every_unit_is_its_own_filter_s_inner_product_to_the_last_bit() {
    let mut rng = seeded(41, "fields");
    for _ in 0..100 {
        let (x, weight, fields) = case(&mut rng);
        let y = locally_connected(&x, &weight, None, &fields);
        let at: [usize; 4] = std::array::from_fn(|axis| rng.random_range(0..y.dims()[axis]));
        let [n, map, row, column] = at;
        let flat = ((n * y.dims()[1] + map) * y.dims()[2] + row) * y.dims()[3] + column;
        assert_eq!(to_f64s(&y)[flat], by_definition(&x, &weight, &fields, at), "{fields:?}");
    }
}

#[test]
fn fields_have_their_adjoints_with_respect_to_images_and_to_filters() {
    let mut rng = seeded(42, "fields");
    for _ in 0..300 {
        let (x, weight, fields) = case(&mut rng);
        let y = locally_connected(&x, &weight, None, &fields);
        let signal = noise(&mut rng, y.dims());
        let ahead = dot(&y, &signal);
        let input = [x.dims()[2], x.dims()[3]];
        let back = dot(&x, &locally_connected_data_gradient(&signal, &weight, input, &fields));
        let filters = dot(&weight, &locally_connected_weight_gradient(&signal, &x, &fields));
        let close = |value: f64| (ahead - value).abs() < 1e-11 * (1.0 + ahead.abs());
        assert!(close(back) && close(filters), "{fields:?}: {ahead} {back} {filters}");
    }
}

#[test]
fn the_same_filters_at_every_place_are_a_convolution() {
    let mut rng = seeded(43, "filters");
    let filters = noise(&mut rng, &[5, 2, 3, 3]);
    let x = noise(&mut rng, &[3, 2, 9, 11]);
    let (conv, fields) =
        (Conv { stride: [2, 3], ..Conv::default() }, Fields { size: [3, 3], stride: [2, 3] });
    let tied = conv2d(&x, &filters, None, &conv);
    let places = tied.dims()[2] * tied.dims()[3];
    let untied = tensor_of(to_f64s(&filters).repeat(places), &[places, 5, 18]);
    let close =
        |a: &Tensor, b: &Tensor| to_f64s(a).iter().zip(to_f64s(b)).all(|(a, b)| (a - b).abs() < 1e-13);
    assert!(close(&tied, &locally_connected(&x, &untied, None, &fields)));
    let back = conv2d_data_gradient(&tied, &filters, [9, 11], &conv);
    assert!(close(&back, &locally_connected_data_gradient(&tied, &untied, [9, 11], &fields)));
}

#[test]
fn a_bias_is_added_at_its_own_place() {
    let x = tensor_of(vec![1.0f32, 2.0, 3.0], &[1, 1, 1, 3]);
    let weight = tensor_of(vec![1.0f32, 10.0, 100.0], &[3, 1, 1]);
    let bias = tensor_of(vec![0.5f32, 0.25, 0.125], &[1, 1, 3]);
    let y = locally_connected(&x, &weight, Some(&bias), &Fields::square(1, 1));
    assert_eq!(to_f64s(&y), [1.5, 20.25, 300.125]);
}

#[test]
fn l2_pooling_is_the_root_of_the_squares_of_each_window() {
    let mut rng = seeded(44, "l2 pool");
    for _ in 0..200 {
        let (pool, [h, w]) = random_pool(&mut rng);
        let x = noise(&mut rng, &[1, 1, h, w]);
        let pooled = l2_pool(&x, &pool, 0.5);
        let ([down, across], scalars) = ([pooled.dims()[2], pooled.dims()[3]], to_f64s(&x));
        let square = |y: usize, z: usize| {
            let (y, z) = (y.checked_sub(pool.padding[0])?, z.checked_sub(pool.padding[1])?);
            (y < h && z < w).then(|| scalars[y * w + z].powi(2))
        };
        for (at, value) in to_f64s(&pooled).into_iter().enumerate() {
            let [top, left] = [at / across * pool.stride[0], at % across * pool.stride[1]];
            let rows = (0..pool.kernel[0]).map(|k| top + k * pool.dilation[0]);
            let sum: f64 = rows
                .flat_map(|y| (0..pool.kernel[1]).filter_map(move |k| square(y, left + k * pool.dilation[1])))
                .sum();
            let expected = (0.5 + sum).sqrt();
            assert!((value - expected).abs() < 1e-14, "{pool:?} of {h}×{w}, {at} of {down}×{across}");
        }
    }
}

#[test]
#[should_panic(expected = "locally_connected: weight")]
fn filters_for_another_number_of_places_are_refused() {
    let x = tensor_of(vec![0.0f32; 16], &[1, 1, 4, 4]);
    let weight = tensor_of(vec![0.0f32; 24], &[3, 2, 4]);
    let _ = locally_connected(&x, &weight, None, &Fields::square(2, 2));
}
