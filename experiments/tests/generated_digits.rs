//! The generated digits must be neither trivial nor hopeless: a stand-in for MNIST as far as errors go.

use core_net::zoo;
use datasets::Mnist;
use experiments::szegedy::errors;
use training::{Classification, MiniBatch, Trainer};

#[test]
fn a_deep_net_errs_on_one_to_four_percent_of_the_generated_test_digits() {
    let Mnist { train, test, .. } = Mnist::generate(1, 60_000, 10_000);
    let objective = Classification { images: &train.images, labels: &train.labels };
    let settings =
        MiniBatch { epochs: 8, batch: 100, learning_rate: 5e-3, weight_decay: vec![6e-5, 6e-5, 6e-6] };
    let net = zoo::fully_connected(&[1, 28, 28], &[100, 100, 10], 1);
    let mut trainer = Trainer::new(net, &objective, settings, 1);
    let losses: Vec<f64> = trainer.by_ref().map(|epoch| epoch.loss).collect();
    assert!(losses.last() < losses.first(), "{losses:?}");
    let errors = errors(&trainer.into_net(), &test);
    println!("{errors} of {} test errors", test.len());
    assert!((100..=400).contains(&errors), "{errors} of 10000");
}
