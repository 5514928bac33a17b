//! Operator norms beside those of an independent implementation: a dense SVD of the unrolled convolution.

use adversarial::norms::{Boundary, Norm, operation_norm};
use core_net::Builder;
use safetensors::SafeTensors;
use serde_json::Value;
use std::path::Path;
use tensor::{Conv, Tensor, tensor_of};

/// A bound that is attained may lie below the reference's norm by so much, relatively.
const ROUNDING: f64 = 1e-12;

fn weight(path: &Path) -> Tensor {
    let bytes = std::fs::read(path).expect("a reference file");
    let file = SafeTensors::deserialize(&bytes).expect("safetensors");
    let (name, view) = file.tensors().pop().expect("a tensor");
    let is_weight = file.len() == 1 && name.ends_with("weight");
    assert!(is_weight, "{}: expected one weight, found {name}", path.display());
    let scalars = view.data().chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().expect("four bytes")));
    tensor_of(scalars.collect(), view.shape())
}

/// The norm of a reference case with each boundary.
fn norms(folder: &Path, case: &Value) -> [Norm; 2] {
    let size = |key: &str| case[key].as_u64().expect(key) as usize;
    let name = case["name"].as_str().expect("a name");
    let weight = weight(&folder.join(format!("{name}.safetensors")));
    assert_eq!(weight.dims(), [size("D"), size("C"), size("k"), size("k")]);
    let conv = Conv { stride: [size("stride"); 2], padding: [size("pad"); 4], ..Conv::default() };
    let net = Builder::new(&[size("C"), size("N"), size("N")]).conv("conv", weight, None, conv);
    let net = net.build().expect("a filter that fits");
    [Boundary::Circular, Boundary::Zero].map(|boundary| operation_norm(&net, 1, boundary))
}

#[test]
fn both_norms_and_that_of_the_reshaped_filters_are_the_reference_s() {
    let Some(golden) = test_support::golden(&["spectral"]) else { return };
    let folder = golden.join("spectral");
    let text = std::fs::read_to_string(folder.join("norms.json")).expect("the list of cases");
    let cases: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    assert!(!cases.is_empty());
    for case in &cases {
        let number = |key: &str| case[key].as_f64().expect(key);
        let [circular, zero] = norms(&folder, case);
        let near = |found: Option<f64>, key: &str, tolerance: f64| {
            let error = (found.expect("a norm") / number(key) - 1.0).abs();
            assert!(error < tolerance, "{} {key}: off by {error:e}", case["name"]);
        };
        near(circular.norm, "norm_circular", 1e-9);
        near(Some(circular.upper_bound), "norm_circular", 1e-9);
        near(zero.norm, "norm_zero", 1e-6);
        near(zero.reshaped, "reshaped_matrix_norm", 1e-9);
        let bounded = zero.upper_bound >= number("norm_zero") * (1.0 - ROUNDING);
        assert!(bounded, "{}: {zero:?}", case["name"]);
    }
}
