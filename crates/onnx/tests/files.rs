//! Nets from ONNX files compute what those who wrote the files compute.

use core_net::Net;
use std::path::{Path, PathBuf};
use tensor::{DType, Tensor, from_array, to_f64s};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn npy<T: ndarray_npy::ReadableElement + tensor::Real>(path: &Path) -> Tensor {
    from_array(&test_support::read_npy::<T>(path))
}

#[track_caller]
fn assert_close(name: &str, got: &Tensor, expected: &Tensor, tolerance: f64) {
    assert_eq!(got.dims(), expected.dims());
    let difference = test_support::relative_error(&to_f64s(got), &to_f64s(expected));
    assert!(difference <= tolerance, "{name}: a relative difference of {difference:e}");
}

fn net(path: &Path) -> Net {
    onnx::read(path).unwrap_or_else(|error| panic!("{error}"))
}

fn onnx_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "onnx"));
    files.sort();
    files
}

fn stem(file: &Path) -> &str {
    file.file_stem().and_then(|stem| stem.to_str()).expect("a name")
}

#[test]
fn torchvision_s_nets_give_pytorch_s_logits_from_every_exporter_and_opset() {
    let folder = fixtures().join("nets");
    let images = npy::<f32>(&folder.join("images.npy"));
    let files = onnx_files(&folder);
    assert_eq!(files.len(), 12);
    for file in files {
        let stem = stem(&file);
        let expected = npy::<f32>(&folder.join(format!("{}.npy", stem.split('_').next().expect("a net"))));
        let net = net(&file);
        assert_close(stem, net.forward(&images).output(), &expected, 1e-5);
        assert_close(stem, &net.output_of(&images), &expected, 1e-5);
    }
}

#[test]
fn activations_inside_are_found_by_the_file_s_names_for_them() {
    let folder = fixtures().join("nets");
    let images = npy::<f32>(&folder.join("images.npy"));
    for (file, node, activation) in [
        ("alexnet_opset9", "/features/features.4/Relu", "alexnet.features.4"),
        ("alexnet_opset20_dynamo", "node_relu_1", "alexnet.features.4"),
        ("squeezenet_opset13", "/features/features.6/Concat", "squeezenet.features.6"),
        ("squeezenet_opset21_dynamo", "node_cat_2", "squeezenet.features.6"),
        ("resnet18_opset17", "/layer2/layer2.0/relu_1/Relu", "resnet18.layer2.0"),
        ("resnet18_opset9_batch_norm", "/layer2/layer2.0/relu_1/Relu", "resnet18.layer2.0"),
    ] {
        let net = net(&folder.join(format!("{file}.onnx")));
        let index = net.index_of(node).unwrap_or_else(|| panic!("{file}: no node {node}"));
        let expected = npy::<f32>(&folder.join(format!("{activation}.npy")));
        assert_close(file, net.forward(&images).activation(index), &expected, 1e-5);
    }
}

#[test]
fn every_operator_computes_what_the_reference_does() {
    let folder = fixtures().join("operators");
    let files = onnx_files(&folder);
    assert_eq!(files.len(), 73);
    for file in files {
        let (net, expected) = (net(&file), file.with_extension("npy"));
        let input = if net.nodes()[0].shape.len() == 1 { "rows.npy" } else { "maps.npy" };
        let x = npy::<f32>(&folder.join(input));
        if stem(&file) == "conv_in_double" {
            let x = x.to_dtype(DType::F64).expect("a cast in memory");
            assert_close("conv_in_double", &net.output_of(&x), &npy::<f64>(&expected), 1e-14);
        } else {
            assert_close(stem(&file), &net.output_of(&x), &npy::<f32>(&expected), 1e-5);
        }
    }
}

#[test]
fn the_reference_cases_give_every_activation() {
    let cases = ["deconv/c_mnist_fc", "deconv/d_odd_lrn_ceil_padpool"];
    let Some(golden) = test_support::golden(&cases) else { return };
    for case in cases {
        let folder = golden.join(case);
        let net = net(&folder.join("model.onnx"));
        let images = npy::<f32>(&folder.join("input.npy"));
        // In f64 what remains is the file's alpha, 1e-4 rounded to f32.
        for (dtype, tolerance) in [(DType::F32, 1e-5), (DType::F64, 1e-11)] {
            let cast = |tensor: Tensor| tensor.to_dtype(dtype).expect("a cast in memory");
            let trace = net.to_dtype(dtype).forward(&cast(images.clone()));
            for (index, node) in net.nodes().iter().enumerate().skip(1) {
                let operation = node.name.strip_prefix('n').expect("n00_conv and on");
                let expected = cast(npy::<f64>(&folder.join(format!("act_{operation}.npy"))));
                assert_close(&node.name, trace.activation(index), &expected, tolerance);
            }
        }
    }
}
