//! Attributions beside those of Captum's `Occlusion`, which `crates/cli/tests/cases/make_occlude.py` keeps.

use ndarray::Array3;
use occlusion::{Border, Engine, Fill, Occluder, Quantity, occluded_values, per_pixel};
use std::path::{Path, PathBuf};
use tensor::{DType, Tensor, from_array, to_f64s};
use test_support::read_npy;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../cli/tests/cases/files").join(name)
}

#[test]
fn the_attribution_of_pixels_is_captums() {
    let net = onnx::read(&file("occ_conv.onnx")).expect("the net").to_dtype(DType::F64);
    let images = from_array(&read_npy::<f32>(&file("occ_x.npy"))).to_dtype(DType::F64).expect("a cast");
    let expected: Array3<f32> =
        read_npy(&file("occ_pixels_logit.npy")).into_dimensionality().expect("images");
    let occluder =
        Occluder { size: [5, 5], stride: [4, 3], fill: Fill::Value(0.25), border: Border::Covering };
    let logit = |rows: &Tensor| to_f64s(rows).chunks_exact(5).map(|row| row[2]).collect();
    let quantity = Quantity::Function { node: net.output(), of: &logit };
    for engine in [Engine::Incremental, Engine::Full] {
        for (image, expected) in expected.outer_iter().enumerate() {
            let image = images.narrow(0, image, 1).expect("an image");
            let (clean, values) = occluded_values(&net, &image, &occluder, quantity, 0..20, engine);
            let found = per_pixel(&occluder, [16, 16], clean, &values);
            let off = found.iter().zip(expected).map(|(a, b)| (a - f64::from(*b)).abs()).fold(0.0, f64::max);
            assert!(off < 1e-6, "{engine:?}: {off}");
        }
    }
}
