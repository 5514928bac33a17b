//! Occlusion maps beside those of an independent implementation in f64.

use ndarray::Array2;
use occlusion::{Engine, Fill, Occluder, SensitivityMaps, SensitivityTarget, sensitivity_maps};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tensor::{DType, from_array};
use test_support::{read_npy, relative_error};

/// The reference's folders, where they are at hand.
fn folders() -> Vec<PathBuf> {
    let Some(golden) = test_support::golden(&["deconv"]) else { return vec![] };
    let folders = golden.join("deconv").read_dir().expect("a folder");
    folders.map(|folder| folder.expect("a folder").path()).collect()
}

fn number(case: &Value, key: &str) -> usize {
    case[key].as_u64().unwrap_or_else(|| panic!("a number for {key} in {case}")) as usize
}

/// Where the reference's net classifies nothing, only the activity is compared.
fn check(folder: &Path, b: usize, maps: &SensitivityMaps, classifies: bool, tolerance: f64) {
    let path = |name: &str| folder.join(format!("occ_{b}_{name}.npy"));
    let close = |name: &str, map: &Array2<f64>| {
        let reference: Vec<f64> = read_npy(&path(name)).into_iter().collect();
        let difference = relative_error(map.as_slice().expect("row-major"), &reference);
        assert!(difference <= tolerance, "{} {b}: {name} differs by {difference:e}", folder.display());
    };
    close("fmsum", &maps.activity);
    if classifies {
        close("prob", &maps.probability);
        assert!(maps.class.iter().map(|&class| class as i32).eq(read_npy::<i32>(&path("argmax"))));
    }
}

#[test]
fn both_engines_leave_the_references_maps() {
    for folder in folders() {
        let text = std::fs::read_to_string(folder.join("spec.json")).expect("the case's description");
        let spec: Value = serde_json::from_str(&text).expect("JSON");
        let net = onnx::read(&folder.join("model.onnx")).expect("the net");
        let images = from_array(&read_npy::<f32>(&folder.join("input.npy")));
        let cases = spec["occlusion"].as_array().expect("cases");
        assert!(!cases.is_empty());
        for (b, case) in cases.iter().enumerate() {
            let image = images.narrow(0, number(case, "image"), 1).expect("an image");
            let occluder = Occluder {
                fill: Fill::Value(case["value"].as_f64().expect("a value")),
                ..Occluder::square(number(case, "patch"), number(case, "stride"))
            };
            let target = SensitivityTarget {
                class: case["class"].as_u64().unwrap_or(0) as usize,
                node: number(case, "featuremap_op") + 1,
                channel: number(case, "featuremap"),
            };
            for (dtype, tolerance) in [(DType::F32, 1e-5), (DType::F64, 1e-12)] {
                let (net, image) = (net.to_dtype(dtype), image.to_dtype(dtype).expect("a cast"));
                for engine in [Engine::Full, Engine::Incremental] {
                    let maps = sensitivity_maps(&net, &image, &occluder, target, engine);
                    check(&folder, b, &maps, case["class"].is_u64(), tolerance);
                }
            }
        }
    }
}
