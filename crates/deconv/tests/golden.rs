//! Projections beside those of an independent implementation in f64.

use core_net::Net;
use deconv::{Deconv, Seed, Unit};
use serde_json::Value;
use std::path::PathBuf;
use tensor::{DType, Tensor, Unpool, from_array, to_f64s};
use test_support::read_npy;

/// A net of the reference cases, with its images and its cases.
struct Golden {
    folder: PathBuf,
    net: Net,
    images: Tensor,
    spec: Value,
}

/// The reference nets, where they are at hand.
#[track_caller]
fn golden() -> Vec<Golden> {
    let Some(golden) = test_support::golden(&["deconv"]) else { return vec![] };
    let folders = golden.join("deconv").read_dir().expect("a folder");
    folders.map(|folder| read(folder.expect("a folder").path())).collect()
}

fn read(folder: PathBuf) -> Golden {
    let text = std::fs::read_to_string(folder.join("spec.json")).expect("the case's description");
    let images = from_array(&read_npy::<f32>(&folder.join("input.npy")));
    let net = onnx::read(&folder.join("model.onnx")).expect("the net");
    Golden { net, images, spec: serde_json::from_str(&text).expect("JSON"), folder }
}

impl Golden {
    /// The reference's array, f64; none where it would equal the one with sums.
    fn array(&self, name: &str) -> Option<Vec<f64>> {
        let path = self.folder.join(format!("{name}.npy"));
        path.is_file().then(|| read_npy(&path).into_iter().collect())
    }
}

/// The node of a case's operation; the description counts operations without the input.
fn node_of(case: &Value) -> usize {
    case["op_index"].as_u64().expect("a number") as usize + 1
}

/// The largest difference, as a part of the largest magnitude.
fn relative(ours: &Tensor, reference: &[f64]) -> f64 {
    let ours = to_f64s(ours);
    assert_eq!(ours.len(), reference.len());
    let largest = reference.iter().fold(f64::MIN_POSITIVE, |most, v| most.max(v.abs()));
    ours.iter().zip(reference).map(|(a, b)| (a - b).abs() / largest).fold(0.0, f64::max)
}

fn unit_of(case: &Value) -> Unit {
    let place: Vec<usize> = serde_json::from_value(case["unit"].clone()).expect("a place");
    Unit { channel: place[0], at: [place.get(1), place.get(2)].map(|at| at.copied().unwrap_or(0)) }
}

const WAYS: [(&str, Unpool); 2] = [("sum", Unpool::Sum), ("maxunpool", Unpool::Overwrite)];
const PRECISIONS: [(DType, f64); 2] = [(DType::F32, 1e-5), (DType::F64, 1e-12)];

#[test]
fn every_unit_of_the_reference_cases_projects_to_the_same_pixels() {
    for golden in golden() {
        for (dtype, tolerance) in PRECISIONS {
            let net = golden.net.to_dtype(dtype);
            let trace = net.forward(&golden.images.to_dtype(dtype).expect("a cast"));
            let (mut compared, mut worst) = (0, 0.0f64);
            for case in golden.spec["cases"].as_array().expect("cases") {
                let (number, image) = (&case["case"], case["image"].as_u64().expect("a number") as usize);
                let (node, unit) = (node_of(case), unit_of(case));
                for (name, unpool) in WAYS {
                    let name = format!("deconv_{:03}_{name}", number.as_u64().expect("a number"));
                    let Some(reference) = golden.array(&name) else { continue };
                    let deconv = Deconv { unpool, ..Deconv::default() };
                    let pixels = deconv.project(&net, &trace.image(image), node, Seed::Units(&[unit]));
                    worst = worst.max(relative(&pixels, &reference));
                    compared += 1;
                }
            }
            println!(
                "{}, {dtype:?}: {compared} projections, {worst:.1e} off at most",
                golden.folder.display()
            );
            assert!(compared > 20 && worst <= tolerance, "{compared} projections, {worst:e} off");
        }
    }
}

#[test]
fn whole_layers_of_the_reference_cases_project_to_the_same_pixels() {
    for golden in golden() {
        for (dtype, tolerance) in PRECISIONS {
            let net = golden.net.to_dtype(dtype);
            let trace = net.forward(&golden.images.to_dtype(dtype).expect("a cast"));
            for (name, unpool) in WAYS {
                let Some(reference) = golden.array(&format!("deconv_dense_{name}")) else { continue };
                let deconv = Deconv { unpool, ..Deconv::default() };
                let pixels = deconv.project(&net, &trace, node_of(&golden.spec["dense"]), Seed::Layer);
                let off = relative(&pixels, &reference);
                println!("{}, {dtype:?}, {name}: {off:.1e} off at most", golden.folder.display());
                assert!(off <= tolerance, "{name}: {off:e} off");
            }
        }
    }
}
