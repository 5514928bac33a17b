//! The same bytes for any number of threads: a forward pass, an output, a signal pulled back and within its window, filters' gradients.

use core_net::{Region, gradient, parameter_gradients, pull_back, pull_back_within, zoo};
use rayon::ThreadPoolBuilder;
use tensor::{DType, Tensor, cross_entropy, gather, normal, seeded, to_f64s};

/// All results for a batch, on so many threads.
fn results(threads: usize, images: &Tensor) -> Vec<Vec<f64>> {
    let net = zoo::untrained("squeezenet1_1", 6, [63, 63], 1);
    let compute = || {
        let trace = net.forward(images);
        let signal = cross_entropy(trace.output(), &vec![2; images.dims()[0]]).1;
        let node = net.index_of("fire5").expect("a fire module");
        let unit =
            trace.activation(node).narrow(2, 1, 1).and_then(|row| row.narrow(3, 2, 1)).expect("a unit");
        let (within, _) = pull_back_within(&net, &trace, node, &unit, Region::unit(1, 2), gradient);
        let gradients = parameter_gradients(&net, &trace, vec![(net.output(), signal.clone())]);
        let pulled = pull_back(&net, &trace, net.output(), signal, gradient);
        let mut results = vec![net.output_of(images), trace.output().clone(), pulled, within];
        results.extend(gradients.into_iter().flatten());
        results.iter().map(to_f64s).collect()
    };
    ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of threads").install(compute)
}

fn images() -> Tensor {
    normal(&mut seeded(2, "images"), &[5, 3, 63, 63], 1.0, DType::F32)
}

#[test]
fn every_result_has_the_same_bytes_on_one_two_and_four_threads() {
    let one = results(1, &images());
    assert_eq!(one.len(), 4 + 52);
    for threads in [2, 4] {
        assert!(results(threads, &images()) == one, "{threads} threads");
    }
}

#[test]
fn an_image_s_results_have_the_same_bytes_alone_and_among_others() {
    let together = results(2, &images());
    let alone = results(2, &gather(&images(), &[3]));
    for (together, alone) in together.iter().zip(&alone).take(4) {
        assert_eq!(together[3 * alone.len()..][..alone.len()], alone[..]);
    }
}
