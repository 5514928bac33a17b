//! Both normalizations, and the affine map, against loops that spell out their definitions.

use crate::{draw, noise};
use rand::Rng;
use tensor::{
    ContrastNorm, DType, ResponseNorm, Tensor, affine, contrast_norm, global_mean_pool, response_norm,
    seeded, tensor_of, to_f64s,
};

fn assert_close(got: &Tensor, expected: &[f64], tolerance: f64) {
    let got = to_f64s(got);
    assert_eq!(got.len(), expected.len());
    for (got, expected) in got.iter().zip(expected) {
        assert!((got - expected).abs() < tolerance * (1.0 + expected.abs()), "{got} {expected}");
    }
}

/// What `of` makes of each image, given as its channels' planes.
fn by_image(x: &Tensor, of: impl Fn(&[&[f64]]) -> Vec<f64>) -> Vec<f64> {
    let scalars = to_f64s(x);
    let plane = x.dims()[2] * x.dims()[3];
    let images = scalars.chunks(plane * x.dims()[1]);
    images.flat_map(|image| of(&image.chunks(plane).collect::<Vec<_>>())).collect()
}

fn responses_by_definition(image: &[&[f64]], norm: &ResponseNorm) -> Vec<f64> {
    let response = |c: usize, i: usize| {
        let window = (0..image.len()).filter(|&k| k + norm.size / 2 >= c && k <= c + (norm.size - 1) / 2);
        let energy: f64 = window.map(|k| image[k][i].powi(2)).sum();
        image[c][i] / (norm.kappa + norm.alpha / norm.size as f64 * energy).powf(norm.beta)
    };
    (0..image.len())
        .flat_map(|c| (0..image[0].len()).map(move |i| (c, i)))
        .map(|(c, i)| response(c, i))
        .collect()
}

#[test]
fn responses_are_those_of_the_definition() {
    let mut rng = seeded(41, "response norm");
    for case in 0..100 {
        let shape = [draw(&mut rng, 3), draw(&mut rng, 9), draw(&mut rng, 6), draw(&mut rng, 6)];
        let x = noise(&mut rng, &shape);
        let beta = if case % 2 == 0 { 0.75 } else { rng.random_range(0.1..2.0) };
        let norm =
            ResponseNorm { size: draw(&mut rng, 7), alpha: 0.8, beta, kappa: rng.random_range(1.0..2.0) };
        let expected = by_image(&x, |image| responses_by_definition(image, &norm));
        assert_close(&response_norm(&x, &norm), &expected, 1e-14);
        let single = x.to_dtype(DType::F32).expect("a cast");
        assert_close(&response_norm(&single, &norm), &expected, 1e-6);
    }
}

/// The weighted mean over window and channels of `f` of the image at (row, column).
fn local_mean(values: &[Vec<f64>], [h, w]: [usize; 2], at: usize, norm: &ContrastNorm) -> f64 {
    let reach = (norm.size / 2) as isize;
    let (mut sum, mut total) = (0.0, 0.0);
    for p in -reach..=reach {
        for q in -reach..=reach {
            let (row, column) = ((at / w) as isize + p, (at % w) as isize + q);
            if (0..h as isize).contains(&row) && (0..w as isize).contains(&column) {
                let weight = (-((p * p + q * q) as f64) / (2.0 * norm.deviation.powi(2))).exp();
                let i = row as usize * w + column as usize;
                sum += weight * values.iter().map(|channel| channel[i]).sum::<f64>();
                total += weight * values.len() as f64;
            }
        }
    }
    sum / total
}

fn contrast_by_definition(image: &[&[f64]], size: [usize; 2], norm: &ContrastNorm) -> Vec<f64> {
    let pixels = 0..image[0].len();
    let x: Vec<Vec<f64>> = image.iter().map(|channel| channel.to_vec()).collect();
    let means: Vec<f64> = pixels.clone().map(|i| local_mean(&x, size, i, norm)).collect();
    let v: Vec<Vec<f64>> =
        x.iter().map(|channel| channel.iter().zip(&means).map(|(x, m)| x - m).collect()).collect();
    let squares: Vec<Vec<f64>> = v.iter().map(|channel| channel.iter().map(|v| v * v).collect()).collect();
    let sigma: Vec<f64> = pixels.map(|i| local_mean(&squares, size, i, norm).sqrt()).collect();
    let c = sigma.iter().sum::<f64>() / sigma.len() as f64;
    v.iter().flat_map(|channel| channel.iter().zip(&sigma).map(|(v, s)| v / s.max(c))).collect()
}

#[test]
fn contrasts_are_those_of_the_definition() {
    let mut rng = seeded(42, "contrast norm");
    for _ in 0..60 {
        let size = [draw(&mut rng, 9), 1 + draw(&mut rng, 8)];
        let shape = [draw(&mut rng, 3), draw(&mut rng, 4), size[0], size[1]];
        let x = noise(&mut rng, &shape);
        let norm = ContrastNorm { size: 1 + 2 * draw(&mut rng, 4), deviation: rng.random_range(0.5..3.0) };
        let expected = by_image(&x, |image| contrast_by_definition(image, size, &norm));
        assert_close(&contrast_norm(&x, &norm), &expected, 1e-12);
        let single = x.to_dtype(DType::F32).expect("a cast");
        assert_close(&contrast_norm(&single, &norm), &expected, 1e-4);
    }
}

#[test]
fn a_black_image_stays_black() {
    let norm = ContrastNorm { size: 5, deviation: 1.0 };
    let black = tensor_of(vec![0.0f64; 3 * 49], &[1, 3, 7, 7]);
    assert_eq!(to_f64s(&contrast_norm(&black, &norm)), [0.0; 3 * 49]);
}

#[test]
fn each_channel_or_each_pixel_has_its_scale_and_shift() {
    let x = tensor_of((1..=8).map(f64::from).collect(), &[2, 2, 1, 2]);
    let [scale, shift] = [[2.0, 3.0], [10.0, 20.0]].map(|v| tensor_of(v.to_vec(), &[2]));
    assert_eq!(to_f64s(&affine(&x, &scale, &shift)), [12.0, 14.0, 29.0, 32.0, 20.0, 22.0, 41.0, 44.0]);
    let [scale, shift] =
        [[1.0, 2.0, 3.0, 4.0], [0.0, 0.0, 0.0, 1.0]].map(|v| tensor_of(v.to_vec(), &[2, 1, 2]));
    assert_eq!(to_f64s(&affine(&x, &scale, &shift)), [1.0, 4.0, 9.0, 17.0, 5.0, 12.0, 21.0, 33.0]);
}

#[test]
fn the_global_mean_is_the_mean_of_all_pixels() {
    let mut rng = seeded(43, "global mean");
    for size in [[1, 1], [3, 5], [13, 13], [4, 8]] {
        let x = noise(&mut rng, &[2, 3, size[0], size[1]]);
        let mean = |channel: &&[f64]| channel.iter().sum::<f64>() / channel.len() as f64;
        assert_close(&global_mean_pool(&x), &by_image(&x, |image| image.iter().map(mean).collect()), 1e-15);
    }
}
