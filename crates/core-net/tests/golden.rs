//! Activations and switches beside those of an independent implementation.

use core_net::{Builder, Net};
use ndarray::ArrayD;
use serde_json::Value;
use std::path::{Path, PathBuf};
use tensor::{Conv, DType, Pool, ResponseNorm, Rounding, Tensor, from_array, tensor_of, to_f64s, with_slice};
use test_support::{read_npy, relative_error};

/// The folder of one net's reference cases, if there is one.
fn golden(name: &str) -> Option<PathBuf> {
    let folder = format!("deconv/{name}");
    test_support::golden(&[&folder]).map(|golden| golden.join(folder))
}

fn sizes<const N: usize>(op: &Value, key: &str) -> [usize; N] {
    let sizes: Vec<usize> = serde_json::from_value(op[key].clone()).expect(key);
    sizes.try_into().expect(key)
}

fn zeros(shape: &[usize]) -> Tensor {
    tensor_of(vec![0.0f32; shape.iter().product()], shape)
}

/// The net of a spec.json, parameters 0.
fn built(spec: &Value) -> Net {
    let operations = spec["ops"].as_array().expect("operations");
    let start = Builder::new(&sizes::<3>(spec, "input"));
    let net = operations.iter().enumerate().fold(start, |net, (index, op)| with(net, index, op));
    net.build().expect("the reference net")
}

/// The net with operation `index` of the spec behind it.
fn with(net: Builder, index: usize, op: &Value) -> Builder {
    let number = |key: &str| op[key].as_f64().expect(key);
    let count = |key: &str| op[key].as_u64().expect(key) as usize;
    let padding = || {
        let [rows, columns] = sizes(op, "pad");
        [rows, columns, rows, columns]
    };
    let name = op["name"].as_str().map_or_else(|| index.to_string(), String::from);
    match op["op"].as_str().expect("a name") {
        "conv" => {
            let [height, width] = sizes(op, "k");
            let (outputs, groups) = (count("out"), count("groups"));
            let conv = Conv { stride: sizes(op, "stride"), padding: padding(), groups, ..Conv::default() };
            let weight = zeros(&[outputs, count("in") / groups, height, width]);
            net.conv(&name, weight, zeros(&[outputs]), conv)
        }
        "maxpool" => {
            let ceil = op["ceil_mode"].as_bool().expect("ceil_mode");
            let rounding = if ceil { Rounding::Ceil } else { Rounding::Floor };
            let [kernel, stride] = ["k", "stride"].map(|key| sizes(op, key));
            net.max_pool(&name, Pool { kernel, stride, padding: padding(), dilation: [1, 1], rounding })
        }
        "lrn" => {
            let [alpha, beta, kappa] = ["alpha", "beta", "kappa"].map(number);
            net.response_norm(&name, ResponseNorm { size: count("size"), alpha, beta, kappa })
        }
        "fc" => net.linear(&name, zeros(&[count("out"), count("in")]), zeros(&[count("out")])),
        "flatten" => net.flatten(&name),
        "relu" => net.relu(&name),
        other => panic!("the reference has an operation {other}"),
    }
}

/// Every activation within the tolerance and every switch; returns how many arrays were compared.
fn agrees(folder: &Path, dtype: DType, tolerance: f64) -> usize {
    let text = std::fs::read_to_string(folder.join("spec.json")).expect("spec.json");
    let spec: Value = serde_json::from_str(&text).expect("JSON");
    let net = built(&spec)
        .load(&folder.join("weights.safetensors"))
        .expect("the reference weights")
        .to_dtype(dtype);
    let images = from_array(&read_npy::<f32>(&folder.join("input.npy"))).to_dtype(dtype).expect("a cast");
    let trace = net.forward(&images);
    let mut compared = 0;
    for (index, op) in spec["ops"].as_array().expect("operations").iter().enumerate() {
        let kind = op["op"].as_str().expect("a name");
        let expected: ArrayD<f64> = read_npy(&folder.join(format!("act_{index:02}_{kind}.npy")));
        let (got, values) = (trace.activation(index + 1), expected.iter().copied().collect::<Vec<f64>>());
        assert_eq!(got.dims(), expected.shape());
        let error = relative_error(&to_f64s(got), &values);
        assert!(error < tolerance, "{} {index} {kind}: {error:e}", folder.display());
        compared += 1;
        if let Some(switches) = trace.switches(index + 1) {
            let expected: ArrayD<i32> = read_npy(&folder.join(format!("switch_{index:02}.npy")));
            let same = |got: &[u32]| {
                got.iter().zip(&expected).all(|(&got, &expected)| i64::from(got) == i64::from(expected))
            };
            assert_eq!(switches.dims(), expected.shape());
            assert!(with_slice::<u32, _>(switches, same), "{} switches {index}", folder.display());
            compared += 1;
        }
    }
    compared
}

#[test]
fn a_small_lenet_and_a_net_of_odd_sizes_response_norm_ceil_mode_and_padded_pools_agree_with_the_reference() {
    for name in ["c_mnist_fc", "d_odd_lrn_ceil_padpool"] {
        let Some(folder) = golden(name) else { continue };
        assert_eq!(agrees(&folder, DType::F64, 1e-12), 12, "{name}");
        assert_eq!(agrees(&folder, DType::F32, 1e-5), 12, "{name}");
    }
}
