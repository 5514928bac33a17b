//! Filters and images of known frequencies, and maps that are dead by construction.

use core_net::{Builder, Net};
use std::f64::consts::PI;
use tensor::{Conv, DType, Tensor, normal, seeded, tensor_of};
use unit_analysis::filters::{Activity, Aliasing, Band, Dominance, Spectrum, spectra};

/// A wave of this many radians a pixel down and across, `[height, width]`.
fn wave([height, width]: [usize; 2], [down, across]: [f64; 2]) -> Vec<f64> {
    (0..height * width).map(|i| (down * (i / width) as f64 + across * (i % width) as f64).cos()).collect()
}

fn tensor(values: &[f64], shape: &[usize]) -> Tensor {
    tensor_of(values.iter().map(|value| *value as f32).collect(), shape)
}

/// A convolution with these filters, and nothing else.
fn convolution(image: [usize; 3], weight: Tensor, bias: Tensor, conv: Conv) -> Net {
    Builder::new(&image).conv("conv1", weight, bias, conv).relu("relu1").build().unwrap()
}

#[test]
fn a_wave_s_power_lies_in_the_band_of_its_frequency() {
    let cases = [
        ([0.0, 0.1], Band::Low),
        ([0.1, 0.1], Band::Low),
        ([0.0, 0.5], Band::Middle),
        ([0.35, 0.35], Band::Middle),
        ([0.9, 0.0], Band::High),
        ([0.6, 0.6], Band::High),
    ];
    for (at, band) in cases {
        let filter = wave([24, 24], at.map(|part| part * PI));
        // The second channel is empty: the power is that of all channels together.
        let weight = tensor(&[filter, vec![0.0; 24 * 24]].concat(), &[1, 2, 24, 24]);
        let spectrum = spectra(&weight)[0];
        assert_eq!(spectrum.band(), band, "{at:?}");
        assert!((spectrum.peak - at[0].hypot(at[1])).abs() < 0.05, "{at:?}: {}", spectrum.peak);
        assert!(spectrum.shares[band as usize] > 0.8, "{at:?}: {:?}", spectrum.shares);
    }
}

#[test]
fn shares_are_parts_of_one_whole_and_a_single_pixel_has_all_frequencies_alike() {
    let weight = normal(&mut seeded(1, "filters"), &[20, 3, 7, 7], 1.0, DType::F32);
    let shares = spectra(&weight).iter().map(|spectrum| spectrum.shares).collect::<Vec<_>>();
    assert!(shares.iter().all(|shares| (shares.iter().sum::<f64>() - 1.0).abs() < 1e-12));
    let even = Spectrum::even().shares;
    let pixel = spectra(&tensor(&[3.0, 0.0, 0.0, 0.0], &[1, 1, 2, 2]))[0].shares;
    assert!(pixel.iter().zip(even).all(|(a, b)| (a - b).abs() < 1e-12));
    // The bands' parts of the plane: quarters of circles, and the rest.
    let [low, middle] = [PI / 36.0, PI / 9.0];
    assert!((even[0] - low).abs() < 0.01 && (even[1] - (middle - low)).abs() < 0.02, "{even:?}");
    assert_eq!(spectra(&tensor(&[0.0; 4], &[1, 1, 2, 2]))[0], Spectrum { shares: [0.0; 3], peak: 0.0 });
}

#[test]
fn frequencies_above_half_the_sampling_rate_are_aliased() {
    let delta = || tensor(&[0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0], &[1, 1, 3, 3]);
    let share = |stride: usize, image: &[f64]| {
        let conv = Conv { stride: [stride; 2], padding: [1; 4], ..Conv::default() };
        let net = convolution([1, 50, 50], delta(), tensor(&[7.0], &[1]), conv);
        let mut aliasing = Aliasing::new(&net);
        aliasing.update(&tensor(image, &[1, 1, 50, 50]));
        assert_eq!(aliasing.shares(), [aliasing.share()]);
        aliasing.share()
    };
    // Whole numbers of waves over the 48 pixels without a border.
    let at = |down: f64, across: f64| wave([50, 50], [down, across].map(|part| part * PI));
    for (stride, down, across, expected) in [
        (1, 0.75, 0.75, 0.0),
        (2, 0.25, 0.25, 0.0),
        (2, 0.75, 0.0, 1.0),
        (2, 0.25, 0.75, 1.0),
        (4, 0.125, 0.125, 0.0),
        (4, 0.5, 0.0, 1.0),
    ] {
        let found = share(stride, &at(down, across));
        assert!((found - expected).abs() < 1e-6, "stride {stride}, {down} and {across}: {found}");
    }
    let mixed: Vec<f64> =
        at(0.25, 0.0).iter().zip(at(0.0, 0.75)).map(|(low, high)| 100.0 + 3.0 * low + high).collect();
    assert!((share(2, &mixed) - 0.1).abs() < 1e-6, "a ninth of the power: {}", share(2, &mixed));
}

#[test]
fn the_layer_s_share_weighs_filters_by_their_power_and_images_add_up() {
    // A filter of every pixel, twice as strong, and the difference of neighbors.
    let weight = tensor(&[2.0, 0.0, 1.0, -1.0], &[2, 1, 1, 2]);
    let conv = Conv { stride: [2; 2], ..Conv::default() };
    let net = convolution([1, 32, 33], weight, tensor(&[0.0; 2], &[2]), conv);
    let images = normal(&mut seeded(2, "images"), &[3, 1, 32, 33], 1.0, DType::F32);
    let mut together = Aliasing::new(&net);
    together.update(&images);
    let mut alone = Aliasing::new(&net);
    (0..3).for_each(|image| alone.update(&images.narrow(0, image, 1).unwrap()));
    assert_eq!(together.shares(), alone.shares());
    let [every, difference] = together.shares()[..] else { panic!("two filters") };
    // Of noise, three quarters lie above half the highest frequency in either direction; differences have more.
    assert!((every - 0.75).abs() < 0.03 && difference > every + 0.05, "{every} {difference}");
    assert!(together.share() > every && together.share() < difference);
}

#[test]
fn dead_maps_are_nowhere_above_0_and_faint_ones_far_below_the_median() {
    let weight = tensor(&[1.0, -1.0, 0.0, 1.0, 0.004, 2.0], &[6, 1, 1, 1]);
    let bias = tensor(&[0.0, -0.5, 0.0, -3.0, 0.0, 0.0], &[6]);
    let net = convolution([1, 2, 2], weight, bias, Conv::default());
    let images = tensor(&[0.2, 0.0, 1.0, 0.5, 0.1, 2.0, 0.0, 0.0], &[2, 1, 2, 2]);
    for node in ["conv1", "relu1"] {
        let mut activity = Activity::new(&net, net.index_of(node).unwrap());
        (0..2).for_each(|image| activity.update(&net.forward(&images.narrow(0, image, 1).unwrap())));
        assert_eq!(activity.dead(), [1, 2, 3], "{node}");
        assert_eq!((activity.seen(), activity.highest()[5]), (2, 4.0));
    }
    let mut activity = Activity::new(&net, 1);
    activity.update(&net.forward(&tensor(&[4.0; 4], &[1, 1, 2, 2])));
    assert_eq!((activity.dead(), activity.faint(0.1)), (vec![1, 2], vec![4]));
}

#[test]
fn one_filter_that_is_larger_than_the_others_dominates() {
    let dominance = |scales: &[f64]| {
        let weights: Vec<f64> = scales.iter().flat_map(|scale| [*scale, -scale]).collect();
        Dominance::from_weight(&tensor(&weights, &[scales.len(), 1, 1, 2]))
    };
    let equal = dominance(&[0.1; 5]);
    assert!((equal.carriers() - 5.0).abs() < 1e-6);
    assert_eq!((equal.dominating(3.0), equal.limited_by(0.1)), (0, 5));
    let one = dominance(&[0.0, 2.0, 0.0]);
    assert!((one.carriers() - 1.0).abs() < 1e-12 && one.dominating(3.0) == 1);
    // Squares 1, 1, 1 and 16: 19² / 259.
    let few = dominance(&[1.0, 1.0, 4.0, 1.0]);
    assert!((few.carriers() - 361.0 / 259.0).abs() < 1e-6);
    assert_eq!((few.dominating(3.0), few.limited_by(0.1), few.limited_by(2.0)), (1, 4, 1));
    assert_eq!(dominance(&[0.0; 2]).carriers(), 0.0);
}
