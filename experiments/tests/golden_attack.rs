//! The attack against answers of an independent implementation: SciPy's L-BFGS-B and sequential quadratic programming.

use adversarial::{Attack, min_distortion, refine};
use core_net::{Net, zoo};
use datasets::{LabeledDigits, Mnist};
use serde_json::Value;
use std::path::Path;
use tensor::Tensor;

struct Case {
    net: Net,
    images: Tensor,
    targets: Vec<usize>,
    scipy: Vec<f64>,
    best_known: Vec<f64>,
}

fn case(golden: &Path, train: &LabeledDigits, name: &str, widths: &[usize]) -> Case {
    let weights = golden.join(format!("models/{name}.safetensors"));
    let net = zoo::fully_connected(&[1, 28, 28], widths, 0).load(&weights).expect("the reference weights");
    let json = |kind: &str| -> Value {
        let path = golden.join(format!("attack/{name}.{kind}.json"));
        let text = std::fs::read_to_string(path).expect("a reference file");
        // Where no distortion is needed c is written as Infinity, which JSON does not know.
        serde_json::from_str(&text.replace("Infinity", "null")).expect("JSON")
    };
    let (sq, best) = (json("sq"), json("best"));
    let indices: Vec<usize> = serde_json::from_value(sq["index"].clone()).expect("indices");
    let numbers = |value: &Value| serde_json::from_value(value.clone()).expect("numbers");
    Case {
        net,
        images: train.select(&indices).images,
        targets: serde_json::from_value(sq["target"].clone()).expect("targets"),
        scipy: numbers(&sq["dist"]),
        best_known: numbers(&best["best_dist"]),
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn the_average_is_at_most_scipys_and_after_refinement_the_best_known() {
    let Some(golden) = test_support::golden(&["attack", "models"]) else { return };
    let Some(data) = test_support::data(&["mnist"]) else { return };
    let mnist = Mnist::read(&data.join("mnist")).expect("MNIST");
    for (name, widths) in [("FC10_1e-2", &[10][..]), ("FC100-100-10", &[100, 100, 10])] {
        let case = case(&golden, &mnist.train, name, widths);
        let found = min_distortion(&case.net, &case.images, &case.targets, &Attack::default());
        let refined = refine(&case.net, &case.images, &case.targets, &found);
        assert!(
            found.iter().chain(&refined).all(adversarial::Outcome::is_found),
            "{name}: every target is reached"
        );
        let distortion = |outcomes: &[adversarial::Outcome]| {
            mean(&outcomes.iter().map(|outcome| outcome.attempt().distortion).collect::<Vec<_>>())
        };
        let (ratio, after) =
            (distortion(&found) / mean(&case.scipy), distortion(&refined) / mean(&case.best_known));
        println!("{name}: {ratio:.5} of SciPy's, refined {after:.5} of the best known");
        assert!(ratio <= 1.0, "{name}: {ratio} of SciPy's");
        assert!(after <= 1.002, "{name}: {after} of the best known");
    }
}
