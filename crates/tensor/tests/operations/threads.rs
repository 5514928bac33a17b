//! The same bytes for any number of threads, and for an image alone and among neighbors.

use crate::noise;
use rayon::ThreadPoolBuilder;
use tensor::{
    ContrastNorm, DType, Fields, PaddingInMean, Pool, ResponseNorm, Tensor, Unpool, affine, clip,
    contrast_norm, contrast_norm_gradient, global_mean_pool, global_mean_pool_gradient, l2_pool,
    l2_pool_gradient, locally_connected, locally_connected_data_gradient, max_pool, max_pool_with_switches,
    mean_pool, mean_pool_gradient, relu, response_norm, response_norm_gradient, seeded, softmax, tanh,
    to_f64s, unpool,
};

/// Every operation on the same images; large enough that threads share them.
fn all(x: &Tensor) -> Vec<Tensor> {
    let pool = Pool { padding: [1, 0, 1, 0], ..Pool::square(3, 2) };
    let response = ResponseNorm { size: 5, alpha: 1e-2, beta: 0.75, kappa: 1.0 };
    let contrast = ContrastNorm { size: 5, deviation: 1.2 };
    let scale = noise(&mut seeded(31, "scale"), &[x.dims()[1]]).to_dtype(x.dtype()).expect("a cast");
    let input = [x.dims()[2], x.dims()[3]];
    let (maxima, switches) = max_pool_with_switches(x, &pool);
    let means = mean_pool(x, &pool, PaddingInMean::Pixels);
    let whole = global_mean_pool(x);
    let lengths = l2_pool(x, &pool, 1e-2);
    let fields = Fields::square(5, 7);
    let [down, across] = fields.output_size(input).expect("it fits");
    let filters = noise(&mut seeded(34, "filters"), &[down * across, 3, x.dims()[1] * 25]);
    let filters = filters.to_dtype(x.dtype()).expect("a cast");
    let local = locally_connected(x, &filters, None, &fields);
    vec![
        max_pool(x, &pool),
        unpool(&maxima, &switches, input, Unpool::Sum),
        unpool(&maxima, &switches, input, Unpool::Overwrite),
        mean_pool_gradient(&means, input, &pool, PaddingInMean::Pixels),
        means,
        global_mean_pool_gradient(&whole, input),
        whole,
        l2_pool_gradient(&lengths, x, &lengths, &pool),
        lengths,
        locally_connected_data_gradient(&local, &filters, input, &fields),
        local,
        response_norm(x, &response),
        response_norm_gradient(x, x, &response),
        contrast_norm(x, &contrast),
        contrast_norm_gradient(x, x, &contrast),
        affine(x, &scale, &scale),
        relu(x),
        tanh(x),
        clip(x, -0.5, 0.5),
        softmax(x),
    ]
}

fn bits(results: &[Tensor]) -> Vec<Vec<u64>> {
    results.iter().map(|t| to_f64s(t).into_iter().map(f64::to_bits).collect()).collect()
}

#[test]
fn one_two_and_four_threads_give_the_same_bytes_in_both_precisions() {
    let x = noise(&mut seeded(32, "images"), &[3, 16, 83, 79]);
    for x in [x.to_dtype(DType::F32).expect("a cast"), x] {
        let [one, two, four] = [1, 2, 4].map(|threads| {
            let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of threads");
            bits(&pool.install(|| all(&x)))
        });
        assert!(one == two && one == four);
    }
}

#[test]
fn an_image_alone_has_the_bytes_it_has_among_neighbors() {
    let x = noise(&mut seeded(33, "images"), &[3, 8, 33, 31]);
    let together = all(&x);
    for i in 0..3 {
        let image = |t: &Tensor| t.narrow(0, i, 1).expect("an image");
        let among: Vec<Tensor> = together.iter().map(image).collect();
        assert_eq!(bits(&all(&image(&x))), bits(&among), "image {i}");
    }
}
