//! What defines a projection, on nets small enough to know the answer, and the fast path beside the slow one.

use core_net::{Builder, Net};
use deconv::{Deconv, Method, Seed, SeedValue, Unit, seed, strongest};
use rand::Rng;
use tensor::{
    ContrastNorm, Conv, DType, Pool, ResponseNorm, Rounding, Tensor, Unpool, crop, seeded, tensor_of,
    to_f64s, uniform,
};
use test_support::gradient_error;

const METHODS: [Method; 3] = [Method::Deconvnet, Method::Guided, Method::Gradient];

fn image(pixels: &[f64], shape: &[usize]) -> Tensor {
    tensor_of(pixels.to_vec(), shape)
}

#[test]
fn an_unpooled_maximum_returns_to_its_switch() {
    let net = Builder::new(&[1, 4, 4]).max_pool("pool", Pool::square(2, 2)).build().expect("it fits");
    let pixels = [1., 2., 0., 9., 4., 3., 1., 1., 0., 0., 5., 5., 7., 0., 5., 5.];
    let trace = net.forward(&image(&pixels, &[1, 1, 4, 4]));
    let pixels = Deconv::default().project(&net, &trace, 1, Seed::Layer);
    assert_eq!(to_f64s(&pixels), [0., 0., 0., 9., 4., 0., 0., 0., 0., 0., 5., 0., 7., 0., 0., 0.]);
}

#[test]
fn windows_that_share_a_maximum_add_up_or_the_last_one_wins() {
    let [weights, nothing] = [[1., 2., 3., 4.], [0.; 4]].map(|values| image(&values, &[1, 2, 2]));
    let net = Builder::new(&[1, 3, 3]).max_pool("pool", Pool::square(2, 1));
    let net = net.affine("weigh", weights, nothing).build().expect("it fits");
    let trace = net.forward(&image(&[0., 0., 0., 0., 1., 0., 0., 0., 0.], &[1, 1, 3, 3]));
    let center =
        |unpool| to_f64s(&Deconv { unpool, ..Deconv::default() }.project(&net, &trace, 2, Seed::Layer))[4];
    // Each unit holds its weight, and is weighed once more on the way down.
    assert_eq!(center(Unpool::Sum), 1.0 + 4.0 + 9.0 + 16.0);
    assert_eq!(center(Unpool::Overwrite), 16.0);
}

#[test]
fn a_deconvnet_rectifies_the_signal_a_gradient_stops_where_the_rectifier_was_off_and_guided_does_both() {
    let [signs, shift] = [[1., 1., -1., -1.], [7.; 4]].map(|values| image(&values, &[1, 1, 4]));
    let net = Builder::new(&[1, 1, 4]).relu("relu").affine("signs", signs, shift).build().expect("it fits");
    let trace = net.forward(&image(&[1., -1., 1., -1.], &[1, 1, 1, 4]));
    let back =
        |method| to_f64s(&Deconv { method, unpool: Unpool::Sum }.project(&net, &trace, 2, Seed::Layer));
    assert_eq!(back(Method::Deconvnet), [8., 7., 0., 0.]);
    assert_eq!(back(Method::Gradient), [8., 0., -6., 0.]);
    assert_eq!(back(Method::Guided), [8., 0., 0., 0.]);
}

#[test]
fn normalizations_let_the_deconvnet_s_signal_pass() {
    let norm = ResponseNorm { size: 3, alpha: 2.0, beta: 0.75, kappa: 1.0 };
    let contrast = ContrastNorm { size: 3, deviation: 1.0 };
    let net = Builder::new(&[2, 2, 2]).response_norm("response", norm).contrast_norm("contrast", contrast);
    let net = net.build().expect("it fits");
    let trace = net.forward(&uniform(&mut seeded(1, "image"), &[1, 2, 2, 2], 1.0, DType::F64));
    let pixels = Deconv::default().project(&net, &trace, 2, Seed::Layer);
    assert_eq!(to_f64s(&pixels), to_f64s(trace.output()));
}

#[test]
fn a_seed_keeps_what_it_names_in_every_image_and_nothing_else() {
    let net = Builder::new(&[2, 1, 2]).identity("same").build().expect("it fits");
    let trace = net.forward(&image(&[1., 2., 3., 4., 5., 6., 7., 8.], &[2, 2, 1, 2]));
    let kept = |from| to_f64s(&seed(&trace, 1, from));
    assert_eq!(kept(Seed::Layer), [1., 2., 3., 4., 5., 6., 7., 8.]);
    assert_eq!(kept(Seed::Map(1)), [0., 0., 3., 4., 0., 0., 7., 8.]);
    let unit = |channel, column| Unit { channel, at: [0, column] };
    assert_eq!(kept(Seed::Units(&[unit(0, 1), unit(1, 0)])), [0., 2., 3., 0., 0., 6., 7., 0.]);
}

#[test]
#[should_panic(expected = "expected a unit within 2 maps of 1 × 2, got map 1 at 0, 2")]
fn a_unit_beyond_the_map_is_refused() {
    let net = Builder::new(&[2, 1, 2]).identity("same").build().expect("it fits");
    let trace = net.forward(&image(&[1., 2., 3., 4.], &[1, 2, 1, 2]));
    let _ = seed(&trace, 1, Seed::Units(&[Unit { channel: 1, at: [0, 2] }]));
}

/// A net like AlexNet's first half, of odd sizes, with a fork.
fn forked() -> Net {
    let rng = &mut seeded(2, "weights");
    let mut weight = |shape: &[usize]| uniform(rng, shape, 0.5, DType::F64);
    let pool = Pool { padding: [1, 0, 0, 1], rounding: Rounding::Ceil, ..Pool::square(3, 2) };
    Builder::new(&[2, 33, 29])
        .conv(
            "conv1",
            weight(&[6, 2, 5, 4]),
            None,
            Conv { stride: [2, 1], padding: [1, 2, 0, 1], ..Conv::default() },
        )
        .relu("relu1")
        .response_norm("norm1", ResponseNorm { size: 5, alpha: 1e-1, beta: 0.75, kappa: 2.0 })
        .max_pool("pool1", pool)
        .conv("left", weight(&[4, 6, 1, 1]), None, Conv::default())
        .after("pool1")
        .conv("right", weight(&[4, 3, 3, 3]), None, Conv { padding: [1; 4], groups: 2, ..Conv::default() })
        .concat("both", &["left", "right"])
        .relu("relu2")
        .max_pool("pool2", pool)
        .conv("conv3", weight(&[5, 8, 2, 2]), None, Conv { dilation: [2, 1], ..Conv::default() })
        .relu("relu3")
        .build()
        .expect("it fits")
}

#[test]
fn a_unit_projected_within_its_receptive_field_is_the_projection_of_the_whole_net() {
    let (net, rng) = (forked(), &mut seeded(3, "units"));
    let images = uniform(rng, &[3, 2, 33, 29], 1.0, DType::F64);
    let trace = net.forward(&images);
    let mut drawn = 0;
    for node in 1..net.nodes().len() {
        let [channels, height, width] = net.nodes()[node].shape[..] else { panic!("feature maps") };
        for (method, unpool) in METHODS.into_iter().flat_map(|m| [(m, Unpool::Sum), (m, Unpool::Overwrite)]) {
            let at = [rng.random_range(0..height), rng.random_range(0..width)];
            let (image, unit) = (rng.random_range(0..3), Unit { channel: rng.random_range(0..channels), at });
            let deconv = Deconv { method, unpool };
            let fast = &deconv.project_units(&net, &trace, node, &[(image, unit)])[0];
            let slow = deconv.project(&net, &trace.image(image), node, Seed::Units(&[unit]));
            let region = fast.region;
            let within = crop(&slow, region.top, region.left, [region.height, region.width]);
            let name = &net.nodes()[node].name;
            assert_eq!(to_f64s(&fast.pixels), to_f64s(&within), "{name} {unit:?} {method:?}");
            let all = |pixels: &Tensor| to_f64s(pixels).iter().map(|p| p.abs()).sum::<f64>();
            assert!((all(&slow) - all(&within)).abs() <= 1e-12 * all(&slow), "nothing outside the region");
            drawn += usize::from(all(&within) > 0.0);
        }
    }
    assert!(drawn > 40, "{drawn} projections are not empty");
}

#[test]
fn the_strongest_unit_is_the_first_of_the_largest() {
    let net = Builder::new(&[2, 2, 2]).identity("same").build().expect("it fits");
    let trace = net.forward(&image(&[0., 0., 0., 0., 1., 3., 3., 2.], &[1, 2, 2, 2]));
    assert_eq!(strongest(&trace, 1, 0, 1), (Unit { channel: 1, at: [0, 1] }, 3.0));
    assert_eq!(strongest(&trace, 1, 0, 0), (Unit { channel: 0, at: [0, 0] }, 0.0));
}

#[test]
fn a_gradient_from_a_seed_of_one_is_the_derivative_of_the_activation_and_from_the_activation_that_of_its_half_square()
 {
    let net = core_net::zoo::untrained("lenet", 10, [28, 28], 1).to_dtype(DType::F64);
    let images = uniform(&mut seeded(5, "images"), &[1, 1, 28, 28], 1.0, DType::F64);
    let (trace, node) = (net.forward(&images), net.output());
    let deconv = Deconv { method: Method::Gradient, ..Deconv::default() };
    let unit = [Unit { channel: 4, at: [0, 0] }];
    let of = |value| deconv.project_value(&net, &trace, node, Seed::Units(&unit), value);
    let activation = |x: &Tensor| to_f64s(&net.output_of(x))[4];
    assert!(gradient_error(&of(SeedValue::One), &images, activation) < 1e-6);
    let half_square = |x: &Tensor| activation(x).powi(2) / 2.0;
    assert!(gradient_error(&of(SeedValue::Activation), &images, half_square) < 1e-6);
    assert!(gradient_error(&of(SeedValue::Activation), &images, activation) > 1e-3, "they differ");
}
