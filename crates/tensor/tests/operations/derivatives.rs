//! Every nonlinear operation's derivative against central differences.

use crate::{dot, noise};
use tensor::{
    ContrastNorm, Pool, ResponseNorm, Tensor, Unpool, clip, clip_gradient, contrast_norm,
    contrast_norm_gradient, l2_pool, l2_pool_gradient, leaky_relu, leaky_relu_gradient, log_softmax,
    log_softmax_gradient, max_pool, max_pool_with_switches, relu, relu_gradient, response_norm,
    response_norm_gradient, seeded, sigmoid, sigmoid_gradient, softmax, softmax_gradient, tanh,
    tanh_gradient, tensor_of, to_f64s, unpool,
};

const STEP: f64 = 1e-5;

/// The largest difference between a gradient and central differences, beside the largest slope.
/// Where the slopes on both sides differ, x stands at a kink and is left out.
fn error(f: impl Fn(&Tensor) -> Tensor, gradient: impl Fn(&Tensor, &Tensor) -> Tensor, x: &Tensor) -> f64 {
    let signal = noise(&mut seeded(5, "signal"), f(x).dims());
    let at = to_f64s(x);
    let value = |i: usize, h: f64| {
        let mut moved = at.clone();
        moved[i] += h;
        dot(&f(&tensor_of(moved, x.dims())), &signal)
    };
    let (mut worst, mut steepest, mut compared) = (0.0f64, 1.0f64, 0);
    for (i, g) in to_f64s(&gradient(&signal, x)).into_iter().enumerate() {
        let [behind, here, ahead] = [-STEP, 0.0, STEP].map(|h| value(i, h));
        let [left, right] = [(here - behind) / STEP, (ahead - here) / STEP];
        if (left - right).abs() < 1e-2 {
            worst = worst.max((g - (ahead - behind) / (2.0 * STEP)).abs());
            steepest = steepest.max(g.abs());
            compared += 1;
        }
    }
    assert!(compared * 10 > at.len() * 9, "nearly all of x stands at kinks");
    worst / steepest
}

fn images() -> Tensor {
    (noise(&mut seeded(6, "images"), &[2, 7, 5, 4]) * 2.0).expect("a scale")
}

#[test]
fn element_wise_derivatives_match_central_differences() {
    let x = images();
    assert!(error(relu, |s, x| relu_gradient(s, &relu(x)), &x) < 1e-6);
    assert!(error(sigmoid, |s, x| sigmoid_gradient(s, &sigmoid(x)), &x) < 1e-6);
    assert!(error(tanh, |s, x| tanh_gradient(s, &tanh(x)), &x) < 1e-6);
    assert!(error(|x| leaky_relu(x, 0.2), |s, x| leaky_relu_gradient(s, x, 0.2), &x) < 1e-6);
    assert!(error(|x| clip(x, -0.5, 0.7), |s, x| clip_gradient(s, x, -0.5, 0.7), &x) < 1e-6);
}

#[test]
fn wrong_derivatives_are_found() {
    let x = images();
    assert!(error(relu, |s, x| relu_gradient(s, &sigmoid(x)), &x) > 1e-2);
    assert!(error(tanh, |s, x| sigmoid_gradient(s, &tanh(x)), &x) > 1e-2);
    assert!(error(|x| leaky_relu(x, 0.2), |s, x| leaky_relu_gradient(s, x, 0.21), &x) > 1e-3);
    assert!(error(|x| clip(x, -0.5, 0.7), |s, x| clip_gradient(s, x, -0.6, 0.7), &x) > 1e-2);
    assert!(error(softmax, |s, x| log_softmax_gradient(s, &log_softmax(x)), &x) > 1e-2);
    let norm = ResponseNorm { size: 4, alpha: 0.9, beta: 0.75, kappa: 1.0 };
    let odd = ResponseNorm { size: 3, ..norm };
    assert!(error(|x| response_norm(x, &norm), |s, x| response_norm_gradient(s, x, &odd), &x) > 1e-2);
    let norm = ContrastNorm { size: 3, deviation: 1.0 };
    let frozen = |s: &Tensor, x: &Tensor| {
        let y = contrast_norm(x, &norm);
        (contrast_norm_gradient(s, x, &norm) + (y * 1e-3).expect("a scale")).expect("a sum")
    };
    assert!(error(|x| contrast_norm(x, &norm), frozen, &x) > 1e-4);
}

#[test]
fn softmax_derivatives_match_central_differences_over_the_channels_of_images_and_of_rows() {
    for x in [images(), noise(&mut seeded(7, "rows"), &[5, 9]), noise(&mut seeded(7, "lines"), &[2, 3, 4])] {
        assert!(error(softmax, |s, x| softmax_gradient(s, &softmax(x)), &x) < 1e-6);
        assert!(error(log_softmax, |s, x| log_softmax_gradient(s, &log_softmax(x)), &x) < 1e-6);
    }
}

#[test]
fn softmax_of_images_sums_to_one_at_each_pixel() {
    let y = softmax(&images());
    let sums = to_f64s(&y.sum(1).expect("a sum"));
    assert!(sums.iter().all(|sum| (sum - 1.0).abs() < 1e-14));
    let logarithms = to_f64s(&log_softmax(&images()));
    assert!(to_f64s(&y).iter().zip(logarithms).all(|(y, log)| (y.ln() - log).abs() < 1e-13));
}

#[test]
fn max_pooling_has_the_derivative_that_the_switches_say() {
    let pool = Pool { padding: [1, 0, 0, 1], ..Pool::square(3, 2) };
    let back = |s: &Tensor, x: &Tensor| unpool(s, &max_pool_with_switches(x, &pool).1, [5, 4], Unpool::Sum);
    let overwrite =
        |s: &Tensor, x: &Tensor| unpool(s, &max_pool_with_switches(x, &pool).1, [5, 4], Unpool::Overwrite);
    assert!(error(|x| max_pool(x, &pool), back, &images()) < 1e-6);
    assert!(error(|x| max_pool(x, &pool), overwrite, &images()) > 1e-2);
}

#[test]
fn l2_pooling_has_its_true_derivative_and_the_mean_s_is_found_wrong() {
    for pool in [Pool::square(2, 2), Pool { padding: [1, 0, 0, 1], dilation: [2, 1], ..Pool::square(3, 2) }] {
        let back = |s: &Tensor, x: &Tensor| l2_pool_gradient(s, x, &l2_pool(x, &pool, 0.1), &pool);
        assert!(error(|x| l2_pool(x, &pool, 0.1), back, &images()) < 1e-6, "{pool:?}");
        let unrooted = |s: &Tensor, x: &Tensor| l2_pool_gradient(s, x, &l2_pool(x, &pool, 0.3), &pool);
        assert!(error(|x| l2_pool(x, &pool, 0.1), unrooted, &images()) > 1e-2, "{pool:?}");
    }
}

#[test]
fn response_normalization_has_its_true_derivative_for_odd_and_even_sizes() {
    for (size, beta) in [(5, 0.75), (4, 0.75), (1, 0.5), (3, 1.0), (20, 0.6)] {
        let norm = ResponseNorm { size, alpha: 0.9, beta, kappa: 1.5 };
        let worst = error(|x| response_norm(x, &norm), |s, x| response_norm_gradient(s, x, &norm), &images());
        assert!(worst < 1e-6, "{norm:?}: {worst}");
    }
}

#[test]
fn contrast_normalization_has_its_true_derivative_with_the_mean_of_sigma() {
    for (size, deviation) in [(3, 0.8), (5, 1.5), (9, 2.0), (1, 1.0)] {
        let norm = ContrastNorm { size, deviation };
        let worst = error(|x| contrast_norm(x, &norm), |s, x| contrast_norm_gradient(s, x, &norm), &images());
        assert!(worst < 1e-6, "{norm:?}: {worst}");
    }
}
