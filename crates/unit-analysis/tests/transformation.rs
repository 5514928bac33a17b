//! Transformations in closed form, and beside a slow twin.

use rand::Rng;
use tensor::{DType, Tensor, seeded, tensor_of, to_f64s, uniform};
use unit_analysis::Transformation::{self, Rotation, Scale, Translation};

/// A batch of one with one channel.
fn image(h: usize, w: usize, value: impl Fn(f64, f64) -> f64) -> Tensor {
    let pixels = (0..h * w).map(|at| value((at / w) as f64, (at % w) as f64)).collect::<Vec<f64>>();
    tensor_of(pixels, &[1, 1, h, w])
}

fn close(found: &Tensor, expected: &[f64]) {
    let found = to_f64s(found);
    assert_eq!(found.len(), expected.len());
    let farthest = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(farthest < 1e-9, "{found:?} is not {expected:?}");
}

#[test]
fn nothing_is_done_by_the_identities_to_the_last_bit() {
    let images = uniform(&mut seeded(1, "images"), &[2, 3, 7, 10], 1.0, DType::F32);
    for identity in [Translation(0.0), Scale(1.0), Rotation(0.0)] {
        assert_eq!(to_f64s(&identity.apply(&images, 9.0)), to_f64s(&images), "{identity:?}");
    }
    let turned = to_f64s(&Rotation(360.0).apply(&images, 9.0));
    assert!(turned.iter().zip(to_f64s(&images)).all(|(a, b)| (a - b).abs() < 1e-6));
}

#[test]
fn a_translation_goes_down_and_fills_what_comes_in() {
    let rows = image(3, 2, |y, _| y);
    close(&Translation(1.0).apply(&rows, 9.0), &[9.0, 9.0, 0.0, 0.0, 1.0, 1.0]);
    close(&Translation(-2.0).apply(&rows, 9.0), &[2.0, 2.0, 9.0, 9.0, 9.0, 9.0]);
    close(&Translation(0.5).apply(&rows, 9.0), &[4.5, 4.5, 0.5, 0.5, 1.5, 1.5]);
    close(&Translation(50.0).apply(&rows, 9.0), &[9.0; 6]);
}

#[test]
fn a_quarter_turn_is_counterclockwise() {
    let square = image(3, 3, |y, x| 3.0 * y + x);
    close(&Rotation(90.0).apply(&square, 9.0), &[2.0, 5.0, 8.0, 1.0, 4.0, 7.0, 0.0, 3.0, 6.0]);
    close(&Rotation(180.0).apply(&square, 9.0), &[8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0, 0.0]);
    close(&Rotation(-90.0).apply(&square, 9.0), &[6.0, 3.0, 0.0, 7.0, 4.0, 1.0, 8.0, 5.0, 2.0]);
}

#[test]
fn a_plane_is_interpolated_exactly() {
    // A linear function of the place stays linear wherever no border shows.
    let plane = image(9, 9, |y, x| 2.0 * y - 3.0 * x + 1.0);
    let enlarged = to_f64s(&Scale(2.0).apply(&plane, 0.0));
    let expected = |y: f64, x: f64| 2.0 * (4.0 + (y - 4.0) / 2.0) - 3.0 * (4.0 + (x - 4.0) / 2.0) + 1.0;
    for (at, value) in enlarged.iter().enumerate() {
        assert!((value - expected((at / 9) as f64, (at % 9) as f64)).abs() < 1e-9);
    }
    let turned = to_f64s(&Rotation(30.0).apply(&plane, 0.0));
    let (sin, cos) = 30f64.to_radians().sin_cos();
    // Two to the right of the center comes from 30° clockwise of it: below.
    let expected = 2.0 * (4.0 + 2.0 * sin) - 3.0 * (4.0 + 2.0 * cos) + 1.0;
    assert!((turned[4 * 9 + 6] - expected).abs() < 1e-9);
}

#[test]
fn a_smaller_image_stands_in_the_fill() {
    let found = to_f64s(&Scale(0.5).apply(&image(5, 5, |_, _| 1.0), -1.0));
    assert_eq!((found[12], found[0], found[4], found[20], found[24]), (1.0, -1.0, -1.0, -1.0, -1.0));
}

/// The value at a place as a sum over all pixels, each weighted by how near it is; outside, the fill.
fn by_hats(pixels: &[f64], [h, w]: [usize; 2], [y, x]: [f64; 2], fill: f64) -> f64 {
    let hat = |far: f64| (1.0 - far.abs()).max(0.0);
    let weight = |at: usize| hat(y - (at / w) as f64) * hat(x - (at % w) as f64);
    let inside: f64 = (0..h * w).map(weight).sum();
    let sum: f64 = (0..h * w).map(|at| weight(at) * pixels[at]).sum();
    sum + (1.0 - inside) * fill
}

#[test]
fn interpolation_is_a_sum_of_all_pixels_by_their_nearness() {
    let rng = &mut seeded(2, "transformations");
    let [h, w] = [6, 8];
    let images = uniform(rng, &[2, 2, h, w], 1.0, DType::F64);
    for round in 0..60 {
        let transformation = match round % 3 {
            0 => Translation(rng.random_range(-9.0..9.0)),
            1 => Scale(rng.random_range(0.3..3.0)),
            _ => Rotation(rng.random_range(-400.0..400.0)),
        };
        let found = to_f64s(&transformation.apply(&images, 0.7));
        for (found, pixels) in found.chunks(h * w).zip(to_f64s(&images).chunks(h * w)) {
            for (at, value) in found.iter().enumerate() {
                let source = source(transformation, [at / w, at % w], [h, w]);
                let slow = by_hats(pixels, [h, w], source, 0.7);
                assert!((value - slow).abs() < 1e-9, "{transformation:?} at {at}: {value} and {slow}");
            }
        }
    }
}

/// Where a pixel comes from: the inverse of the matrix that moves it.
fn source(transformation: Transformation, at: [usize; 2], size: [usize; 2]) -> [f64; 2] {
    let [cy, cx] = size.map(|length| length as f64 / 2.0 - 0.5);
    let (angle, ratio, down) = match transformation {
        Translation(down) => (0.0, 1.0, down),
        Scale(ratio) => (0.0, ratio, 0.0),
        Rotation(degrees) => (degrees.to_radians(), 1.0, 0.0),
    };
    // As a complex number, right and up.
    let (right, up) = (at[1] as f64 - cx, cy - at[0] as f64 + down);
    let (cos, sin) = (angle.cos() / ratio, -angle.sin() / ratio);
    [cy - (right * sin + up * cos), cx + right * cos - up * sin]
}

#[test]
#[should_panic(expected = "expected a positive ratio, got 0")]
fn an_image_cannot_be_enlarged_by_0() {
    Scale(0.0).apply(&image(2, 2, |_, _| 0.0), 0.0);
}
