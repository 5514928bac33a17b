//! Projections beside those of an independent implementation in f64.

use core_net::{Net, Trace};
use deconv::{Deconv, Seed, Unit};
use serde_json::Value;
use std::path::PathBuf;
use tensor::{DType, Tensor, Unpool, from_array, to_f64s};
use test_support::{read_npy, relative_error};

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

fn unit_of(case: &Value) -> Unit {
    let place: Vec<usize> = serde_json::from_value(case["unit"].clone()).expect("a place");
    Unit { channel: place[0], at: [place.get(1), place.get(2)].map(|at| at.copied().unwrap_or(0)) }
}

const WAYS: [(&str, Unpool); 2] = [("sum", Unpool::Sum), ("maxunpool", Unpool::Overwrite)];
const PRECISIONS: [(DType, f64); 2] = [(DType::F32, 1e-5), (DType::F64, 1e-12)];

#[test]
fn every_unit_and_whole_layers_of_the_reference_cases_project_to_the_same_pixels() {
    for golden in golden() {
        for (dtype, tolerance) in PRECISIONS {
            let net = golden.net.to_dtype(dtype);
            let trace = net.forward(&golden.images.to_dtype(dtype).expect("a cast"));
            let differences = |trace: &Trace, case: &Value, from: Seed, name: &str| {
                let difference = |(way, unpool): (&str, Unpool)| {
                    let reference = golden.array(&format!("deconv_{name}_{way}"))?;
                    let deconv = Deconv { unpool, ..Deconv::default() };
                    let pixels = deconv.project(&net, trace, node_of(case), from);
                    Some(relative_error(&to_f64s(&pixels), &reference))
                };
                WAYS.into_iter().filter_map(difference).collect::<Vec<f64>>()
            };
            let of_unit = |case: &Value| {
                let [number, image] = ["case", "image"].map(|key| case[key].as_u64().expect("a number"));
                let (trace, unit) = (trace.image(image as usize), unit_of(case));
                differences(&trace, case, Seed::Units(&[unit]), &format!("{number:03}"))
            };
            let cases = golden.spec["cases"].as_array().expect("cases");
            let units: Vec<f64> = cases.iter().flat_map(of_unit).collect();
            let layers = differences(&trace, &golden.spec["dense"], Seed::Layer, "dense");
            let worst = units.iter().chain(&layers).copied().fold(0.0, f64::max);
            let (compared, folder) = (units.len(), golden.folder.display());
            println!("{folder}, {dtype:?}: {compared} projections, {worst:.1e} off at most");
            assert!(compared > 20 && worst <= tolerance, "{folder}: {compared} projections, {worst:e} off");
        }
    }
}
