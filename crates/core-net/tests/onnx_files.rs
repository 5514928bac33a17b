//! Nets from ONNX files compute what those who wrote the files compute.

use core_net::{Net, onnx};
use ndarray::ArrayD;
use std::path::{Path, PathBuf};
use tensor::{DType, Tensor, tensor_of, to_f64s};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn npy<T: ndarray_npy::ReadableElement + tensor::Real>(path: &Path) -> Tensor {
    let array: ArrayD<T> =
        ndarray_npy::read_npy(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let shape = array.shape().to_vec();
    tensor_of(array.into_iter().collect(), &shape)
}

/// The largest difference, relative to the largest expected value.
fn difference(got: &Tensor, expected: &Tensor) -> f64 {
    assert_eq!(got.dims(), expected.dims());
    let (got, expected) = (to_f64s(got), to_f64s(expected));
    let largest = expected.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
    let worst = got.iter().zip(&expected).map(|(g, e)| (g - e).abs()).fold(0.0, f64::max);
    worst / largest
}

#[track_caller]
fn assert_close(name: &str, got: &Tensor, expected: &Tensor, tolerance: f64) {
    let difference = difference(got, expected);
    assert!(difference <= tolerance, "{name}: a relative difference of {difference:e}");
}

fn net(path: &Path) -> Net {
    onnx::read(path).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn torchvision_s_nets_give_pytorch_s_logits_from_every_exporter_and_opset() {
    let folder = fixtures().join("nets");
    let images = npy::<f32>(&folder.join("images.npy"));
    let mut files = 0;
    for file in files_with("onnx", &folder) {
        let stem = file.file_stem().and_then(|stem| stem.to_str()).expect("a name");
        let expected = npy::<f32>(&folder.join(format!("{}.npy", stem.split('_').next().expect("a net"))));
        let net = net(&file);
        assert_close(stem, net.forward(&images).output(), &expected, 1e-5);
        assert_close(stem, &net.forward(&images).output(), &expected, 1e-5);
        files += 1;
    }
    assert_eq!(files, 12);
}

fn files_with(extension: &str, folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == extension));
    files.sort();
    files
}

#[test]
fn every_operator_computes_what_the_reference_evaluator_does() {
    let folder = fixtures().join("operators");
    let mut failed = Vec::new();
    let files = files_with("onnx", &folder);
    assert_eq!(files.len(), 73);
    for file in files {
        let expected = file.with_extension("npy");
        let net = match onnx::read(&file) {
            Ok(net) => net,
            Err(error) => {
                failed.push(error.to_string());
                continue;
            }
        };
        let input = if net.nodes()[0].shape.len() == 1 { "rows.npy" } else { "maps.npy" };
        let x = npy::<f32>(&folder.join(input));
        let (x, expected) = if file.ends_with("conv_in_double.onnx") {
            (x.to_dtype(DType::F64).expect("a cast"), npy::<f64>(&expected))
        } else {
            (x, npy::<f32>(&expected))
        };
        let output = net.forward(&x).output().clone();
        if output.dims() != expected.dims() {
            failed.push(format!("{}: {:?} {:?}", file.display(), output.dims(), expected.dims()));
        } else if difference(&output, &expected) > 1e-5 {
            failed.push(format!("{}: {}", file.display(), difference(&output, &expected)));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
