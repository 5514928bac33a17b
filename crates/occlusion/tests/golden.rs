//! Occlusion maps beside those of an independent implementation in f64.
//!
//! The reference cases are looked for beside the project; where they are absent the test says so.

use ndarray::{Array, IxDyn};
use occlusion::{Engine, Fill, Occluder, SensitivityMaps, SensitivityTarget, sensitivity_maps};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tensor::{DType, Tensor, tensor_of};

/// The reference's folders, where they are at hand.
fn folders() -> Vec<PathBuf> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/golden/deconv");
    let Ok(folders) = std::fs::read_dir(&golden) else {
        eprintln!("skipped: no reference cases in {}", golden.display());
        return vec![];
    };
    folders.map(|folder| folder.expect("a folder").path()).collect()
}

fn images(folder: &Path) -> Tensor {
    let images: Array<f32, IxDyn> = ndarray_npy::read_npy(folder.join("input.npy")).expect("images");
    tensor_of(images.iter().copied().collect(), images.shape())
}

/// A reference array; classes are integers.
fn array(folder: &Path, name: &str) -> Vec<f64> {
    let path = folder.join(format!("{name}.npy"));
    if let Ok(array) = ndarray_npy::read_npy::<_, Array<f64, IxDyn>>(&path) {
        return array.iter().copied().collect();
    }
    let array: Array<i32, IxDyn> = ndarray_npy::read_npy(&path).expect("an array of f64 or i32");
    array.iter().map(|&class| f64::from(class)).collect()
}

fn number(case: &Value, key: &str) -> usize {
    case[key].as_u64().unwrap_or_else(|| panic!("a number for {key} in {case}")) as usize
}

fn largest_difference(ours: &[f64], reference: &[f64]) -> f64 {
    assert_eq!(ours.len(), reference.len());
    let largest = reference.iter().fold(f64::MIN_POSITIVE, |most, v| most.max(v.abs()));
    ours.iter().zip(reference).map(|(a, b)| (a - b).abs() / largest).fold(0.0, f64::max)
}

/// Where the reference's net classifies nothing, only the activity is compared.
fn check(folder: &Path, b: usize, maps: &SensitivityMaps, classifies: bool, tolerance: f64) {
    let of = |name: &str| array(folder, &format!("occ_{b}_{name}"));
    let close = |name: &str, map: &[f64]| {
        let difference = largest_difference(map, &of(name));
        assert!(difference <= tolerance, "{} {b}: {name} differs by {difference:e}", folder.display());
    };
    close("fmsum", &maps.activity);
    if classifies {
        close("prob", &maps.probability);
        assert_eq!(maps.class.iter().map(|&class| class as f64).collect::<Vec<_>>(), of("argmax"));
    }
}

#[test]
fn both_engines_leave_the_references_maps() {
    for folder in folders() {
        let text = std::fs::read_to_string(folder.join("spec.json")).expect("the case's description");
        let spec: Value = serde_json::from_str(&text).expect("JSON");
        let (net, images) = (onnx::read(&folder.join("model.onnx")).expect("the net"), images(&folder));
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
