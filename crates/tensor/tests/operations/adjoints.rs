//! `<Ax, y> = <x, Aᵀy>` for each linear operation, on a thousand random shapes.

use crate::{dot, draw, noise, random_pool};
use rand::Rng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use tensor::{
    PaddingInMean, Tensor, Unpool, affine, affine_gradient, concat, crop, global_mean_pool,
    global_mean_pool_gradient, max_pool_with_switches, mean_pool, mean_pool_gradient, pad, pad_gradient,
    seeded, split, tensor_of, to_f64s, transpose, unpool,
};

/// From y to `Aᵀy`.
type Adjoint = Box<dyn Fn(&Tensor) -> Tensor>;

/// Draws a thousand cases and some y for each; a case gives x, `Ax`, and the adjoint.
fn holds(purpose: &str, mut case: impl FnMut(&mut ChaCha8Rng) -> (Tensor, Tensor, Adjoint)) {
    let mut rng = seeded(11, purpose);
    for i in 0..1000 {
        let (x, image, adjoint) = case(&mut rng);
        let y = noise(&mut rng, image.dims());
        let (ahead, back) = (dot(&image, &y), dot(&x, &adjoint(&y)));
        assert!((ahead - back).abs() < 1e-12 * (1.0 + ahead.abs()), "{purpose}, case {i}: {ahead} {back}");
    }
}

fn batch(rng: &mut impl Rng, [h, w]: [usize; 2]) -> Tensor {
    let shape = [draw(rng, 3), draw(rng, 4), h, w];
    noise(rng, &shape)
}

fn image_size(rng: &mut impl Rng) -> [usize; 2] {
    [draw(rng, 9), draw(rng, 9)]
}

#[test]
fn unpooling_by_sum_is_the_adjoint_of_picking_by_the_same_switches() {
    holds("unpool", |rng| {
        let (pool, input) = random_pool(rng);
        let x = batch(rng, input);
        let (maxima, switches) = max_pool_with_switches(&x, &pool);
        (x, maxima, Box::new(move |y: &Tensor| unpool(y, &switches, input, Unpool::Sum)))
    });
}

#[test]
fn the_mean_pools_have_their_adjoints() {
    holds("mean pool", |rng| {
        let (pool, input) = random_pool(rng);
        let counted = if rng.random() { PaddingInMean::Pixels } else { PaddingInMean::Padding };
        let x = batch(rng, input);
        let means = mean_pool(&x, &pool, counted);
        (x, means, Box::new(move |y: &Tensor| mean_pool_gradient(y, input, &pool, counted)))
    });
    holds("global mean pool", |rng| {
        let input = image_size(rng);
        let x = batch(rng, input);
        let means = global_mean_pool(&x);
        (x, means, Box::new(move |y: &Tensor| global_mean_pool_gradient(y, input)))
    });
}

#[test]
fn scaling_by_channel_and_by_pixel_is_its_own_adjoint() {
    holds("affine", |rng| {
        let size = image_size(rng);
        let x = batch(rng, size);
        let coefficients = if rng.random() { &x.dims()[1..2] } else { &x.dims()[1..] };
        let scale = noise(rng, coefficients);
        let nothing = scale.zeros_like().expect("zeros");
        let image = affine(&x, &scale, &nothing);
        (x, image, Box::new(move |y: &Tensor| affine_gradient(y, &scale)))
    });
}

#[test]
fn splitting_is_the_adjoint_of_concatenation() {
    holds("concat", |rng| {
        let (n, [h, w]) = (draw(rng, 3), image_size(rng));
        let channels: Vec<usize> = (0..draw(rng, 4)).map(|_| draw(rng, 3)).collect();
        let maps: Vec<Tensor> = channels.iter().map(|&c| noise(rng, &[n, c, h, w])).collect();
        let joined = concat(&maps.iter().collect::<Vec<_>>());
        let line = |parts: &[Tensor]| {
            let scalars: Vec<f64> = parts.iter().flat_map(to_f64s).collect();
            let length = scalars.len();
            tensor_of(scalars, &[length])
        };
        (line(&maps), joined, Box::new(move |y: &Tensor| line(&split(y, &channels))))
    });
}

#[test]
fn padding_and_cropping_are_adjoint() {
    holds("pad", |rng| {
        let size = image_size(rng);
        let x = batch(rng, size);
        let padding: [usize; 4] = std::array::from_fn(|_| rng.random_range(0..4));
        let padded = pad(&x, padding, 0.0);
        (x, padded, Box::new(move |y: &Tensor| pad_gradient(y, padding)))
    });
    holds("crop", |rng| {
        let [h, w] = image_size(rng);
        let x = batch(rng, [h, w]);
        let (height, width) = (draw(rng, h), draw(rng, w));
        let (top, left) = (rng.random_range(0..=h - height), rng.random_range(0..=w - width));
        let cropped = crop(&x, top, left, [height, width]);
        (x, cropped, Box::new(move |y: &Tensor| pad(y, [top, left, h - top - height, w - left - width], 0.0)))
    });
}

#[test]
fn the_inverse_order_of_axes_is_the_adjoint_of_a_transposition() {
    holds("transpose", |rng| {
        let shape: Vec<usize> = (0..draw(rng, 5)).map(|_| draw(rng, 5)).collect();
        let x = noise(rng, &shape);
        let mut order: Vec<usize> = (0..shape.len()).collect();
        order.shuffle(rng);
        let transposed = transpose(&x, &order);
        let inverse: Vec<usize> =
            (0..order.len()).map(|axis| order.iter().position(|&o| o == axis).expect("an order")).collect();
        (x, transposed, Box::new(move |y: &Tensor| transpose(y, &inverse)))
    });
}

#[test]
fn padding_holds_its_value_and_the_crop_of_a_padded_image_is_the_image() {
    let x = tensor_of(vec![1.0f32, 2.0, 3.0, 4.0], &[1, 1, 2, 2]);
    let padded = pad(&x, [1, 0, 0, 2], -7.0);
    let v = -7.0;
    assert_eq!(to_f64s(&padded), [v, v, v, v, 1.0, 2.0, v, v, 3.0, 4.0, v, v]);
    assert_eq!(to_f64s(&pad_gradient(&padded, [1, 0, 0, 2])), to_f64s(&x));
}

#[test]
fn a_transposed_tensor_has_its_elements_where_the_order_says() {
    let x = tensor_of((0..24).map(f64::from).collect(), &[2, 3, 4]);
    let y = to_f64s(&transpose(&x, &[2, 0, 1]));
    for (i, j, k) in (0..2).flat_map(|i| (0..3).flat_map(move |j| (0..4).map(move |k| (i, j, k)))) {
        assert_eq!(y[(k * 2 + i) * 3 + j], (i * 12 + j * 4 + k) as f64);
    }
}
